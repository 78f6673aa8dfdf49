import type { Value } from "../data/records";
import { token } from "../theme";

/** Marks at the foot of a logarithmic picture where a line is exactly 0. */
export function zeros(curves: { points: [number, Value][] }[], floor: number): object {
  const data = curves.flatMap((curve) => curve.points.filter((p) => p[1] === -Infinity).map((p) => [p[0], floor]));
  return {
    type: "scatter",
    data,
    symbol: "triangle",
    symbolRotate: 180,
    symbolSize: 8,
    itemStyle: { color: token("zero") },
    silent: true,
  };
}
