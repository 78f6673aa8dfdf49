import type { Run } from "./records";

/** How far back an output sees through windows of attention, and how far it should. */
export interface Reach {
  steps: number;
  /** The task's longest dependency, else the farthest step of a sequence; null where neither is known. */
  needed: number | null;
  isNeedKnown: boolean;
  /** What each layer adds, from the input on; of very many layers, what all do. */
  stairs: { name: string; from: number; to: number }[];
}

const mostStairs = 12;

/** Null where the output sees all, or how far it sees isn't known. */
export function reachOf(run: Run): Reach | null {
  const { attentions = [], reach, signals } = run.header.structure;
  if (reach === undefined || attentions.length === 0) return null;
  const known = run.header.plan.longestDependency;
  const places = signals.find((signal) => signal.name === attentions[0]!.name)?.places;
  return {
    steps: reach,
    needed: known ?? (places === undefined ? null : places - 1),
    isNeedKnown: known !== undefined,
    stairs: stairsOf(attentions, reach),
  };
}

/** True where a finding blames it. */
export const isReachBlamed = (run: Run): boolean =>
  run.diagnosis?.findings.some((finding) => finding.cause === "attention") === true;

type Attention = NonNullable<Run["header"]["structure"]["attentions"]>[number];

function stairsOf(layers: Attention[], reach: number): Reach["stairs"] {
  const steps = layers.map(({ window, isCausal }) =>
    window === undefined || isCausal === undefined ? null : isCausal ? window - 1 : Math.floor(window / 2),
  );
  if (layers.length > mostStairs || steps.includes(null))
    return [{ name: `${layers.length} layers`, from: 0, to: reach }];
  let seen = 0;
  return layers.map(({ name }, i) => ({ name, from: seen, to: (seen += steps[i]!) }));
}
