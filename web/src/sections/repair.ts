import { emptyFigure } from "../charts/figure";
import { keyEntry } from "../charts/key";
import { trialFigure } from "../charts/trial";
import type { Repair, Run, Trial } from "../data/records";
import { el, type Content } from "../dom";
import { count, decades, metric, plural, quantity } from "../format";
import { remedyName } from "../words";

interface Group { remedy: string; kind: string; role: string; forks: Trial[]; controls: Trial[]; isChosen: boolean }

const mean = (values: (number | undefined)[]): number | undefined => {
  const known = values.filter((v) => v !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, v) => sum + v, 0) / known.length;
};

/** The trials beside their controls, ranked, and the change that was kept. */
export function repairSections(run: Run): HTMLElement[] {
  const { repair } = run;
  if (!repair || repair.status === "not-needed") {
    const isHealthy = repair !== undefined || run.diagnosis?.verdict.kind === "healthy";
    return [el("section", { class: "wide", "aria-label": "Trials" }, emptyFigure("Trials",
      isHealthy ? "Nothing had to be repaired, so no remedy was tried." : ["No remedy was tried. ", el("code", {}, "gradflow doctor FILE"), " tries the known ones on short forks and keeps what measurably works."]))];
  }
  return [trialsSection(run, repair), changeSection(repair)].filter((section) => section !== null);
}

function trialsSection(run: Run, repair: Repair): HTMLElement {
  const groups = groupsOf(repair);
  const ceiling = ceilingOf(repair.trials);
  const name = run.header.plan.metricName;
  return el("section", { class: "wide trials", "aria-label": "Trials" },
    el("h2", {}, titleOf(groups, name)),
    el("p", { class: "key" },
      keyEntry("line", "healthy", "the remedy kept"), keyEntry("line", "ink-soft", "other remedies"), keyEntry("line", "control", "the untouched control"),
      `training loss over the steps of short forks; the number is the validation ${repair.trials.some((t) => t.metric !== undefined) ? name ?? "metric" : "loss"} reached`),
    el("p", { class: "quiet small" }, `${plural(repair.trials.length, "fork")}, ${plural(repair.cost.steps, "step")} in all, ${quantity(repair.cost.timesOneTraining)} times the training as given.`),
    el("div", { class: "multiples" }, groups.filter((g) => g.role !== "control").map((group) => panelOf(group, ceiling, name))),
    rankedTable(groups, name),
    el("details", { class: "numbers" }, el("summary", {}, "Every fork"), forkTable(repair.trials, name)));
}

function groupsOf(repair: Repair): Group[] {
  const groups = new Map<string, Group>();
  const chosen = repair.chosen.join("+");
  for (const trial of repair.trials) {
    const id = `${trial.role} ${trial.kind} ${trial.remedy}`;
    const group = groups.get(id) ?? {
      remedy: trial.remedy, kind: trial.kind, role: trial.role, forks: [], isChosen: trial.role !== "control" && trial.remedy === chosen,
      controls: repair.trials.filter((t) => t.role === "control" && t.kind === trial.kind),
    };
    group.forks.push(trial);
    groups.set(id, group);
  }
  return [...groups.values()];
}

// Forks that explode would flatten all others; the start of a training is a good measure of what matters.
function ceilingOf(trials: Trial[]): number {
  const starts = trials.map((t) => t.curveLoss[0]).filter((v) => v !== undefined && Number.isFinite(v)).sort((a, b) => a! - b!);
  const all = trials.flatMap((t) => t.curveLoss).filter((v) => Number.isFinite(v));
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  const middle = starts[Math.floor(starts.length / 2)] ?? most;
  return roundUp(Math.min(most, 1.5 * middle) || 1);
}

function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8].find((n) => n * unit >= value) ?? 10) * unit;
}

function titleOf(groups: Group[], name: string | undefined): string {
  const kept = groups.find((g) => g.isChosen);
  if (!kept) return "None of the remedies tried beat the control";
  const [a, b] = [mean(kept.forks.map((t) => t.metric)), mean(kept.controls.map((t) => t.metric))];
  const gain = a !== undefined && b !== undefined
    ? `${metric(a, name)} ${name ?? ""} against the control's ${metric(b, name)}`
    : `a loss of ${quantity(mean(kept.forks.map((t) => t.loss)))} against the control's ${quantity(mean(kept.controls.map((t) => t.loss)))}`;
  return `In short trials, ${remedyName(kept.remedy)} reaches ${gain}`;
}

function panelOf(group: Group, ceiling: number, name: string | undefined): HTMLElement {
  const reached = mean(group.forks.map((t) => t.metric)) ?? mean(group.forks.map((t) => t.loss));
  const value = group.forks.some((t) => t.metric !== undefined) ? metric(reached, name) : quantity(reached);
  const title = remedyName(group.remedy);
  const figure = trialFigure([el("span", {}, title, roleNote(group)), el("span", { class: "num" }, value)],
    `${title}: ${value}`, group.forks, group.controls, ceiling, group.isChosen);
  if (group.isChosen) figure.classList.add("chosen");
  return figure;
}

const roleNote = (group: Group): Content => (group.role === "random" ? el("span", { class: "quiet" }, " · drawn at random") : null);

function rankedTable(groups: Group[], name: string | undefined): HTMLElement {
  return el("div", { class: "scroll" }, el("table", { class: "ranked" },
    el("caption", {}, "Ranked on validation data; means over the seeds"),
    el("thead", {}, el("tr", {}, el("th", { class: "num" }, ""), el("th", {}, "remedy"), el("th", {}, "from"), el("th", {}, "seeds"),
      el("th", { class: "num" }, "loss"), el("th", { class: "num" }, name ?? "metric"), el("th", { class: "num" }, "decades / layer"))),
    el("tbody", {}, groups.map((g, i) => el("tr", { class: g.role === "control" ? "control" : g.isChosen ? "chosen" : "" },
      el("td", { class: "num quiet" }, `${i + 1}`),
      el("td", {}, remedyName(g.remedy), roleNote(g), g.isChosen ? el("span", { class: "tag" }, "kept") : null),
      el("td", {}, originOf(g.kind)), el("td", {}, g.forks.map((t) => t.seed).join(", ")),
      el("td", { class: "num" }, quantity(mean(g.forks.map((t) => t.loss)))),
      el("td", { class: "num" }, measured(mean(g.forks.map((t) => t.metric)), (v) => metric(v, name))),
      el("td", { class: "num" }, measured(mean(g.forks.map((t) => t.decadesPerLayer)), decades)))))));
}

const originOf = (kind: string): string => (kind === "continue" ? "the sick state" : kind === "restart" ? "the start" : kind);

const measured = (value: number | undefined, format: (v: number) => string): string => (value === undefined ? "–" : format(value));

function forkTable(trials: Trial[], name: string | undefined): HTMLElement {
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["remedy", "role", "from"].map((h) => el("th", {}, h)),
      ["seed", "steps", "loss", name ?? "metric", "decades / layer"].map((h) => el("th", { class: "num" }, h)))),
    el("tbody", {}, trials.map((t) => el("tr", {}, el("td", {}, remedyName(t.remedy)), el("td", {}, t.role), el("td", {}, originOf(t.kind)),
      [String(t.seed), count(t.steps), quantity(t.loss), measured(t.metric, (v) => metric(v, name)), measured(t.decadesPerLayer, decades)]
        .map((v) => el("td", { class: "num" }, v)))))));
}

function changeSection(repair: Repair): HTMLElement | null {
  if (repair.changes.length === 0) return null;
  return el("section", { class: "wide", id: "change", "aria-label": "What changed" },
    el("h2", {}, "What changed"),
    el("p", { class: "quiet" }, repair.file ? ["The repaired experiment is ", el("code", {}, repair.file), "; it runs with ", el("code", {}, `gradflow train ${repair.file}`), "."] : null),
    el("div", { class: "diff scroll", role: "group", "aria-label": "Changes of the experiment file", tabindex: 0 },
      repair.changes.map((c) => el("div", { class: "change" }, el("p", { class: "path" }, c.path), lines(c.before, "−", "del"), lines(c.after, "+", "ins")))));
}

function lines(text: string, sign: string, tag: "del" | "ins"): Content {
  return text === "" ? null : text.split("\n").map((line) => el(tag, {}, el("span", { class: "sign" }, sign), line));
}
