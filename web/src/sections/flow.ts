import { depthFigure, depthTable } from "../charts/depth";
import { emptyFigure } from "../charts/figure";
import { heatFigure } from "../charts/heatmap";
import { flowOf, layersOf, normAt, normFrames, slopeOfRun } from "../data/flow";
import type { Run } from "../data/records";
import { el, type Content } from "../dom";
import { count, decades, unbroken } from "../format";
import type { ViewState } from "../state";
import { measuredAtStart } from "../words";
import { playButton } from "./play";
import { numbers } from "./numbers";

/** Where the gradient goes: over depth, and over depth and time. */
export function flowSection(run: Run, repaired: Run | null, state: ViewState): HTMLElement {
  if (normFrames(run).length === 0 || layersOf(run).length < 2) {
    return el(
      "section",
      { class: "wide", "aria-label": "Gradient against depth" },
      emptyFigure(
        "Gradient norm against depth",
        "No gradient norms per layer were recorded. ",
        el("code", {}, "gradflow train"),
        " and ",
        el("code", {}, "gradflow doctor"),
        " record them; from other frameworks, log each layer's gradient norm in the JSON-lines form.",
      ),
    );
  }
  const title = depthTitle(run);
  const heatTitle = heatTitleOf(run);
  return el(
    "section",
    { class: "pair", "aria-label": "Gradient against depth and time" },
    el(
      "div",
      {},
      depthFigure(run, repaired, state, title, title),
      el(
        "div",
        { class: "below" },
        forecastScore(run),
        numbers(() => depthTable(run, repaired)),
      ),
    ),
    el("div", {}, heatFigure(run, state, heatTitle, heatTitle), el("div", { class: "below" }, playButton(run, state))),
  );
}

function forecastScore(run: Run): Content {
  const { forecast } = run;
  if (!forecast) return null;
  const measured = forecast.measuredDecadesPerLayer;
  return el(
    "p",
    { class: "hint" },
    unbroken(forecast.sentence),
    measured !== undefined ? ` ${measuredAtStart(run)}: ${decades(measured)} decades per layer.` : null,
  );
}

function depthTitle(run: Run): string {
  const slope = slopeOfRun(run);
  if (slope === null) return "Gradient norm against depth";
  if (flowOf(run) === "flows") return `Gradient norm stays within ${decades(spread(run), 1)} decades across all layers`;
  const size = decades(Math.abs(slope));
  return slope < 0
    ? `Gradient norm falls ${size} decades per layer on its way back`
    : `Gradient norm grows ${size} decades per layer on its way back`;
}

// The largest distance between two layers of one frame.
function spread(run: Run): number {
  const layers = layersOf(run);
  return normFrames(run).reduce((most, frame) => {
    const norms = layers
      .map((layer) => normAt(frame, layer))
      .filter((v): v is number => v !== null && Number.isFinite(v));
    return norms.length === 0 ? most : Math.max(most, Math.max(...norms) - Math.min(...norms));
  }, 0);
}

function heatTitleOf(run: Run): string {
  const layers = layersOf(run);
  const first = layers[0]!;
  const last = layers.at(-1)!;
  const frames = normFrames(run);
  const zero = frames.find((frame) => normAt(frame, first) === -Infinity);
  if (zero) return `Layer ${count(first.depth)} receives exactly 0 from step ${count(zero.step)} on`;
  const gaps = frames
    .map((frame) => (normAt(frame, first) ?? NaN) - (normAt(frame, last) ?? NaN))
    .filter((gap) => Number.isFinite(gap));
  const start = gaps[0];
  const end = gaps.at(-1);
  if (start === undefined || end === undefined) return "Gradient norm by layer and step";
  const name = `Layer ${count(first.depth)}`;
  const size = (gap: number): string => decades(Math.abs(gap), 1);
  const side = (gap: number): string => (gap < 0 ? "below" : "above");
  if (Math.max(Math.abs(start), Math.abs(end)) < 1) return `${name} stays within a decade of the last layer`;
  if (Math.abs(end - start) < 0.15 * Math.abs(start))
    return `${name} stays ${size(end)} decades ${side(end)} the last layer`;
  const from = side(start) === side(end) ? size(start) : `${size(start)} ${side(start)}`;
  return `${name} goes from ${from} to ${size(end)} decades ${side(end)} the last layer`;
}
