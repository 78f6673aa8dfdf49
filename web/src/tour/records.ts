// The tour as GradFlow.Runs writes it, after decoding: NaN and infinities are numbers again.
import type { Value } from "../data/records";

export interface Tour {
  seed: number;
  startedAt: string;
  producer: string;
  seconds: number;
  stops: Stop[];
}

export interface Stop {
  id: string;
  title: string;
  idea: string;
  sentences: string[];
  pictures: Picture[];
  deeper: string;
  deeperShows: string;
}

export interface Picture {
  id: string;
  title: string;
  x: Axis;
  y: Axis;
  lines: Line[];
}

export interface Axis {
  name: string;
  isLog: boolean;
  isShare: boolean;
  most?: number;
}

export type Tone =
  | "vanishing"
  | "exploding"
  | "flowing"
  | "activation"
  | "weights"
  | "skip"
  | "normalization"
  | "recurrence"
  | "clipping";

export interface Line {
  name: string;
  tone: Tone;
  x: number[];
  y: Value[];
  isForecast: boolean;
  note?: string;
}

const special: Record<string, number> = { "-inf": -Infinity, inf: Infinity, nan: NaN };

/** The tour in the page's script element of that id; null where it holds none. */
export function readTour(id: string): Tour | null {
  const text = document.getElementById(id)?.textContent?.trim();
  if (!text) return null;
  const tour = JSON.parse(text) as Tour;
  const lines = tour.stops.flatMap((stop) => stop.pictures).flatMap((picture) => picture.lines);
  for (const line of lines) line.y = line.y.map((v) => (typeof v === "string" ? (special[v] ?? null) : v));
  return tour;
}
