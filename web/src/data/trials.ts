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

/** The mean of those that are known; undefined where none is. */
export const mean = (values: (number | undefined)[]): number | undefined => {
  const known = values.filter((v) => v !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, v) => sum + v, 0) / known.length;
};

/** The forks by remedy, in the order of the ranking. */
export function groupsOf(repair: Repair): Group[] {
  const groups = new Map<string, Group>();
  const chosen = repair.chosen.join("+");
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

// Forks that explode would flatten all others; the start of a training is a good measure of what matters.
export function ceilingOf(trials: Trial[]): number {
  const starts = trials
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
