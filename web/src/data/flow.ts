import { count } from "../format";
import { horizonDecades, isThroughTime, judgedProfile, lastLag, leftAt, mainTimeLayer } from "./lags";
import type { Attribution, Frame, LinkKind, Run, Value } from "./records";

/** A parametrised layer through whose output all of the gradient passes. */
export interface Layer {
  depth: number;
  cut: number;
  name: string;
  type: string;
}

export interface PartShare extends Attribution {
  depth: number;
}

/** Layers from the input to the loss. */
export function layersOf(run: Run): Layer[] {
  return run.header.structure.cuts.flatMap((cut, i) =>
    cut.isLayerOutput ? [{ depth: cut.layer, cut: i, name: cut.name, type: cut.type }] : [],
  );
}

/** "Layer 3 · 5.linear". */
export function nameOfLayer(layers: Layer[], depth: number): string {
  const layer = layers.find((l) => l.depth === depth);
  return layer ? `Layer ${count(depth)} · ${layer.name}` : `Layer ${count(depth)}`;
}

/** Frames that hold gradient norms. */
export const normFrames = (run: Run): Frame[] => run.frames.filter((frame) => frame.cutNorms !== undefined);

export const normAt = (frame: Frame, layer: Layer): Value => frame.cutNorms?.[layer.cut] ?? null;

/** Decades per layer towards the input; null where an end was not measured or is not finite. */
export function slopeOf(frame: Frame, layers: Layer[]): number | null {
  const first = layers[0];
  const last = layers.at(-1);
  if (!first || !last || last.depth === first.depth) return null;
  const low = normAt(frame, first);
  const high = normAt(frame, last);
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return null;
  return (low - high) / (last.depth - first.depth);
}

/** The slope that the run's findings speak of; else that of its first frame. */
export function slopeOfRun(run: Run): number | null {
  const judged = run.diagnosis?.findings.find((f) => f.evidence["decadesPerLayer"] !== undefined);
  if (judged) return judged.evidence["decadesPerLayer"] ?? null;
  const frame = normFrames(run)[0];
  return frame ? slopeOf(frame, layersOf(run)) : null;
}

export type Flow = "vanishes" | "explodes" | "flows";

// A tenth of a decade per layer is a factor of ten in ten layers; across the whole net, a hundredfold is a lot.
export function flowOf(run: Run): Flow {
  const slope = slopeOfRun(run);
  const depth = layersOf(run).length;
  const rule = run.diagnosis?.findings.find((f) => !isThroughTime(f))?.rule ?? "";
  if (rule.startsWith("vanishing") || slope === -Infinity) return "vanishes";
  if (rule.startsWith("exploding") || rule === "non-finite") return "explodes";
  if (slope === null || Math.abs(slope) * (depth - 1) < 2) return "flows";
  return slope < 0 ? "vanishes" : "explodes";
}

/** What the page is coloured for: the finding that matters most, else the way through the net or through time. */
export function mainFlowOf(run: Run): Flow {
  const first = run.diagnosis?.findings[0];
  const isGrave = first !== undefined && first.severity !== "info" && isThroughTime(first);
  if (isGrave) return first.rule.startsWith("vanishing") ? "vanishes" : "explodes";
  const flow = flowOf(run);
  return flow === "flows" && !run.diagnosis ? flowThroughTime(run) : flow;
}

// Over all lags that were recorded, a hundredfold is a lot, too.
function flowThroughTime(run: Run): Flow {
  const layer = mainTimeLayer(run);
  const profile = layer && judgedProfile(run, layer);
  const left = profile ? (leftAt(profile, lastLag(profile)) ?? 0) : 0;
  return left <= horizonDecades ? "vanishes" : left >= -horizonDecades ? "explodes" : "flows";
}

/** At most `count` frames, evenly chosen, the first and last among them. */
export function chooseFrames(frames: Frame[], count: number): Frame[] {
  if (frames.length <= count) return frames;
  return Array.from({ length: count }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (count - 1))]!);
}

/** Each part's share of the gain in the order of the net: as diagnosed, else averaged over the frames. */
export function attributionOf(run: Run): PartShare[] {
  const { parts, links, recurrences } = run.header.structure;
  const depthOf = new Map(parts.map((part) => [part.name, links[part.link]?.layer ?? 0]));
  // Shares of a recurrent layer's way back through time are a sum of their own, and carry that layer as their block.
  const isThroughTime = ({ block }: Attribution): boolean => recurrences?.some((r) => r.name === block) === true;
  const diagnosed = run.diagnosis?.attribution.filter((entry) => !isThroughTime(entry)) ?? [];
  if (diagnosed.length > 0) {
    return diagnosed.map((entry) => ({ ...entry, depth: depthOf.get(entry.link) ?? 0 }));
  }
  const frames = run.frames.filter((frame) => frame.partGains !== undefined);
  return parts.flatMap((part, i) => {
    const gains = frames.map((frame) => frame.partGains?.[i]).filter((gain) => Number.isFinite(gain)) as number[];
    if (gains.length === 0) return [];
    const decades = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    return [{ link: part.name, kind: part.kind, decades, depth: links[part.link]?.layer ?? 0 }];
  });
}

/** Sum of the shares per kind, largest first. */
export function totalsByKind(shares: PartShare[]): { kind: LinkKind; decades: number }[] {
  const totals = new Map<LinkKind, number>();
  for (const { kind, decades } of shares) totals.set(kind, (totals.get(kind) ?? 0) + decades);
  return [...totals]
    .map(([kind, decades]) => ({ kind, decades }))
    .sort((a, b) => Math.abs(b.decades) - Math.abs(a.decades));
}
