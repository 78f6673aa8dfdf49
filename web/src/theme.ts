import type { LinkKind } from "./data/records";

export type Rgb = [number, number, number];

const listeners: (() => void)[] = [];
const root = document.documentElement;

/** A colour or other value of the style sheet, so that pictures and text have one source. */
export const token = (name: string): string => getComputedStyle(root).getPropertyValue(`--${name}`).trim();

export const kindColor = (kind: LinkKind): string => token(`kind-${kind}`);

export const onThemeChange = (listener: () => void): void => void listeners.push(listener);

export function toggleTheme(): void {
  const next = root.dataset["theme"] === "dark" ? "light" : "dark";
  remember(next);
  apply(next);
}

/** Follows the system until the reader chooses; paper is always light. */
export function startTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const current = (): string => recall() ?? (system.matches ? "dark" : "light");
  apply(current());
  system.addEventListener("change", () => apply(current()));
  addEventListener("beforeprint", () => apply("light"));
  addEventListener("afterprint", () => apply(current()));
}

function apply(theme: string): void {
  root.dataset["theme"] = theme;
  redraw();
}

function redraw(): void {
  for (const listener of listeners) listener();
}

let chosen: string | null = null;

// A page opened from disk may have no storage; then the choice lasts as long as the page.
function remember(theme: string): void {
  chosen = theme;
  try {
    localStorage.setItem("gradflow-theme", theme);
  } catch {
    return;
  }
}

function recall(): string | null {
  try {
    return chosen ?? localStorage.getItem("gradflow-theme");
  } catch {
    return chosen;
  }
}

export function parseHex(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const css = ([r, g, b]: Rgb): string => `rgb(${Math.round(r)},${Math.round(g)},${Math.round(b)})`;

/** The colour at t from 0 to 1 along evenly spaced stops. */
export function along(stops: Rgb[], t: number): Rgb {
  const at = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const f = at - i;
  const a = stops[i]!;
  const b = stops[i + 1]!;
  return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f];
}

/** Early to late training steps in one hue, for t from 0 to 1. */
export const rampColor = (t: number): string =>
  css(along([parseHex(token("ramp-early")), parseHex(token("ramp-late"))], t));

/** Cold to neutral to warm, for t from −1 to 1. */
export function divergingScale(): (t: number) => Rgb {
  const stops = ["cold-3", "cold-2", "cold-1", "neutral", "warm-1", "warm-2", "warm-3"].map((n) => parseHex(token(n)));
  return (t) => along(stops, (t + 1) / 2);
}
