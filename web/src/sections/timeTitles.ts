import { horizonText } from "../charts/horizon";
import {
  cutLag,
  judgedProfile,
  lastLag,
  leftAt,
  memoryHorizon,
  slopeOfLayer,
  slopeThroughTime,
  timeLayersOf,
  type Profile,
  type TimeLayer,
  type TimeShare,
} from "../data/lags";
import type { Run } from "../data/records";
import { count, decades, perStep, plural, share } from "../format";

/** How fast the gradient changes, or what else keeps it from where it is needed. */
export function lagTitle(run: Run, layer: TimeLayer): string {
  const name = timeLayersOf(run).length > 1 ? `${layer.info.name}: the` : "The";
  const profile = judgedProfile(run, layer)!;
  const slope = slopeOfLayer(run, layer);
  const last = lastLag(profile);
  if (slope === null) return `${name} gradient against lag`;
  const needed = run.header.plan.longestDependency;
  const cut = cutLag(layer);
  if (cut !== null && needed !== undefined && cut <= needed && memoryHorizon(profile) === null) {
    return `${name} gradient is cut after ${plural(cut, "time step")}; the answer needs ${count(needed)}`;
  }
  const zero = profile.lagNorms.indexOf(-Infinity);
  if (slope === -Infinity && zero >= 0) {
    return `${name} gradient is exactly 0 from ${plural(zero, "time step")} back on`;
  }
  if (memoryHorizon(profile) === null && Math.abs(slope) * last < 2) {
    return `${name} gradient stays within ${decades(spread(profile), 1)} decades over ${plural(last, "time step")}`;
  }
  return `${name} gradient ${change(slope)} decades per time step${ownOf(profile, slope)}${laterOf(layer, profile, slope)}`;
}

// Findings speak of the mean over the steps that were judged; the picture's profile and its shares are of one of them.
function ownOf(profile: Profile, told: number): string {
  const own = slopeThroughTime(profile);
  if (own === null || !Number.isFinite(own) || Math.abs(own - told) < 0.2 * Math.abs(told)) return "";
  return ` on average; at training step ${count(profile.step)} it ${change(own)}`;
}

const change = (slope: number): string => `${slope < 0 ? "loses" : "gains"} ${perStep(Math.abs(slope))}`;

// Where the training has moved it by half or more, the title must not stop at what it was.
function laterOf({ profiles }: TimeLayer, judged: Profile, slope: number): string {
  const last = profiles.at(-1)!;
  const later = last === judged ? null : slopeThroughTime(last);
  if (later === null || !Number.isFinite(later) || Math.abs(later - slope) < 0.5 * Math.abs(slope)) return "";
  return `; at training step ${count(last.step)} it ${Math.abs(later) < 1e-6 ? "keeps its size" : change(later)}`;
}

function spread(profile: Profile): number {
  const known = profile.lagNorms
    .map((_, lag) => leftAt(profile, lag))
    .filter((v): v is number => v !== null && Number.isFinite(v));
  return Math.max(...known) - Math.min(...known);
}

/** The share that does most, either way. */
export const largest = (shares: TimeShare[]): TimeShare =>
  [...shares].sort((a, b) => Math.abs(b.decades) - Math.abs(a.decades))[0]!;

/** Decades over all lags, a factor of two, below which a change isn't spoken of. */
const littleInAll = 0.3;

/** Which part does most of the change per time step. */
export function sharesTitle(shares: TimeShare[], lags: number): string {
  const sum = shares.reduce((all, s) => all + s.decades, 0);
  const top = largest(shares);
  if (!Number.isFinite(sum)) return "Where the change per time step comes from";
  if (Math.abs(top.decades) * lags < littleInAll) return "Per time step, no part changes the gradient";
  if (Math.abs(sum) * lags < littleInAll) return "Per time step, the parts balance";
  const change = sum < 0 ? "decay" : "growth";
  if (shares.length === 1) return `Per time step, ${perStep(top.decades)} decades come from the ${top.name}`;
  const part = top.decades / sum;
  return part > 1.005 || part < 0
    ? `${perStep(top.decades)} decades per time step come from the ${top.name}; together it is ${perStep(sum)}`
    : `${share(part, 0)} of the ${change} per time step comes from the ${top.name}`;
}

/** How the memory horizon fares over the training. */
export function horizonTitle({ profiles }: TimeLayer, needed: number | null): string {
  const [first, last] = [profiles[0]!, profiles.at(-1)!];
  const text = (p: Profile): string => horizonText(memoryHorizon(p), lastLag(p));
  const [start, end] = [text(first), text(last)];
  const need = needed === null ? "" : `; the answer needs ${count(needed)}`;
  const isBeyond = end.startsWith("beyond");
  const way = excursion(profiles);
  if (start === end) return `Memory ${isBeyond ? "reaches" : "ends after"} ${end}${way}${need}`;
  const from = isBeyond ? start : start.replace(/ steps?$/, "");
  return `Memory goes from ${from} to ${end}${way}${need}`;
}

// Where on the way it was twice as far as at both ends, or half as far, the title must not stop at these.
function excursion(profiles: Profile[]): string {
  const horizons = profiles.map((p) => memoryHorizon(p) ?? lastLag(p));
  const ends = [horizons[0]!, horizons.at(-1)!];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const far = horizons.map((h) => Math.max(h / high, low / h));
  const at = far.indexOf(Math.max(...far));
  if (!(far[at]! >= 2)) return "";
  const { step } = profiles[at]!;
  return `, by way of ${count(horizons[at]!)} at training step ${count(step)}`;
}
