import type { Run, Step } from "./records";

export type Point = [number, number];

/** One panel of the time chart. */
export interface Panel {
  name: string;
  height: number;
  isLog: boolean;
  isShare: boolean;
  lines: Line[];
  levels: Level[];
}

export interface Line {
  name: string;
  points: Point[];
  color: string;
  width: number;
  opacity: number;
  isDashed?: boolean;
  hasDots?: boolean;
}

export interface Level {
  value: number;
  name: string;
}

/** The panels that the run has data for: loss, metric, learning rate, gradient norm. */
export function panelsOf(run: Run, repaired: Run | null): Panel[] {
  const { plan } = run.header;
  const metric = plan.metricName ?? "metric";
  const isShare = plan.metricName === "accuracy";
  return [
    panel("loss", 130, false, judged(run, repaired, "loss"), level(plan.baselineLoss, "constant prediction")),
    panel(metric, 110, isShare, judged(run, repaired, "metric"), level(plan.chanceMetric, isShare ? "chance" : "constant prediction")),
    panel("gradient norm", 90, false, gradientLines(run)),
    panel("learning rate", 56, false, [line("learning rate", pick(run.steps, "learningRate"), "run", 1.5)]),
  ].filter((p) => p.lines.length > 0);
}

function judged(run: Run, repaired: Run | null, of: "loss" | "metric"): Line[] {
  const raw = pick(run.steps, of);
  const lines = [
    { ...line("each batch", raw, "run", 1), opacity: 0.28 },
    line("running mean", runningMean(raw), "run", 1.8),
    { ...line("validation", evaluations(run, of), "ink", 1.2), hasDots: true },
  ];
  if (repaired) {
    lines.push(line("repaired, running mean", runningMean(pick(repaired.steps, of)), "healthy", 1.8));
    lines.push({ ...line("repaired, validation", evaluations(repaired, of), "healthy", 1.2), hasDots: true });
  }
  return lines.filter((l) => l.points.length > 0);
}

function gradientLines(run: Run): Line[] {
  const before = pick(run.steps, "gradientNorm");
  const isClipped = run.steps.some((s) => s.clipCoefficient !== undefined && s.clipCoefficient < 1);
  if (before.length === 0) return [];
  const lines = [line(isClipped ? "before clipping" : "gradient norm", before, "run", 1.2)];
  if (isClipped)
    lines.push({ ...line("after clipping", pick(run.steps, "clippedNorm"), "accent", 1.4), isDashed: true });
  return lines;
}

function panel(name: string, height: number, isShare: boolean, lines: Line[], levels: Level[] = []): Panel {
  const kept = lines.filter((l) => l.points.length > 0);
  const values = kept.flatMap((l) => l.points.map((p) => p[1])).filter((v) => Number.isFinite(v));
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const isLog = !isShare && (name === "gradient norm" ? values.some((v) => v > 0) : low > 0 && high / low > 50);
  return { name, height, isLog, isShare, lines: kept, levels: kept.length > 0 ? levels : [] };
}

const line = (name: string, points: Point[], color: string, width: number): Line => ({
  name,
  points,
  color,
  width,
  opacity: 1,
});

const level = (value: number | undefined, name: string): Level[] =>
  value !== undefined && Number.isFinite(value) ? [{ value, name }] : [];

type Field = "loss" | "metric" | "learningRate" | "gradientNorm" | "clippedNorm";

function pick(steps: Step[], field: Field): Point[] {
  return steps.flatMap((s): Point[] => (s[field] === undefined ? [] : [[s.step, s[field]]]));
}

function evaluations(run: Run, of: "loss" | "metric"): Point[] {
  return run.evaluations.filter((e) => e.split === "validation" && e[of] !== undefined).map((e) => [e.step, e[of]!]);
}

/** Mean over the last few points, so that the trend stands out of the noise of single batches. */
export function runningMean(points: Point[]): Point[] {
  const window = Math.max(1, Math.round(points.length / 50));
  const means: Point[] = [];
  let sum = 0;
  let held: number[] = [];
  for (const [step, value] of points) {
    if (!Number.isFinite(value)) break;
    held.push(value);
    sum += value;
    if (held.length > window) sum -= held.shift()!;
    means.push([step, sum / held.length]);
  }
  return means;
}

/** What a loss that is not finite is called. */
export const lossAt = (run: Run, step: number): string =>
  Math.abs(run.steps.find((s) => s.step === step)?.loss ?? NaN) === Infinity ? "infinite" : "NaN";

/** The first step whose loss is not finite; null if all are. */
export function brokenAt(run: Run): number | null {
  return run.steps.find((s) => !Number.isFinite(s.loss))?.step ?? run.nonFinite?.step ?? null;
}
