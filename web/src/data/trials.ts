import type { Repair, Trial } from "./records";

/** A remedy's forks over the seeds, with the controls to compare them with. */
export interface Group {
  remedy: string;
  kind: string;
  role: string;
  forks: Trial[];
  controls: Trial[];
  isChosen: boolean;
}

/** The median of those that are known, NaN counting as the worst; undefined where none is known. */
export function median(values: (number | undefined)[], worst: number): number | undefined {
  const sorted = values
    .filter((v) => v !== undefined)
    .map((v) => (Number.isNaN(v) ? worst : v))
    .sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return Number.isFinite(middle) ? middle : NaN;
}

export const medianLoss = (trials: Trial[]): number | undefined =>
  median(
    trials.map((t) => t.loss),
    Infinity,
  );

export const medianMetric = (trials: Trial[]): number | undefined =>
  median(
    trials.map((t) => t.metric),
    -Infinity,
  );

export const medianDecades = (trials: Trial[]): number | undefined =>
  median(
    trials.map((t) => t.decadesPerLayer),
    -Infinity,
  );

/** The name of the trial that was kept; runs of before it was recorded tell the remedies alone. */
export const keptTrial = (repair: Repair): string => repair.chosenTrial ?? repair.chosen.join("+");

/** The forks by remedy, in the order of the ranking. */
export function groupsOf(repair: Repair): Group[] {
  const groups = new Map<string, Group>();
  const chosen = keptTrial(repair);
  for (const trial of repair.trials) {
    const id = `${trial.role} ${trial.kind} ${trial.remedy}`;
    const group = groups.get(id) ?? {
      remedy: trial.remedy,
      kind: trial.kind,
      role: trial.role,
      forks: [],
      isChosen: false,
      controls: repair.trials.filter((t) => t.role === "control" && t.kind === trial.kind),
    };
    group.forks.push(trial);
    groups.set(id, group);
  }
  // The same remedy may stand in the ranking twice, as drawn at random too; the better was kept.
  const kept = [...groups.values()].find((group) => group.role !== "control" && group.remedy === chosen);
  if (kept) kept.isChosen = true;
  return [...groups.values()];
}

// Forks that explode would flatten all others, and so would nets that start far above what any of them comes to: where
// the remedy kept starts is a good measure of what matters, or, without one, where most do.
export function ceilingOf(groups: Group[]): number {
  const kept = groups.find((group) => group.isChosen)?.forks;
  const trials = groups.flatMap((group) => group.forks);
  const starts = (kept ?? trials)
    .map((t) => t.curveLoss[0])
    .filter((v) => v !== undefined && Number.isFinite(v))
    .sort((a, b) => a! - b!);
  const all = trials.flatMap((t) => t.curveLoss).filter((v) => Number.isFinite(v));
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  const middle = starts[Math.floor(starts.length / 2)] ?? most;
  return roundUp(Math.min(most, 1.5 * middle) || 1);
}

function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8].find((n) => n * unit >= value) ?? 10) * unit;
}
