import { emptyFigure } from "../charts/figure";
import { keyEntry } from "../charts/key";
import { trialFigure } from "../charts/trial";
import type { Repair, Run, Trial } from "../data/records";
import { ceilingOf, groupsOf, medianDecades, medianLoss, medianMetric, type Group } from "../data/trials";
import { el, type Content } from "../dom";
import { count, decades, metric, plural, quantity } from "../format";
import { dataTable, inNumbers, inWords, type Column } from "../table";
import { remedyName } from "../words";
import { changeSection } from "./change";

/** The trials beside their controls, ranked, and the change that was kept. */
export function repairSections(run: Run): HTMLElement[] {
  const { repair } = run;
  if (!repair || repair.status === "not-needed") {
    const isHealthy = repair !== undefined || run.diagnosis?.verdict.kind === "healthy";
    return [
      el(
        "section",
        { class: "wide", "aria-label": "Trials" },
        emptyFigure(
          "Trials",
          isHealthy
            ? "Nothing had to be repaired, so no remedy was tried."
            : [
                "No remedy was tried. ",
                el("code", {}, "gradflow doctor FILE"),
                " tries the known ones on short forks and keeps what measurably works.",
              ],
        ),
      ),
    ];
  }
  return [trialsSection(run, repair), changeSection(repair)].filter((section) => section !== null);
}

function trialsSection(run: Run, repair: Repair): HTMLElement {
  const groups = groupsOf(repair);
  const ceiling = ceilingOf(groups);
  const remedies = groups.filter((group) => group.role !== "control");
  const isTwice = ({ remedy, kind }: Group): boolean => remedies.some((g) => g.remedy === remedy && g.kind !== kind);
  const name = run.header.plan.metricName;
  const judgedBy = repair.trials.some((t) => t.metric !== undefined) ? (name ?? "metric") : "loss";
  const { steps, timesOneTraining } = repair.cost;
  return el(
    "section",
    { class: "wide trials", "aria-label": "Trials" },
    el("h2", {}, titleOf(groups, name)),
    el(
      "p",
      { class: "key" },
      keyEntry("line", "healthy", "the remedy kept"),
      keyEntry("line", "ink-soft", "other remedies"),
      keyEntry("line", "control", "the untouched control"),
      `training loss over the steps of short forks; the number is the validation ${judgedBy} reached`,
    ),
    el(
      "p",
      { class: "quiet small" },
      `${plural(repair.trials.length, "fork")}, ${plural(steps, "step")} in all, `,
      `${quantity(timesOneTraining)} times one full training as given.`,
    ),
    el(
      "div",
      { class: "multiples" },
      remedies.map((group) => panelOf(group, isTwice(group) ? ` · from ${originOf(group.kind)}` : "", ceiling, name)),
    ),
    rankedTable(groups, name),
    el("details", { class: "numbers" }, el("summary", {}, "Every fork"), forkTable(repair.trials, name)),
  );
}

function titleOf(groups: Group[], name: string | undefined): string {
  const kept = groups.find((g) => g.isChosen);
  if (!kept) return "None of the remedies tried beat the control";
  const metrics = [kept.forks, kept.controls].map(medianMetric);
  const losses = [kept.forks, kept.controls].map((trials) => quantity(medianLoss(trials)));
  const gain = metrics.every((m) => m !== undefined)
    ? `${metric(metrics[0], name)} ${name ?? ""} against the control's ${metric(metrics[1], name)}`
    : `a loss of ${losses[0]} against the control's ${losses[1]}`;
  return `In short trials, ${remedyName(kept.remedy)} reaches ${gain}`;
}

function panelOf(group: Group, origin: string, ceiling: number, name: string | undefined): HTMLElement {
  const reached = medianMetric(group.forks) ?? medianLoss(group.forks);
  const value = group.forks.some((t) => t.metric !== undefined) ? metric(reached, name) : quantity(reached);
  const title = remedyName(group.remedy);
  const figure = trialFigure(
    [
      el("span", {}, title, el("span", { class: "quiet" }, origin), roleNote(group)),
      el("span", { class: "num" }, value),
    ],
    `${title}${origin}: ${value}`,
    group.forks,
    group.controls,
    ceiling,
    group.isChosen,
  );
  if (group.isChosen) figure.classList.add("chosen");
  return figure;
}

const roleNote = (group: Group): Content =>
  group.role === "random" ? el("span", { class: "quiet" }, " · drawn at random") : null;

function rankedTable(groups: Group[], name: string | undefined): HTMLElement {
  const hasDecades = groups.some((g) => medianDecades(g.forks) !== undefined);
  const columns: Column<Group>[] = [
    inNumbers("", (_, i) => el("span", { class: "quiet" }, `${i + 1}`)),
    inWords("remedy", (g) => [
      remedyName(g.remedy),
      roleNote(g),
      g.isChosen ? el("span", { class: "tag" }, "kept") : null,
    ]),
    inWords("from", (g) => originOf(g.kind)),
    inWords("seeds", (g) => g.forks.map((t) => t.seed).join(", ")),
    inNumbers("loss", (g) => quantity(medianLoss(g.forks))),
    inNumbers(name ?? "metric", (g) => measured(medianMetric(g.forks), (v) => metric(v, name))),
    ...(hasDecades
      ? [inNumbers<Group>("decades / layer", (g) => measured(medianDecades(g.forks), decades))]
      : []),
  ];
  return dataTable(columns, groups, {
    class: "ranked",
    caption: "Ranked on validation data; medians over the seeds",
    rowClass: (g) => (g.role === "control" ? "control" : g.isChosen ? "chosen" : ""),
  });
}

const originOf = (kind: string): string =>
  kind === "continue" ? "the sick state" : kind === "restart" ? "the start" : kind;

const measured = (value: number | undefined, format: (v: number) => string): string =>
  value === undefined ? "–" : format(value);

function forkTable(trials: Trial[], name: string | undefined): HTMLElement {
  return dataTable<Trial>(
    [
      inWords("remedy", (t) => remedyName(t.remedy)),
      inWords("role", (t) => t.role),
      inWords("from", (t) => originOf(t.kind)),
      inNumbers("seed", (t) => String(t.seed)),
      inNumbers("steps", (t) => count(t.steps)),
      inNumbers("loss", (t) => quantity(t.loss)),
      inNumbers(name ?? "metric", (t) => measured(t.metric, (v) => metric(v, name))),
      inNumbers("decades / layer", (t) => measured(t.decadesPerLayer, decades)),
    ],
    trials,
  );
}
