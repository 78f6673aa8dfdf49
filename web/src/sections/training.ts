import { emptyFigure } from "../charts/figure";
import { timeFigure } from "../charts/time";
import { brokenAt, runningMean, type Point } from "../data/curves";
import type { Run } from "../data/records";
import { el } from "../dom";
import { count, metric, quantity } from "../format";
import type { ViewState } from "../state";

/** How the training went, on one time axis. */
export function trainingSection(run: Run, repaired: Run | null, state: ViewState): HTMLElement {
  if (run.steps.length === 0) {
    return el("section", { class: "wide", "aria-label": "Training" }, emptyFigure("Loss over the steps",
      "No step was recorded: the run ended before its first one. ", el("code", {}, "gradflow train"), " records every step."));
  }
  const title = timeTitle(run);
  return el("section", { class: "wide", "aria-label": "Training" },
    timeFigure(run, repaired, state, title, title),
    el("p", { class: "hint" }, "Drag to pan, Ctrl and wheel (or the bar) to zoom; the map of layers follows."));
}

function timeTitle(run: Run): string {
  const losses = runningMean(run.steps.map((s): Point => [s.step, s.loss]));
  const parts = [trend("Loss", losses, quantity)];
  const name = run.header.plan.metricName;
  const metrics = run.evaluations.flatMap((e): Point[] => (e.split === "validation" && e.metric !== undefined ? [[e.step, e.metric]] : []));
  if (name && metrics.length > 0) parts.push(`validation ${name} ${quantityOfEnd(metrics, name)}`);
  const broken = brokenAt(run);
  if (broken !== null) return `Loss is ${run.nonFinite?.kind === "inf" ? "infinite" : "NaN"} from step ${count(broken)} on`;
  return parts.join("; ");
}

const quantityOfEnd = (points: Point[], name: string): string => `ends at ${metric(points.at(-1)![1], name)}`;

function trend(name: string, points: Point[], format: (v: number) => string): string {
  const start = points[0]?.[1], end = points.at(-1)?.[1];
  if (start === undefined || end === undefined) return `${name} over the steps`;
  if (Math.abs(end - start) < 0.03 * Math.abs(start)) return `${name} stays at ${format(end)}`;
  return `${name} ${end < start ? "falls" : "rises"} from ${format(start)} to ${format(end)}`;
}
