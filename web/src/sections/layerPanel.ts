import { layersOf, nameOfLayer, normAt, normFrames } from "../data/flow";
import { leftAt, timeLayersOf } from "../data/lags";
import type { Run, Value } from "../data/records";
import { el, replace } from "../dom";
import { count, plural, power, quantity, share } from "../format";
import type { ViewState } from "../state";

/** What is known of the pinned layer or lag, at the foot of the window until it is let go. */
export function layerPanel(run: Run, state: ViewState): HTMLElement {
  const panel = el("aside", { class: "layer-panel", "aria-live": "polite", "aria-label": "Pinned" });
  panel.hidden = true;
  state.subscribe(({ pinned, pinnedLag }, key) => {
    if (key !== "pinned" && key !== "pinnedLag") return;
    panel.hidden = pinned === null && pinnedLag === null;
    if (pinned !== null) fill(panel, state, nameOfLayer(layersOf(run), pinned), factsOf(run, pinned));
    else if (pinnedLag !== null) fill(panel, state, `${plural(pinnedLag, "time step")} back`, lagFacts(run, pinnedLag));
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") state.unpin();
  });
  return panel;
}

function fill(panel: HTMLElement, state: ViewState, title: string, rows: [string, string][]): void {
  replace(
    panel,
    el("strong", {}, title),
    el(
      "dl",
      {},
      rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    el("button", { type: "button", "aria-label": "Let go of it", onclick: () => state.unpin() }, "×"),
  );
}

// Of each recurrent layer, what is left of the gradient at that lag when first and last recorded.
function lagFacts(run: Run, lag: number): [string, string][] {
  return timeLayersOf(run).flatMap(({ info, profiles }) => {
    const ends = profiles.length > 1 ? [profiles[0]!, profiles.at(-1)!] : profiles;
    return ends.flatMap((p): [string, string][] => {
      const left = leftAt(p, lag);
      return left === null ? [] : [[`${info.name}, step ${count(p.step)}`, `${power(left, 2)} of lag 0`]];
    });
  });
}

function factsOf(run: Run, depth: number): [string, string][] {
  const layer = layersOf(run).find((l) => l.depth === depth);
  const frames = normFrames(run);
  const facts: [string, string][] = [];
  const first = frames[0];
  const last = frames.at(-1);
  if (layer && first && last) {
    facts.push([`gradient norm, step ${count(first.step)}`, power(normAt(first, layer), 2)]);
    if (last !== first) facts.push([`step ${count(last.step)}`, power(normAt(last, layer), 2)]);
  }
  const { signals, parameters } = run.header.structure;
  const detailed = run.frames.filter((f) => f.forward || f.parameters).at(-1);
  const add = (name: string, values: Value[] | undefined, index: number, format: (v: number) => string): void => {
    const value = values?.[index];
    if (value !== undefined && value !== null) facts.push([name, format(value)]);
  };
  signals.forEach((signal, i) => {
    if (signal.layer !== depth) return;
    add(`${signal.type} rms`, detailed?.forward?.rms, i, quantity);
    add(`${signal.type} saturated`, detailed?.forward?.saturatedShare, i, share);
    add(`${signal.type} dead`, detailed?.forward?.deadShare, i, share);
  });
  parameters.forEach((parameter, i) => {
    if (parameter.layer !== depth || parameter.role !== "weight") return;
    add("weight norm", detailed?.parameters?.weightNorm, i, quantity);
    add("update ratio", detailed?.parameters?.updateRatio, i, quantity);
  });
  return facts;
}
