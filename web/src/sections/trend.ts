import type { Point } from "../data/curves";

/** Where a curve starts and ends, in words; one that fell and came back is told as such. */
export function trend(name: string, points: Point[], format: (v: number) => string): string {
  const start = points[0]?.[1];
  const end = points.at(-1)?.[1];
  if (start === undefined || end === undefined) return `${name} over the steps`;
  if (Math.abs(end - start) < 0.1 * Math.abs(start)) {
    const least = points.reduce((lowest, [, v]) => Math.min(lowest, v), start);
    return least < start - 0.5 * Math.abs(start)
      ? `${name} falls to ${format(least)} and comes back to ${format(end)}`
      : `${name} stays at ${format(end)}`;
  }
  return `${name} ${end < start ? "falls" : "rises"} from ${format(start)} to ${format(end)}`;
}
