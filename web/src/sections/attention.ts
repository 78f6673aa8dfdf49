import { emptyFigure } from "../charts/figure";
import { overTrainingFigure, type TrainingLine } from "../charts/overTraining";
import type { Run } from "../data/records";
import { el } from "../dom";
import { plural, share } from "../format";
import type { ViewState } from "../state";

/** A head below this share of the largest entropy looks at one key alone. */
const collapsed = 0.05;

/** How widely the heads of attention layers look over the training; null where the net has none. */
export function attentionSection(run: Run, state: ViewState): HTMLElement | null {
  const layers = run.header.structure.attentions ?? [];
  if (layers.length === 0) return null;
  const known = run.frames.some((frame) => frame.attention?.some((layer) => layer));
  return el(
    "section",
    { class: "wide time", "aria-label": "Attention" },
    known
      ? [
          el("h3", {}, titleOf(run)),
          el("p", { class: "hint" }, "A line per head: the entropy of its weights as a share of the largest."),
          el("div", { class: "trio" }, layers.map((_, i) => layerFigure(run, i, state))),
        ]
      : emptyFigure(
          "How widely attention looks",
          "The entropy of the weights that queries give to keys was not recorded. ",
          el("code", {}, "gradflow train"),
          " and ",
          el("code", {}, "gradflow doctor"),
          " record it; in a log it is the field ",
          el("code", {}, "attention"),
          ".",
        ),
  );
}

function titleOf(run: Run): string {
  const last = run.frames.filter((frame) => frame.attention).at(-1)!.attention!;
  const heads = last.flatMap((layer) => layer?.entropyShare ?? []).filter(Number.isFinite);
  const few = heads.filter((own) => own < collapsed).length;
  if (few > 0) return `${plural(few, "head")} of ${heads.length} look${few === 1 ? "s" : ""} at one key alone`;
  const [least, most] = [share(Math.min(...heads), 0), share(Math.max(...heads), 0)];
  return `Attention's heads keep ${least === most ? least : `${least} to ${most}`} of the entropy they could have`;
}

function layerFigure(run: Run, index: number, state: ViewState): HTMLElement {
  const { name, heads } = run.header.structure.attentions![index]!;
  const line = (head: number): TrainingLine => ({
    name: `head ${head + 1}`,
    color: "run",
    width: 1.2,
    points: run.frames.flatMap((frame) => {
      const own = frame.attention?.[index]?.entropyShare[head];
      return own === undefined ? [] : [[frame.step, own]];
    }),
  });
  return overTrainingFigure(
    {
      title: name,
      label: `${name}: entropy of its heads over the training`,
      lines: Array.from({ length: heads }, (_, head) => line(head)),
      write: (value) => share(value),
      level: { at: collapsed, text: "one key alone" },
      isShare: true,
      hasKey: false,
    },
    state,
  );
}
