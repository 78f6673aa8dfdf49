import { evenly } from "../charts/lag";
import { slopeThroughTime, type Profile, type TimeLayer } from "../data/lags";
import { count, decades } from "../format";
import { dataTable, inNumbers } from "../table";

/** What is left of the gradient by lag as a table, for those who want every number. */
export function lagTable(layer: TimeLayer, repaired: TimeLayer | undefined): HTMLElement {
  const columns = [
    ...evenly(layer.profiles, 2).map((p) => [`step ${count(p.step)}`, p] as const),
    ...evenly(repaired?.profiles ?? [], 2).map((p) => [`repaired, step ${count(p.step)}`, p] as const),
  ];
  const lags = Math.max(...columns.map(([, p]) => p.lagNorms.length));
  const slopes = columns.map(([, p]) => decades(slopeThroughTime(p))).join(", ");
  return dataTable<number>(
    [inNumbers("lag", count), ...columns.map(([name, p]) => inNumbers<number>(name, (lag) => cell(p, lag)))],
    Array.from({ length: lags }, (_, lag) => lag),
    { caption: `log₁₀ of the gradient's norm by lag. Decades per time step: ${slopes}.` },
  );
}

function cell(profile: Profile, lag: number): string {
  const norm = profile.lagNorms[lag];
  return norm === null || norm === undefined ? "–" : decades(norm);
}
