import { evenly } from "../charts/lag";
import { slopeThroughTime, type Profile, type TimeLayer } from "../data/lags";
import { el } from "../dom";
import { count, decades } from "../format";

/** What is left of the gradient by lag as a table, for those who want every number. */
export function lagTable(layer: TimeLayer, repaired: TimeLayer | undefined): HTMLElement {
  const columns = [
    ...evenly(layer.profiles, 2).map((p) => [`step ${count(p.step)}`, p] as const),
    ...evenly(repaired?.profiles ?? [], 2).map((p) => [`repaired, step ${count(p.step)}`, p] as const),
  ];
  const lags = Math.max(...columns.map(([, p]) => p.lagNorms.length));
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      {},
      el(
        "caption",
        {},
        "log₁₀ of the gradient's norm by lag. ",
        `Decades per time step: ${columns.map(([, p]) => decades(slopeThroughTime(p))).join(", ")}.`,
      ),
      el(
        "thead",
        {},
        el("tr", {}, el("th", { class: "num" }, "lag"), columns.map(([name]) => el("th", { class: "num" }, name))),
      ),
      el(
        "tbody",
        {},
        Array.from({ length: lags }, (_, lag) =>
          el("tr", {}, el("td", { class: "num" }, count(lag)), columns.map(([, p]) => cell(p, lag))),
        ),
      ),
    ),
  );
}

function cell(profile: Profile, lag: number): HTMLElement {
  const norm = profile.lagNorms[lag];
  return el("td", { class: "num" }, norm === null || norm === undefined ? "–" : decades(norm));
}
