import type { Outcome, Repair, Run } from "../data/records";
import { counterpart, judgedProfile, mainTimeLayer, memoryHorizon, slopeOfLayer, slopeThroughTime } from "../data/lags";
import { keptTrial } from "../data/trials";
import { el, type Content } from "../dom";
import { capital, count, decades, metric, quantity } from "../format";
import { remedyName } from "../words";
import { explained } from "./terms";

const kinds = { healthy: "Healthy", sick: "Sick", inconclusive: "Inconclusive" };

/** The verdict with its numbers, what the repair did, and before beside after. */
export function verdictSection(run: Run, repaired: Run | null): HTMLElement {
  const known = new Set<string>();
  return el(
    "section",
    { class: "verdict", id: "content", "aria-label": "Verdict" },
    el("div", { class: "says" }, verdictText(run, known), repairText(run, known)),
    beforeAfter(run, repaired),
  );
}

function verdictText(run: Run, known: Set<string>): Content {
  const verdict = run.diagnosis?.verdict;
  if (!verdict) {
    return [
      el("h1", {}, "This run has not been judged."),
      el(
        "p",
        { class: "lead" },
        "Judge it with ",
        el("code", {}, "gradflow diagnose RUN"),
        ", which also says where a decay comes from.",
      ),
    ];
  }
  const label = kinds[verdict.kind];
  const sentence = verdict.sentence.replace(new RegExp(`^${label}[:.]\\s*`, "i"), "");
  const end = sentence.search(/[.!]\s+(?=[A-Z])/);
  const [first, rest] = end < 0 ? [sentence, ""] : [sentence.slice(0, end + 1), sentence.slice(end + 1).trim()];
  return [
    el(
      "h1",
      {},
      el("span", { class: `mark ${verdict.kind}`, "aria-hidden": "true" }),
      el("span", { class: "kind" }, `${label}: `),
      explained(
        first.replace(/^(The|It|Its|A|An|No|Nothing|Too) /, (word) => word.toLowerCase()),
        known,
      ),
    ),
    rest ? el("p", { class: "lead" }, explained(capital(rest), known)) : null,
    verdict.nextToRecord.some((what) => !verdict.sentence.includes(what))
      ? el("p", { class: "lead" }, `To decide it, record ${verdict.nextToRecord.join(", ")}.`)
      : null,
  ];
}

function repairText(run: Run, known: Set<string>): Content {
  const { repair } = run;
  if (!repair || repair.status === "not-needed") return null;
  return el(
    "p",
    { class: "lead" },
    explained(repairSentence(repair), known),
    " ",
    repair.changes.length > 0 ? el("a", { href: "#change", class: "link" }, "What changed") : null,
  );
}

/** The sentence with the remedy named as everywhere else on the page. */
function repairSentence(repair: Repair): string {
  const kept = keptTrial(repair);
  return kept === "" ? repair.sentence : repair.sentence.replace(kept.replaceAll("+", " + "), () => remedyName(kept));
}

function beforeAfter(run: Run, repaired: Run | null): Content {
  const { repair } = run;
  if (!repair?.after) return null;
  const { before, after } = repair;
  const name = run.header.plan.metricName;
  const row = (label: string, read: (o: Outcome) => number | undefined, format: (v: number) => string): Content =>
    rowOf(label, read(before), read(after), format);
  return el(
    "table",
    { class: "before-after" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", {}, ""),
        el("th", { class: "num", scope: "col" }, "as given"),
        el("th", { class: "num after", scope: "col" }, "repaired"),
      ),
    ),
    el(
      "tbody",
      {},
      row(
        `${name ?? "metric"}, validation`,
        (o) => o.metric,
        (v) => metric(v, name),
      ),
      row(
        `${name ?? "metric"}, test`,
        (o) => o.testMetric,
        (v) => metric(v, name),
      ),
      row("loss, validation", (o) => o.loss, quantity),
      row("bits-per-character, validation", (o) => o.bitsPerCharacter, quantity),
      row("bits-per-character, test", (o) => o.testBitsPerCharacter, quantity),
      timeRows(run, repaired) ?? row("decades per layer, at the start", (o) => o.decadesPerLayer, decades),
      row("steps", (o) => o.steps, count),
    ),
  );
}

function rowOf(
  label: string,
  before: number | undefined,
  after: number | undefined,
  format: (v: number) => string,
): Content {
  if (before === undefined && after === undefined) return null;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, label),
    el("td", { class: "num" }, before === undefined ? "–" : format(before)),
    el("td", { class: "num after" }, after === undefined ? "–" : format(after)),
  );
}

// Where the gradient travels through time, that is what the repair had to change; null in other nets.
function timeRows(run: Run, repaired: Run | null): Content {
  const layer = mainTimeLayer(run);
  if (!layer || layer.profiles.length === 0) return null;
  const other = counterpart(run, layer, repaired);
  const profiles = [judgedProfile(run, layer), other && repaired ? judgedProfile(repaired, other) : undefined];
  const after = profiles[1] && slopeThroughTime(profiles[1]);
  const [memory, its] = profiles.map((p) => p && (memoryHorizon(p) ?? Infinity));
  return [
    rowOf("decades per time step", slopeOfLayer(run, layer) ?? undefined, after ?? undefined, decades),
    rowOf("memory, time steps", memory, its, (v) => (v === Infinity ? "to the last" : count(v))),
  ];
}
