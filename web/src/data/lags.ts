import type { Finding, Frame, LinkKind, Recurrence, Run, TimeProfile, Value } from "./records";

/** A recurrent layer with what was recorded of it. */
export interface TimeLayer {
  info: Recurrence;
  profiles: Profile[];
}

/** A recurrent layer at one training step. */
export interface Profile extends TimeProfile {
  step: number;
}

/** Memory ends where less than 1 % of the gradient at lag 0 is left: two decades. */
export const horizonDecades = -2;

/** The recurrent layers; empty where the net has none. */
export const timeLayersOf = (run: Run): TimeLayer[] =>
  (run.header.structure.recurrences ?? []).map((info, i) => ({ info, profiles: profilesOf(run.frames, i) }));

/** True where at least one recurrent layer's way back through time was recorded. */
export const hasTime = (run: Run): boolean => timeLayersOf(run).some((layer) => layer.profiles.length > 0);

// A frame whose lag 0 is not finite says nothing of what is left of it.
function profilesOf(frames: Frame[], index: number): Profile[] {
  return frames.flatMap((frame) => {
    const profile = frame.throughTime?.[index];
    return profile && Number.isFinite(profile.lagNorms[0] ?? NaN) ? [{ ...profile, step: frame.step }] : [];
  });
}

/** log₁₀ of the gradient's norm at a lag against that at lag 0. */
export function leftAt(profile: Profile, lag: number): Value {
  const norm = profile.lagNorms[lag];
  return norm === null || norm === undefined ? null : norm - profile.lagNorms[0]!;
}

/** Decades per time step: least squares over the lags; −∞ where the gradient is exactly 0 at one. */
export function slopeThroughTime(profile: Profile): number | null {
  const points = profile.lagNorms.flatMap((norm, lag) => (norm === null ? [] : [[lag, norm] as const]));
  if (points.length < 2 || points.some(([, norm]) => Number.isNaN(norm) || norm === Infinity)) return null;
  if (points.some(([, norm]) => norm === -Infinity)) return -Infinity;
  const mean = (i: 0 | 1): number => points.reduce((sum, point) => sum + point[i], 0) / points.length;
  const [lag, norm] = [mean(0), mean(1)];
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((all, [x, y]) => all + of(x - lag, y - norm), 0);
  return sum((x, y) => x * y) / sum((x) => x * x);
}

/** The first lag with less than 1 % of the gradient at lag 0; null where it stays above as far as it is known. */
export function memoryHorizon(profile: Profile): number | null {
  const lag = profile.lagNorms.findIndex((_, k) => (leftAt(profile, k) ?? 0) < horizonDecades);
  return lag < 0 ? null : lag;
}

/** The lag from which on nothing is known, since the gradient is cut there; null where it never is. */
export function cutLag(layer: TimeLayer): number | null {
  const { window, steps } = layer.info;
  const lags = layer.profiles.map((p) => p.lagNorms.indexOf(null)).filter((lag) => lag > 0);
  return lags.length > 0 ? Math.min(...lags) : window !== undefined && window < steps ? window : null;
}

/** The largest lag of which anything is known. */
export const lastLag = (profile: Profile): number =>
  profile.lagNorms.reduce<number>((last, norm, lag) => (norm === null ? last : lag), 0);

/** What the rules found of this layer's way back through time. */
export const findingOf = (run: Run, layer: TimeLayer): Finding | undefined =>
  run.diagnosis?.findings.find((f) => isThroughTime(f) && f.where?.first === layer.info.name);

export const isThroughTime = (finding: Finding): boolean => finding.rule.endsWith("through-time");

/** The profile that stands for the layer: that from which on it was found to be sick, else the latest. */
export function judgedProfile(run: Run, layer: TimeLayer): Profile | undefined {
  const known = layer.profiles.filter((p) => slopeThroughTime(p) !== null);
  const since = findingOf(run, layer)?.sinceStep;
  const first = since === undefined ? undefined : known.find((p) => p.step >= since);
  return first ?? known.at(-1) ?? layer.profiles.at(-1);
}

/** The layer that the findings speak of, else the first that was recorded. */
export function mainTimeLayer(run: Run): TimeLayer | undefined {
  const layers = timeLayersOf(run);
  const finding = run.diagnosis?.findings.find(isThroughTime);
  const judged = layers.find((l) => l.info.name === finding?.where?.first && l.profiles.length > 0);
  return judged ?? layers.find((l) => l.profiles.length > 0) ?? layers[0];
}

/**
 * The slope that the findings speak of, where it is this layer's; else that of the profile that stands for it, as where
 * the findings average over exact zeros that this profile doesn't have.
 */
export function slopeOfLayer(run: Run, layer: TimeLayer): number | null {
  const profile = judgedProfile(run, layer);
  const told = findingOf(run, layer)?.evidence["decadesPerStep"];
  return told !== undefined && Number.isFinite(told) ? told : profile ? slopeThroughTime(profile) : (told ?? null);
}

/** What theory expects per time step; it speaks of the recurrent layer with the longest memory alone. */
export function forecastSlope(run: Run, layer: TimeLayer): number | null {
  const expected = run.forecast?.decadesPerTimeStep;
  const start = ({ profiles }: TimeLayer): number => (profiles[0] && slopeThroughTime(profiles[0])) ?? -Infinity;
  const isLongest = timeLayersOf(run).every((other) => start(other) <= start(layer));
  return expected === undefined || !isLongest ? null : expected;
}

/** The repaired run's layer in the place of one that was repaired. */
export const counterpart = (run: Run, layer: TimeLayer, repaired: Run | null): TimeLayer | undefined =>
  repaired ? timeLayersOf(repaired)[timeLayersOf(run).findIndex((l) => l.info.name === layer.info.name)] : undefined;

export interface TimeShare {
  name: string;
  kind: LinkKind;
  decades: number;
}

/** What the recurrent weights, the slopes and the gates add per time step, as far as it was measured. */
export function sharesOf({ info }: TimeLayer, profile: Profile): TimeShare[] {
  const slopes = info.activation ? `slopes of ${info.activation}` : "slopes";
  const weights = profile.gateDecades === undefined ? "recurrent weights" : "ways through the weights";
  const carriers: Record<string, string> = { "leaky-rnn": "leaks", lru: "eigenvalues" };
  const all: [string, LinkKind, number | undefined][] = [
    [weights, "weights", profile.weightDecades],
    [slopes, "activation", profile.activationDecades],
    [carriers[info.type] ?? "gate that carries the state", "recurrence", profile.gateDecades],
  ];
  return all.flatMap(([name, kind, decades]) => (decades === undefined ? [] : [{ name, kind, decades }]));
}
