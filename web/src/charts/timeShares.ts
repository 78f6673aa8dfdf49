import type { TimeShare } from "../data/lags";
import { el } from "../dom";
import { perStep } from "../format";

/** Decades over all lags, a factor of two, below which the longest bar doesn't fill its place. */
const smallestScale = 0.3;

/** What each part of a recurrent layer does to the gradient per time step, less to the left and more to the right. */
export function shareTable(shares: TimeShare[], lags: number): HTMLElement {
  const finite = shares.filter((s) => Number.isFinite(s.decades));
  const most = Math.max(...finite.map((s) => Math.abs(s.decades)), smallestScale / lags);
  const isMixed = finite.some((s) => s.decades < 0) && finite.some((s) => s.decades > 0);
  const sum = shares.reduce((all, s) => all + s.decades, 0);
  return el(
    "table",
    { class: "totals through-time" },
    el("caption", {}, "Decades per time step"),
    el(
      "tbody",
      {},
      shares.map(({ name, kind, decades: d }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, name),
          el("td", { class: "bars" }, bar(kind, d, most, isMixed)),
          el("td", { class: "num" }, perStep(d)),
        ),
      ),
    ),
    el(
      "tfoot",
      {},
      el("tr", {}, el("th", { scope: "row" }, "together"), el("td", {}), el("td", { class: "num" }, perStep(sum))),
    ),
  );
}

function bar(kind: string, value: number, most: number, isMixed: boolean): HTMLElement {
  const filled = el("span", { class: isMixed ? `bar ${value < 0 ? "less" : "more"}` : "bar", "aria-hidden": "true" });
  const share = Number.isFinite(value) ? Math.abs(value) / most : 1;
  filled.style.width = `${(isMixed ? 50 : 100) * share}%`;
  filled.style.setProperty("--c", `var(--kind-${kind})`);
  return isMixed ? el("span", { class: "balance" }, filled) : filled;
}
