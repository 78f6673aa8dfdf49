import type { Run } from "./records";

/** True where a run is over for which no step was planned: nothing was trained by gradients. */
export const isUntrained = (run: Run): boolean =>
  run.steps.length === 0 && run.header.plan.steps === 0 && run.end?.reason === "completed";

/** True where all weights up to the last recurrent layer are frozen, so that no gradient runs through time. */
export function isFixedInTime(run: Run): boolean {
  const { parameters, recurrences } = run.header.structure;
  if (!recurrences || recurrences.length === 0 || parameters.length === 0) return false;
  const last = Math.max(...recurrences.map((layer) => layer.layer));
  return parameters.every((parameter) => parameter.isFrozen || parameter.layer > last);
}
