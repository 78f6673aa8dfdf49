import { horizonDecades, lastLag, leftAt, memoryHorizon, type Profile } from "../data/lags";
import { count, plural, power, quantity, share } from "../format";
import { token } from "../theme";
import { between, type CurveName, type Point } from "./curveNames";

/** A text for a point of a line. */
export interface LagLabel {
  text: string;
  lag: number;
  y: number;
  hasDot: boolean;
}

/** Where memory ends, or what is left at the last lag. */
export function endLabel(profile: Profile, prefix: string): LagLabel | null {
  const lag = memoryHorizon(profile);
  if (lag === null) return remainder(profile, prefix);
  const left = leftAt(profile, lag)!;
  const isNothing = left === -Infinity;
  const steps = plural(lag, "step");
  const text = isNothing ? `nothing left\nafter ${steps}` : `memory ends after\n${steps}: 1\u202f%`;
  return { text: prefix + text, lag, y: isNothing ? horizonDecades : left, hasDot: true };
}

function remainder(profile: Profile, prefix: string): LagLabel | null {
  const last = lastLag(profile);
  const left = leftAt(profile, last);
  if (last === 0 || left === null || !Number.isFinite(left)) return null;
  const lag = Math.round(0.7 * last);
  return {
    text: `${prefix}${amount(left)}\nafter ${plural(last, "step")}`,
    lag,
    y: leftAt(profile, lag) ?? left,
    hasDot: false,
  };
}

function amount(left: number): string {
  if (left < 0.02) return `still ${share(10 ** left, 0)} left`;
  return `${left > 3 ? power(left) : quantity(10 ** left)} times as large`;
}

/** The name of the forecast. */
export function forecastLabel(slope: number, last: number): LagLabel {
  const lag = Math.round(0.42 * last);
  return { text: "forecast", lag, y: slope * lag, hasDot: false };
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

/** The lag that the task needs. */
export const neededLine = (needed: number): object => ({
  xAxis: needed,
  lineStyle: { color: token("accent"), type: "solid", width: 1.4 },
  label: { show: false },
});

/** The name of that line, from its foot to its head. */
export const neededName = (needed: number, [foot, head]: Point[]): CurveName => ({
  text: `the answer needs ${count(needed)}`,
  at: [0.05, 0.2, 0.4, 0.6, 0.8].map((share) => between(foot!, head!, share)),
  color: "accent",
});
