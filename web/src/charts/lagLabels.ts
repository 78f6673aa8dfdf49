import { horizonDecades, lastLag, leftAt, memoryHorizon, type Profile } from "../data/lags";
import { count, plural, power, share } from "../format";
import { token } from "../theme";

/** A text that stands at a line. */
export interface LagLabel {
  text: string;
  draw: (color: string) => object;
}

interface Place {
  x: number;
  y: number;
  text: string;
  side: "left" | "right" | "top" | "bottom";
  offset: [number, number];
  /** The lag at which a dot stands at the line; null for none. */
  dot: number | null;
}

/** Where memory ends, or what is left at the last lag. */
export function endLabel(
  profile: Profile,
  last: number,
  prefix: string,
  others: Profile[] = [],
): LagLabel | null {
  const horizon = memoryHorizon(profile);
  if (horizon === null) return remainder(profile, last, prefix, others);
  const isNothing = leftAt(profile, horizon) === -Infinity;
  const text = isNothing
    ? `${prefix}nothing left\nafter ${plural(horizon, "step")}`
    : `${prefix}memory ends after\n${plural(horizon, "step")}: 1\u202f%`;
  const isEarly = horizon < 0.5 * last;
  const y = isNothing ? horizonDecades : leftAt(profile, horizon)!;
  // The text stands beyond the lines that fall later, on the way to which it would cross them.
  const beyond = Math.max(horizon, ...others.map((p) => memoryHorizon(p) ?? 0));
  const x = isEarly && beyond < 0.5 * last ? beyond : horizon;
  return label({ x, y, text, side: isEarly ? "right" : "left", offset: [0, isEarly ? -16 : 14], dot: horizon });
}

function remainder(profile: Profile, last: number, prefix: string, others: Profile[]): LagLabel | null {
  const lag = lastLag(profile);
  const left = leftAt(profile, lag);
  if (lag === 0 || left === null || !Number.isFinite(left)) return null;
  const size = left > 0.5 ? `${power(left)} times as large` : `still ${share(10 ** left, 0)} left`;
  const text = `${prefix}${size}\nafter ${plural(lag, "step")}`;
  // Where the line ends early there is room behind it, else above it.
  if (lag < 0.6 * last) return label({ x: lag, y: left, text, side: "right", offset: [0, 0], dot: null });
  const x = Math.round((left > 0.5 ? 0.72 : 0.6) * lag);
  const y = leftAt(profile, x) ?? left;
  if (left > 0.5) return label({ x, y, text, side: "left", offset: [0, -14], dot: null });
  const isLowest = others.length > 1 && others.every((p) => (leftAt(p, x) ?? y) >= y);
  return label({ x, y, text, side: isLowest ? "bottom" : "top", offset: [0, isLowest ? 2 : -2], dot: null });
}

/** The name of the forecast at its line, on the side away from the measured lines' labels. */
export function forecastLabel(slope: number, last: number): LagLabel {
  const x = Math.round(0.42 * last);
  return label({
    x,
    y: slope * x,
    text: "forecast",
    side: slope * last > -1 && slope * last < 1 ? "bottom" : slope < 0 ? "left" : "right",
    offset: [0, slope * last > -1 && slope * last < 1 ? 0 : 8],
    dot: null,
  });
}

function label({ x, y, text, side, offset, dot }: Place): LagLabel {
  const draw = (color: string): object => ({
    silent: true,
    symbol: "circle",
    symbolSize: 0.01,
    animation: false,
    itemStyle: { color, borderColor: token("paper"), borderWidth: 1.5 },
    data: [{ coord: [x, y] }, ...(dot === null ? [] : [{ coord: [dot, y], symbolSize: 8, label: { show: false } }])],
    label: {
      formatter: () => text,
      color,
      fontSize: 11,
      lineHeight: 14,
      position: side,
      align: side === "right" ? "left" : side === "left" ? "right" : "center",
      distance: 8,
      offset,
      textBorderColor: token("paper"),
      textBorderWidth: 3,
    },
  });
  return { text, draw };
}

const lineText = { fontSize: 11, rotate: 0, textBorderWidth: 3 };

/** The level at which memory ends. */
export const oneLine = (): object => ({
  yAxis: horizonDecades,
  lineStyle: { color: token("muted"), type: [2, 3], width: 1 },
  label: {
    ...lineText,
    formatter: "1\u202f%",
    position: "end",
    distance: 4,
    color: token("muted"),
    textBorderColor: token("paper"),
  },
});

/** The lag that the task needs; named at its foot, where a falling line is not. */
export const neededLine = (needed: number, last: number): object => ({
  xAxis: needed,
  lineStyle: { color: token("accent"), type: "solid", width: 1.4 },
  label: {
    ...lineText,
    formatter: `the answer needs ${count(needed)}`,
    position: "start",
    align: needed > 0.45 * last ? "right" : "left",
    distance: -16,
    padding: [0, 6],
    color: token("accent"),
    textBorderColor: token("paper"),
  },
});
