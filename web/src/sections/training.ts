import { emptyFigure } from "../charts/figure";
import { timeFigure } from "../charts/time";
import { brokenAt, lossAt, runningMean, type Point } from "../data/curves";
import type { Run } from "../data/records";
import { el } from "../dom";
import { count, metric, quantity } from "../format";
import type { ViewState } from "../state";
import { trend } from "./trend";

/** How the training went, on one time axis. */
export function trainingSection(run: Run, repaired: Run | null, state: ViewState): HTMLElement {
  if (run.steps.length === 0) {
    return el(
      "section",
      { class: "wide", "aria-label": "Training" },
      emptyFigure(
        "Loss over the steps",
        "No step was recorded: the run ended before its first one. ",
        el("code", {}, "gradflow train"),
        " records every step.",
      ),
    );
  }
  const title = timeTitle(run, repaired);
  return el(
    "section",
    { class: "wide", "aria-label": "Training" },
    timeFigure(run, repaired, state, title, title),
    el(
      "p",
      { class: "hint" },
      "Drag to pan, Ctrl and wheel (or the bar) to zoom; the other pictures over steps follow.",
    ),
  );
}

function timeTitle(run: Run, repaired: Run | null): string {
  const broken = brokenAt(run);
  if (broken !== null) return `Loss is ${lossAt(run, broken)} from step ${count(broken)} on`;
  const loss = trend("Loss", losses(run), quantity) + leap(run);
  if (repaired) return `${loss}; ${trend("repaired, it", losses(repaired), quantity)}`;
  const judged = run.evaluations.filter((e) => e.split === "validation");
  if (run.header.plan.lossPer === "character" && judged.length > 0)
    return `${loss}; validation ends at ${quantity(judged.at(-1)!.loss / Math.LN2)} bits-per-character`;
  const name = run.header.plan.metricName;
  const reached = judged.filter((e) => e.metric !== undefined).at(-1)?.metric;
  return name && reached !== undefined ? `${loss}; validation ${name} ends at ${metric(reached, name)}` : loss;
}

// A leap by two decades that the running mean's ends don't tell of.
function leap(run: Run): string {
  const known = run.steps.filter((s) => Number.isFinite(s.loss));
  const peak = known.reduce((most, s) => (s.loss > most.loss ? s : most), known[0]!);
  const usual = Math.max(Math.abs(known[0]!.loss), Math.abs(known.at(-1)!.loss));
  return peak.loss > 100 * usual ? `, with a leap to ${quantity(peak.loss)} at step ${count(peak.step)}` : "";
}

const losses = (run: Run): Point[] => runningMean(run.steps.map((s): Point => [s.step, s.loss]));
