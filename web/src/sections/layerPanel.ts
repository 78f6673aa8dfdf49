import { layersOf, nameOfLayer, normAt, normFrames } from "../data/flow";
import type { Run, Value } from "../data/records";
import { el, replace } from "../dom";
import { count, power, quantity, share } from "../format";
import type { ViewState } from "../state";

/** What is known of the pinned layer, at the foot of the window until it is let go. */
export function layerPanel(run: Run, state: ViewState): HTMLElement {
  const panel = el("aside", { class: "layer-panel", "aria-live": "polite", "aria-label": "Pinned layer" });
  panel.hidden = true;
  state.subscribe((view, key) => {
    if (key !== "pinned") return;
    panel.hidden = view.pinned === null;
    if (view.pinned !== null) fill(panel, run, state, view.pinned);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") state.set("pinned", null);
  });
  return panel;
}

function fill(panel: HTMLElement, run: Run, state: ViewState, depth: number): void {
  const rows = factsOf(run, depth);
  replace(
    panel,
    el("strong", {}, nameOfLayer(layersOf(run), depth)),
    el(
      "dl",
      {},
      rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    el(
      "button",
      { type: "button", "aria-label": "Let go of the layer", onclick: () => state.set("pinned", null) },
      "×",
    ),
  );
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
