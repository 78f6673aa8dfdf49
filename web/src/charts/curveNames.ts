import { el, replace } from "../dom";
import type { Figure, Margins } from "./figure";

export type Point = [number, number];

/** A text for a line of a picture; all places are in pixels. */
export interface CurveName {
  text: string;
  /** Points of the line that it may stand by, best first; of a level, its two ends. */
  at: Point[];
  /** The name of its colour. */
  color: string;
  /** Whether a dot marks the point. */
  hasDot?: boolean;
  /** Whether the line is level: its name stands above or below it, as near to it and to its end as there is room. */
  isLevel?: boolean;
}

/** What is named in a part of a picture. */
export interface NamedLines {
  names: CurveName[];
  /** All lines that no name may lie on. */
  lines: Point[][];
  /** Where names may stand. */
  area: Box;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What a text must not lie on: lines as dense points, and other texts. */
interface Taken {
  points: Point[];
  boxes: Box[];
}

const air = 3;
// Names that stand side by side would read as one with no more than a letter's width between them.
const gap = 9;
const distances = [8, 14, 22, 32, 46, 64, 90, 120, 160];
const directions = Array.from({ length: 16 }, (_, i) => (i * Math.PI) / 8);
const levelDistances = [3, 7, 12, 20, 30, 44, 60, 80, 100];
const slide = 12;

/** Keeps names in a picture, wherever its points move. */
export function nameLines(figure: Figure, parts: () => NamedLines[]): void {
  const parent = el("div", {});
  figure.plot.append(parent);
  figure.onPlaced(() => {
    replace(parent);
    for (const part of parts()) placeNames(parent, part);
  });
}

/** From numbers on a picture's axes, which are even, to its pixels. */
export function pixelsOf({ chart }: Figure, gridIndex = 0): (x: number, y: number) => Point {
  const [origin, unit] = [0, 1].map((v) => chart.convertToPixel({ gridIndex }, [v, v]) as Point);
  return (x, y) => [origin![0] + x * (unit![0] - origin![0]), origin![1] + y * (unit![1] - origin![1])];
}

/** The area between a picture's margins, and above it up to the picture's edge. */
export const areaWithin = ({ plot }: Figure, { left, right, bottom }: Margins): Box => ({
  left,
  top: 0,
  right: plot.clientWidth - right,
  bottom: plot.clientHeight - bottom,
});

// Each text stands where no line runs and no other text stands, as near to its line as there is room; a hair leads to
// one that is far off.
function placeNames(parent: HTMLElement, { names, lines, area }: NamedLines): void {
  const taken: Taken = { points: lines.flatMap((line) => filled(line, area)), boxes: [] };
  for (const name of names) {
    const text = el("span", { class: "curve-name" }, name.text);
    parent.append(text);
    const { at, box } = freePlace(name, text.offsetWidth, text.offsetHeight, taken, area);
    Object.assign(text.style, { left: `${box.left}px`, top: `${box.top}px` });
    const parts = [hair(at, box), name.hasDot ? dot(at) : null].filter((part) => part !== null);
    parent.append(...parts);
    for (const part of [text, ...parts]) part.style.setProperty("--c", `var(--${name.color})`);
    taken.boxes.push(box);
  }
}

// So dense that none of a line passes a text unseen, as far as it may.
function filled(line: Point[], area: Box): Point[] {
  return line.flatMap((point, i) => {
    const next = line[i + 1] ?? point;
    if (!doMeet(boxOf(point, next), area)) return [];
    const parts = Math.ceil(Math.hypot(next[0] - point[0], next[1] - point[1]) / 4) || 1;
    return Array.from({ length: parts }, (_, k) => between(point, next, k / parts));
  });
}

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a[0], b[0]),
  top: Math.min(a[1], b[1]),
  right: Math.max(a[0], b[0]),
  bottom: Math.max(a[1], b[1]),
});

/** The point at a share of the way from one to another. */
export const between = (a: Point, b: Point, t: number): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];

interface Place {
  at: Point;
  box: Box;
}

// The first place that is free; where there is none, the one with the least on it. A text on another is worse than on
// any line.
function freePlace(name: CurveName, width: number, height: number, taken: Taken, area: Box): Place {
  const [at] = name.at;
  let best: Place = { at: at!, box: boxAt(at!, width, height, 0, 0) };
  let fewest = Infinity;
  for (const place of name.isLevel ? alongLevel(name, width, height) : around(name, width, height)) {
    const { left, top, right, bottom } = place.box;
    if (left < area.left || right > area.right || top < area.top || bottom > area.bottom) continue;
    const hits = hitsOf(place.box, taken);
    if (hits < fewest) [best, fewest] = [place, hits];
    if (hits === 0) break;
  }
  return best;
}

function* around({ at }: CurveName, width: number, height: number): Generator<Place> {
  for (const distance of distances)
    for (const point of at)
      for (const angle of directions) yield { at: point, box: boxAt(point, width, height, distance, angle) };
}

// From the end of the level to its start.
function* alongLevel({ at }: CurveName, width: number, height: number): Generator<Place> {
  const [start, end] = [at[0]!, at[1]!];
  for (const distance of levelDistances)
    for (let right = end[0] - 4; right - width >= start[0]; right -= slide)
      for (const top of [end[1] - distance - height, end[1] + distance]) {
        yield { at: [right - width / 2, end[1]], box: { left: right - width, top, right, bottom: top + height } };
      }
}

const hitsOf = (box: Box, { points, boxes }: Taken): number =>
  points.filter((point) => isIn(point, box)).length + 1e6 * boxes.filter((other) => doMeet(box, other, gap)).length;

const doMeet = (a: Box, b: Box, sideways = air): boolean =>
  a.left < b.right + sideways && b.left < a.right + sideways && a.top < b.bottom + air && b.top < a.bottom + air;

function boxAt([x, y]: Point, width: number, height: number, distance: number, angle: number): Box {
  const left = x - width / 2 + Math.cos(angle) * (width / 2 + distance);
  const top = y - height / 2 + Math.sin(angle) * (height / 2 + distance);
  return { left, top, right: left + width, bottom: top + height };
}

const isIn = ([x, y]: Point, box: Box): boolean =>
  x > box.left - air && x < box.right + air && y > box.top - air && y < box.bottom + air;

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
