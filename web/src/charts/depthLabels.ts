import type { Value } from "../data/records";
import { token } from "../theme";

/** A line of the depth picture. */
export interface Curve {
  name: string;
  points: [number, Value][];
  color: () => string;
  style: "measured" | "forecast" | "repaired";
}

interface LabelPlace {
  x: number;
  y: number;
  text: string;
  side: "top" | "right" | "left";
  offset: [number, number];
}

// Of many lines the last measured, the forecast and the repaired are named; each on the side where its slope leaves
// room, and at a depth of its own.
export function labelPlace(curve: Curve, curves: Curve[]): LabelPlace | null {
  const isNamed =
    curve === curves.at(-1) || curve === curves.find((c) => c.style === curve.style && c.style !== "measured");
  const known = curve.points.filter((p): p is [number, number] => p[1] !== null && Number.isFinite(p[1]));
  const share = curve.style === "forecast" ? 0.3 : curve.style === "repaired" ? 0.5 : 0.62;
  const at = known[Math.round(share * (known.length - 1))];
  const highest = curves
    .filter((c) => c.style === curve.style)
    .flatMap((c) => c.points.find((p) => p[0] === at?.[0])?.[1] ?? []);
  if (!isNamed || !at) return null;
  const rise = known.at(-1)![1] - known[0]![1];
  const all = curves.flatMap((c) => c.points.map((p) => p[1] ?? NaN)).filter(Number.isFinite);
  const span = Math.max(...all) - Math.min(...all);
  const isSteep = Math.abs(rise) > 0.25 * span;
  const side = !isSteep ? "top" : curve.style === "measured" ? "right" : "left";
  const lower = side === "right" ? 8 : -8;
  return {
    x: at[0],
    y: side === "top" ? Math.max(at[1], ...highest.filter(Number.isFinite)) : at[1],
    text: curve.style === "repaired" ? "repaired" : curve.name,
    side,
    offset: isSteep ? [0, rise > 0 ? lower : -lower] : [0, 0],
  };
}

export function labelAt({ x, y, text, side, offset }: LabelPlace, color: string): object {
  const label = {
    formatter: () => text,
    color,
    fontSize: 11,
    position: side,
    distance: side === "top" ? 6 : 8,
    offset,
    textBorderColor: token("paper"),
    textBorderWidth: 3,
  };
  return { silent: true, symbol: "circle", symbolSize: 0.01, animation: false, data: [{ coord: [x, y] }], label };
}
