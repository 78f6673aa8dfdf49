import { attributionFigure, kindTotals } from "../charts/attribution";
import { emptyFigure } from "../charts/figure";
import { keyEntry } from "../charts/key";
import { attributionOf, totalsByKind, type PartShare } from "../data/flow";
import { isThroughTime } from "../data/lags";
import type { Run } from "../data/records";
import { el, type Content } from "../dom";
import { count, decades, share } from "../format";
import type { ViewState } from "../state";
import { dataTable, inNumbers, inWords } from "../table";
import { kindNames } from "../words";
import { beyondHint } from "./beyond";
import { numbers } from "./numbers";

/** Where the decay or growth comes from, part by part. */
export function attributionSection(run: Run, state: ViewState): HTMLElement {
  const shares = attributionOf(run);
  if (shares.length === 0) {
    return el(
      "section",
      { class: "wide", "aria-label": "Attribution" },
      emptyFigure(
        "Where the decay comes from",
        "Gains of single layers were not recorded, so the decay can't be split. ",
        el("code", {}, "gradflow doctor"),
        " measures them.",
      ),
    );
  }
  const title = titleOf(shares);
  const figure = attributionFigure(run, shares, state, title, title);
  figure.querySelector("figcaption")!.append(
    el(
      "p",
      { class: "key" },
      totalsByKind(shares).map(({ kind }) => keyEntry("box", `kind-${kind}`, kindNames[kind])),
      "decades per part; the parts sum to the whole",
    ),
  );
  return el(
    "section",
    { class: "attribution", "aria-label": "Attribution" },
    el(
      "div",
      {},
      figure,
      beyondHealthy(run, shares),
      numbers(() => table(shares)),
    ),
    el("div", {}, kindTotals(shares), sinceStart(run, shares)),
  );
}

// The forecast speaks of the first step alone, where the sum over the same links may be another.
function sinceStart(run: Run, shares: PartShare[]): Content {
  const start = run.forecast?.measuredTotalDecades;
  const sum = shares.reduce((all, s) => all + s.decades, 0);
  if (start === undefined || !Number.isFinite(start) || decades(start) === decades(sum)) return null;
  return el("p", { class: "hint" }, `On average over the steps that were judged; ${decades(start)} at step 0.`);
}

function beyondHealthy(run: Run, shares: PartShare[]): Content {
  const top = totalsByKind(shares)[0]?.kind;
  return top ? beyondHint(run.diagnosis?.findings.filter((f) => !isThroughTime(f)) ?? [], top) : null;
}

function titleOf(shares: PartShare[]): string {
  const totals = totalsByKind(shares.filter((s) => Number.isFinite(s.decades)));
  const top = totals[0];
  const sum = totals.reduce((all, t) => all + t.decades, 0);
  if (!top || Math.abs(sum) < 1) return `Across all layers the gradient changes by only ${decades(sum)} decades`;
  const change = sum < 0 ? "decay" : "growth";
  if (top.decades / sum < 0 || top.decades / sum > 1.005) {
    return `${decades(top.decades)} decades come from ${kindNames[top.kind]}; all parts together give ${decades(sum)}`;
  }
  const part = `${share(top.decades / sum, 0)} of the ${change} comes from ${kindNames[top.kind]}`;
  return `${part}: ${decades(top.decades)} of ${decades(sum)} decades`;
}

const table = (shares: PartShare[]): HTMLElement =>
  dataTable<PartShare>(
    [
      inNumbers("layer", (s) => count(s.depth)),
      inWords("part", (s) => s.link),
      inWords("kind", (s) => kindNames[s.kind]),
      inWords("block", (s) => s.block ?? ""),
      inNumbers("decades", (s) => decades(s.decades)),
    ],
    shares,
  );
