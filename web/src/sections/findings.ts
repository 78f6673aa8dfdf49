import { layersOf } from "../data/flow";
import type { Confirmation, Finding, Run } from "../data/records";
import { el, type Content } from "../dom";
import { capital, count, decades, perStep, power, quantity, share } from "../format";
import type { ViewState } from "../state";
import { causeName, evidenceName, remedyName, ruleTitle, ruleWhy } from "../words";
import { explained } from "./terms";

/** What the rules found, gravest first: what, where, since when, evidence, why, what to do, how sure. */
export function findingsSection(run: Run, state: ViewState): HTMLElement {
  const findings = run.diagnosis?.findings ?? [];
  const known = new Set<string>();
  return el(
    "section",
    { class: "wide findings", "aria-label": "Findings" },
    el(
      "h2",
      {},
      findings.length === 0
        ? emptyTitle(run)
        : findings.length === 1
          ? "One finding"
          : `${findings.length} findings, gravest first`,
    ),
    findings.length === 0 ? el("p", { class: "quiet" }, emptyText(run)) : null,
    findings.map((finding) => findingOf(run, finding, state, known)),
  );
}

const emptyTitle = (run: Run): string => (run.diagnosis ? "No findings" : "Findings");

function emptyText(run: Run): string {
  if (!run.diagnosis) return "The rules have not judged this run yet; gradflow diagnose does.";
  return run.diagnosis.verdict.kind === "inconclusive"
    ? "Too little was recorded for the rules to decide."
    : "The rules found nothing that keeps this training from learning.";
}

function findingOf(run: Run, finding: Finding, state: ViewState, known: Set<string>): HTMLElement {
  return el(
    "article",
    { class: `finding ${finding.severity}` },
    el(
      "div",
      { class: "what" },
      el("h3", {}, ruleTitle(finding.rule)),
      el(
        "p",
        { class: "quiet" },
        el("span", { class: "severity" }, finding.severity),
        ` · since step ${count(finding.sinceStep)}`,
      ),
      whereOf(run, finding, state),
    ),
    el(
      "div",
      { class: "why" },
      el("p", {}, explained(finding.explanation, known)),
      el("p", { class: "quiet" }, ruleWhy(finding.rule)),
      el(
        "dl",
        { class: "facts" },
        fact("Cause", capital(causeName(finding))),
        finding.remedies.length > 0 ? fact("What to do", remediesOf(run, finding)) : null,
        fact("How sure", confirmationText(finding.confirmation)),
      ),
    ),
    evidenceOf(finding),
  );
}

const fact = (name: string, content: Content): Content => [el("dt", {}, name), el("dd", {}, content)];

function whereOf(run: Run, finding: Finding, state: ViewState): Content {
  const { where } = finding;
  if (!where) return el("p", { class: "quiet" }, "the whole net");
  const text = where.first === where.last ? where.first : `${where.first} to ${where.last}`;
  const layer = layersOf(run).find((l) => l.name === where.first);
  return el(
    "p",
    {},
    layer
      ? el(
          "button",
          {
            type: "button",
            class: "link",
            title: "Mark it in every picture",
            onclick: () => state.togglePin(layer.depth),
          },
          text,
        )
      : text,
  );
}

function remediesOf(run: Run, finding: Finding): Content {
  const chosen = run.repair?.chosen ?? [];
  return finding.remedies.flatMap((id, i) => [
    i > 0 ? ", " : null,
    chosen.includes(id) ? el("strong", { title: "Part of the repair" }, remedyName(id)) : remedyName(id),
  ]);
}

function confirmationText(confirmation: Confirmation | undefined): string {
  if (!confirmation) return "Not tested: gradflow doctor changes the cause alone and measures again.";
  const { status, intervention, quantity: name, before, after } = confirmation;
  if (before !== undefined && !Number.isFinite(before) && Object.is(before, after)) {
    const what = name ? evidenceName(name) : "it";
    return `Not confirmed: ${what} stayed ${quantity(before)} (${intervention ?? "no change"}).`;
  }
  if (status === "unconfirmed" && !intervention) return "Unconfirmed: there was nothing that could be changed to test it.";
  const measured =
    name && before !== undefined && after !== undefined
      ? `: ${evidenceName(name)} went from ${evidenceValue(name, before)} to ${evidenceValue(name, after)}`
      : "";
  const how = status === "unconfirmed" ? "Not confirmed" : capital(status);
  return `${how}${intervention ? ` by an experiment (${intervention})` : ""}${measured}.`;
}

function evidenceOf(finding: Finding): Content {
  const entries = Object.entries(finding.evidence);
  if (entries.length === 0) return null;
  return el(
    "table",
    { class: "evidence" },
    el("caption", {}, "Evidence"),
    el(
      "tbody",
      {},
      entries.map(([name, value]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, evidenceName(name)),
          el("td", { class: "num" }, evidenceValue(name, value)),
        ),
      ),
    ),
  );
}

function evidenceValue(name: string, value: number): string {
  if (name === "ratioFirstToLast") return power(value);
  if (/decades/i.test(name)) return name.endsWith("PerStep") ? perStep(value) : decades(value);
  if (/log/i.test(name)) return power(value);
  if (/share|accuracy|lift/i.test(name)) return share(value);
  return quantity(value);
}
