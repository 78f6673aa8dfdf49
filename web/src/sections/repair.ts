import { emptyFigure } from "../charts/figure";
import { keyEntry } from "../charts/key";
import { trialFigure } from "../charts/trial";
import type { Repair, Run, Trial } from "../data/records";
import { ceilingOf, groupsOf, medianDecades, medianLoss, medianMetric, type Group } from "../data/trials";
import { el, type Content } from "../dom";
import { count, decades, metric, plural, quantity } from "../format";
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
  const ceiling = ceilingOf(repair.trials);
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
      `${quantity(timesOneTraining)} times the training as given.`,
    ),
    el(
      "div",
      { class: "multiples" },
      groups.filter((g) => g.role !== "control").map((group) => panelOf(group, ceiling, name)),
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

function panelOf(group: Group, ceiling: number, name: string | undefined): HTMLElement {
  const reached = medianMetric(group.forks) ?? medianLoss(group.forks);
  const value = group.forks.some((t) => t.metric !== undefined) ? metric(reached, name) : quantity(reached);
  const title = remedyName(group.remedy);
  const figure = trialFigure(
    [el("span", {}, title, roleNote(group)), el("span", { class: "num" }, value)],
    `${title}: ${value}`,
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
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      { class: "ranked" },
      el("caption", {}, "Ranked on validation data; medians over the seeds"),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { class: "num" }, ""),
          el("th", {}, "remedy"),
          el("th", {}, "from"),
          el("th", {}, "seeds"),
          el("th", { class: "num" }, "loss"),
          el("th", { class: "num" }, name ?? "metric"),
          hasDecades ? el("th", { class: "num" }, "decades / layer") : null,
        ),
      ),
      el(
        "tbody",
        {},
        groups.map((g, i) =>
          el(
            "tr",
            { class: g.role === "control" ? "control" : g.isChosen ? "chosen" : "" },
            el("td", { class: "num quiet" }, `${i + 1}`),
            el("td", {}, remedyName(g.remedy), roleNote(g), g.isChosen ? el("span", { class: "tag" }, "kept") : null),
            el("td", {}, originOf(g.kind)),
            el("td", {}, g.forks.map((t) => t.seed).join(", ")),
            el("td", { class: "num" }, quantity(medianLoss(g.forks))),
            el(
              "td",
              { class: "num" },
              measured(medianMetric(g.forks), (v) => metric(v, name)),
            ),
            hasDecades ? el("td", { class: "num" }, measured(medianDecades(g.forks), decades)) : null,
          ),
        ),
      ),
    ),
  );
}

const originOf = (kind: string): string =>
  kind === "continue" ? "the sick state" : kind === "restart" ? "the start" : kind;

const measured = (value: number | undefined, format: (v: number) => string): string =>
  value === undefined ? "–" : format(value);

function forkTable(trials: Trial[], name: string | undefined): HTMLElement {
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["remedy", "role", "from"].map((h) => el("th", {}, h)),
          ["seed", "steps", "loss", name ?? "metric", "decades / layer"].map((h) => el("th", { class: "num" }, h)),
        ),
      ),
      el(
        "tbody",
        {},
        trials.map((t) =>
          el(
            "tr",
            {},
            el("td", {}, remedyName(t.remedy)),
            el("td", {}, t.role),
            el("td", {}, originOf(t.kind)),
            [
              String(t.seed),
              count(t.steps),
              quantity(t.loss),
              measured(t.metric, (v) => metric(v, name)),
              measured(t.decadesPerLayer, decades),
            ].map((v) => el("td", { class: "num" }, v)),
          ),
        ),
      ),
    ),
  );
}
