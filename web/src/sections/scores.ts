import type { Evaluation, Run } from "../data/records";
import { el } from "../dom";
import { metric, quantity } from "../format";
import { dataTable, inNumbers, inWords } from "../table";

const names: Record<string, string> = { test: "test", validation: "validation", train: "training", pretraining: "pre-training" };

/** How well a net does that no gradient has trained; it has no step to draw. */
export function scoresSection(run: Run): HTMLElement {
  const { baselineLoss, chanceMetric, metricName } = run.header.plan;
  const judged = run.evaluations.filter((evaluation) => evaluation.metric !== undefined).length > 0;
  const rows = [...new Map(run.evaluations.map((evaluation) => [evaluation.split, evaluation])).values()];
  const loss = inNumbers<Evaluation>("loss", (row) => quantity(row.loss));
  const score = inNumbers<Evaluation>(metricName ?? "metric", (row) =>
    row.metric === undefined ? "" : metric(row.metric, metricName),
  );
  const guess = [
    baselineLoss === undefined ? "" : `loss ${quantity(baselineLoss)}`,
    chanceMetric === undefined || !metricName ? "" : `${metricName} ${metric(chanceMetric, metricName)}`,
  ].filter((text) => text !== "");
  return el(
    "section",
    { class: "wide", "aria-label": "Scores" },
    el("h2", {}, "How well it does"),
    dataTable([inWords<Evaluation>("data", (row) => names[row.split] ?? row.split), loss, ...(judged ? [score] : [])], rows),
    guess.length > 0 ? el("p", { class: "hint" }, `A constant prediction has ${guess.join(" and ")}.`) : null,
    el("p", { class: "hint" }, "No step was planned, so there are no gradients and no training to draw."),
  );
}
