import { el, replace } from "../dom";

export type Point = [number, number];

/** A text for a point of a picture, in pixels. */
export interface CurveName {
  text: string;
  at: Point;
  /** The name of its colour. */
  color: string;
  /** Whether a dot marks the point. */
  hasDot: boolean;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const air = 3;
const distances = [8, 14, 22, 32, 46, 64, 90, 120, 160];
const directions = Array.from({ length: 16 }, (_, i) => (i * Math.PI) / 8);

/** Puts each text where no line runs, as near to its point as there is room; a hair leads to one that is far off. */
export function placeNames(parent: HTMLElement, names: CurveName[], lines: Point[][], area: Box): void {
  replace(parent);
  const taken = lines.flatMap(filled);
  for (const name of names) {
    const text = el("span", { class: "curve-name" }, name.text);
    parent.append(text);
    const box = freeBox(name.at, text.offsetWidth, text.offsetHeight, taken, area);
    Object.assign(text.style, { left: `${box.left}px`, top: `${box.top}px` });
    const parts = [hair(name.at, box), name.hasDot ? dot(name.at) : null].filter((part) => part !== null);
    parent.append(...parts);
    for (const part of [text, ...parts]) part.style.setProperty("--c", `var(--${name.color})`);
    taken.push(...corners(box));
  }
}

// So dense that none of a line passes a text unseen.
function filled(line: Point[]): Point[] {
  return line.flatMap((point, i) => {
    const next = line[i + 1] ?? point;
    const parts = Math.ceil(Math.hypot(next[0] - point[0], next[1] - point[1]) / 4) || 1;
    return Array.from({ length: parts }, (_, k) => between(point, next, k / parts));
  });
}

const between = (a: Point, b: Point, t: number): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];

function freeBox(at: Point, width: number, height: number, taken: Point[], area: Box): Box {
  const boxes = distances
    .flatMap((distance) => directions.map((angle) => boxAt(at, width, height, distance, angle)))
    .filter((b) => b.left >= area.left && b.right <= area.right && b.top >= area.top && b.bottom <= area.bottom);
  const hits = boxes.map((box) => taken.filter((point) => isIn(point, box)).length);
  return boxes[hits.indexOf(Math.min(...hits))] ?? boxAt(at, width, height, 0, 0);
}

function boxAt([x, y]: Point, width: number, height: number, distance: number, angle: number): Box {
  const left = x - width / 2 + Math.cos(angle) * (width / 2 + distance);
  const top = y - height / 2 + Math.sin(angle) * (height / 2 + distance);
  return { left, top, right: left + width, bottom: top + height };
}

const isIn = ([x, y]: Point, box: Box): boolean =>
  x > box.left - air && x < box.right + air && y > box.top - air && y < box.bottom + air;

const corners = ({ left, top, right, bottom }: Box): Point[] =>
  filled([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]);

function hair([x, y]: Point, box: Box): HTMLElement | null {
  const [dx, dy] = [clamp(x, box.left, box.right) - x, clamp(y, box.top, box.bottom) - y];
  const length = Math.hypot(dx, dy);
  if (length < 26) return null;
  const line = el("i", { class: "curve-hair" });
  Object.assign(line.style, {
    left: `${x}px`,
    top: `${y}px`,
    width: `${length}px`,
    transform: `rotate(${Math.atan2(dy, dx)}rad)`,
  });
  return line;
}

const clamp = (value: number, from: number, to: number): number => Math.min(Math.max(value, from), to);

function dot([x, y]: Point): HTMLElement {
  const mark = el("i", { class: "curve-dot" });
  Object.assign(mark.style, { left: `${x}px`, top: `${y}px` });
  return mark;
}
