import { el } from "../dom";
import { tones, type Margins } from "./picture";
import type { Line, Picture } from "./records";

const lineHeight = 16;

interface End {
  x: number;
  y: number;
  /** True where numbers that are not finite follow. */
  isBroken: boolean;
}

/** The last point of a line that can be drawn. */
export function endsOf(line: Line): End | null {
  const at = line.y.reduce((last: number, v, i) => (v !== null && Number.isFinite(v) ? i : last), -1);
  if (at < 0) return null;
  const isBroken = line.y.slice(at + 1).some((v) => v !== null && v !== -Infinity);
  return { x: line.x[at]!, y: line.y[at]!, isBroken };
}

/** The lines' names beside their ends, moved apart where they would lie on each other. */
export function labelsFor(
  picture: Picture,
  margins: Margins,
  width: number,
  height: number,
  share: (value: number) => number,
): HTMLElement[] {
  const inside = height - margins.top - margins.bottom;
  const labels = picture.lines
    .filter((line) => !line.isForecast)
    .flatMap((line) => {
      const end = endsOf(line);
      return end ? [{ line, at: margins.top + (1 - Math.min(1, share(end.y))) * inside, size: sizeOf(line) }] : [];
    })
    .sort((a, b) => a.at - b.at);
  spread(labels, margins.top - 8, height - margins.bottom);
  return labels.map(({ line, at, size }) => labelOf(line, at - size / 2, width - margins.right + 8, margins.right - 8));
}

const sizeOf = (line: Line): number => (line.note ? 2 : 1) * lineHeight;

function spread(labels: { at: number; size: number }[], from: number, to: number): void {
  let free = from;
  for (const label of labels) {
    label.at = Math.max(label.at, free + label.size / 2);
    free = label.at + label.size / 2;
  }
  free = to;
  for (const label of [...labels].reverse()) {
    label.at = Math.min(label.at, free - label.size / 2);
    free = label.at - label.size / 2;
  }
}

function labelOf(line: Line, top: number, left: number, width: number): HTMLElement {
  const label = el("span", { class: "line-name" }, line.name, line.note ? el("b", {}, line.note) : null);
  label.style.setProperty("--c", `var(--${tones[line.tone]})`);
  label.style.top = `${top}px`;
  label.style.left = `${left}px`;
  label.style.maxWidth = `${width}px`;
  return label;
}
