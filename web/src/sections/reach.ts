import { reachFigure } from "../charts/reach";
import { reachOf, type Reach } from "../data/reach";
import type { Run } from "../data/records";
import { el } from "../dom";
import { count, plural } from "../format";

/** How far back an output sees through windows of attention; null where it sees all, or that isn't known. */
export function reachSection(run: Run, repaired: Run | null): HTMLElement | null {
  const reach = reachOf(run);
  if (!reach) return null;
  const seesAll = repaired?.header.structure.attentions?.every((layer) => layer.window === undefined);
  return el(
    "section",
    { class: "wide", "aria-label": "How far back the output sees" },
    reachFigure(reach, titleOf(reach)),
    el(
      "p",
      { class: "hint" },
      "A time step of a layer sees those in its window, and through them what they saw in the layer before: ",
      "windows add up.",
      seesAll ? " The repaired net has none and sees the whole sequence." : null,
    ),
  );
}

function titleOf({ steps, needed, isNeedKnown }: Reach): string {
  if (needed === null) return `The output sees ${plural(steps, "time step")} back`;
  const of = isNeedKnown ? "that the answer needs" : "that a sequence goes back";
  return steps < needed
    ? `The output sees ${count(steps)} of the ${count(needed)} time steps back ${of}`
    : `The output sees ${plural(steps, "time step")} back, at least the ${count(needed)} ${of}`;
}
