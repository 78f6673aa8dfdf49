import type { Value } from "../data/records";
import { between, type CurveName, type Point } from "./curveNames";

/** A line of the depth picture. */
export interface Curve {
  name: string;
  points: [number, Value][];
  color: () => string;
  style: "measured" | "forecast" | "repaired";
}

const nameColors = { measured: "ramp-late", forecast: "ink", repaired: "healthy" };

// Where along its line a name would best stand: each kind of line at a depth of its own.
const bestShares = { measured: 0.62, forecast: 0.3, repaired: 0.5 };
const detours = [0, 0.08, -0.08, 0.16, -0.16, 0.24, -0.24];

/** The points of a line that can be drawn. */
export const known = (curve: Curve): [number, number][] =>
  curve.points.filter((p): p is [number, number] => p[1] !== null && Number.isFinite(p[1]));

/** Of many lines the last measured, the forecast and the repaired are named. */
export function namesOf(curves: Curve[], pixel: (depth: number, y: number) => Point): CurveName[] {
  const isNamed = (curve: Curve): boolean =>
    curve === (curve.style === "measured" ? curves.at(-1) : curves.find((c) => c.style === curve.style));
  return curves.filter(isNamed).flatMap((curve) => {
    const points = known(curve).map(([depth, y]) => pixel(depth, y));
    if (points.length === 0) return [];
    const text = curve.style === "repaired" ? "repaired" : curve.name;
    const at = detours.map((detour) => pointAt(points, bestShares[curve.style] + detour));
    return [{ text, at, color: nameColors[curve.style] }];
  });
}

function pointAt(line: Point[], share: number): Point {
  const place = share * (line.length - 1);
  const from = Math.floor(place);
  return between(line[from]!, line[from + 1] ?? line[from]!, place - from);
}
