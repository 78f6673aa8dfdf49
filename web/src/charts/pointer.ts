import type { ElementEvent } from "echarts/core";
import { el, type Content } from "../dom";
import type { ViewState } from "../state";
import type { Figure, Margins } from "./figure";
import { hideTip, showTip } from "./tip";

export interface Pointer {
  state: ViewState;
  /** What is pointed at: layers by their depth, unless told otherwise. */
  what?: "layer" | "lag";
  /** What can be pointed at, in rising order: depths of layers, or lags. */
  depths: number[];
  /** The axis that it lies along. */
  along: "x" | "y";
  /** Where the axis runs the other way: the place of 0 on it. */
  mirror?: number;
  margins: Margins;
  /** What to say of a point: its layer, and the value on the other axis. */
  tip: (depth: number, other: number) => Content;
  /** True where the other axis is that of steps. */
  hasSteps?: boolean;
}

const keysOf = ({ what }: Pointer): { hover: "hovered" | "lag"; pin: "pinned" | "pinnedLag" } =>
  what === "lag" ? { hover: "lag", pin: "pinnedLag" } : { hover: "hovered", pin: "pinned" };

// Its own inverse: from a value to its place on the axis, and back.
const mirrored = ({ mirror }: Pointer, value: number): number => (mirror === undefined ? value : mirror - value);

/** Makes a picture point at layers or lags: hover and arrow keys mark one in every picture, click and Enter pin it. */
export function pointAt(figure: Figure, pointer: Pointer): void {
  const { state, along } = pointer;
  const keys = keysOf(pointer);
  const hover = band("hover");
  const pin = band("pin");
  figure.plot.append(hover, pin);
  const place = (): void => {
    placeBand(figure, pointer, hover, state.view[keys.hover]);
    placeBand(figure, pointer, pin, state.view[keys.pin]);
  };
  figure.onPlaced(place);
  state.subscribe((_, key) => {
    if (key === keys.hover || key === keys.pin) place();
  });

  const zr = figure.chart.getZr();
  const at = (event: ElementEvent): [number, number] | null => {
    const pixel = [event.offsetX, event.offsetY];
    if (!figure.chart.containPixel({ gridIndex: 0 }, pixel)) return null;
    const [x, y] = figure.chart.convertFromPixel({ gridIndex: 0 }, pixel) as [number, number];
    const [layer, other] = along === "x" ? [x, y] : [y, x];
    const depth = nearest(pointer.depths, mirrored(pointer, layer));
    return depth === null ? null : [depth, other];
  };
  const leave = (): void => {
    hideTip();
    state.set(keys.hover, null);
    if (pointer.hasSteps) state.set("step", null);
  };
  zr.on("mousemove", (event: ElementEvent) => {
    const point = at(event);
    if (!point) return leave();
    state.set(keys.hover, point[0]);
    if (pointer.hasSteps) state.set("step", Math.max(0, Math.floor(point[1])));
    const box = figure.plot.getBoundingClientRect();
    showTip(box.left + event.offsetX, box.top + event.offsetY, pointer.tip(...point));
  });
  zr.on("globalout", leave);
  zr.on("click", (event: ElementEvent) => {
    const point = at(event);
    if (point) state.togglePin(point[0], keys.pin);
  });
  withKeys(figure, pointer);
}

function withKeys(figure: Figure, pointer: Pointer): void {
  const { state, depths, along, mirror } = pointer;
  const { hover, pin } = keysOf(pointer);
  figure.plot.tabIndex = 0;
  figure.plot.addEventListener("blur", () => state.set(hover, null));
  figure.plot.addEventListener("keydown", (event) => {
    const move = movesOf(along)[event.key];
    const pointed = state.view[hover];
    if (move !== undefined) {
      const now = depths.indexOf(pointed ?? state.view[pin] ?? -1);
      const backwards = now < 0 && move > 0 ? depths.length : now;
      const next = mirror === undefined ? now + move : backwards - move;
      state.set(hover, depths[Math.max(0, Math.min(depths.length - 1, next))]!);
    } else if (event.key === "Enter" && pointed !== null) state.togglePin(pointed, pin);
    else if (event.key === "Escape") state.unpin();
    else return;
    event.preventDefault();
  });
}

const movesOf = (along: "x" | "y"): Record<string, number> =>
  along === "x" ? { ArrowRight: 1, ArrowLeft: -1 } : { ArrowUp: 1, ArrowDown: -1 };

/** Makes a picture point at training steps: hover marks the nearest of them in every picture, and tells about it. */
export function pointAtSteps(figure: Figure, steps: number[], state: ViewState, tip: (step: number) => Content): void {
  const leave = (): void => {
    hideTip();
    state.set("step", null);
  };
  const zr = figure.chart.getZr();
  zr.on("globalout", leave);
  zr.on("mousemove", ({ offsetX, offsetY }: ElementEvent) => {
    const isInside = figure.chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY]);
    const step = isInside
      ? nearest(steps, figure.chart.convertFromPixel({ xAxisIndex: 0 }, offsetX) as number)
      : null;
    if (step === null) return leave();
    state.set("step", step);
    const box = figure.plot.getBoundingClientRect();
    showTip(box.left + offsetX, box.top + offsetY, tip(step));
  });
}

/** Draws a hairline at the step under the pointer, in whichever picture that is. */
export function markStep(figure: Figure, state: ViewState, margins: Margins): void {
  const hair = el("div", { class: "hair", "aria-hidden": "true" });
  hair.style.top = `${margins.top}px`;
  hair.style.bottom = `${margins.bottom}px`;
  figure.plot.append(hair);
  const place = (): void => {
    const { step } = state.view;
    const x = step === null ? NaN : (figure.chart.convertToPixel({ xAxisIndex: 0 }, step) as number);
    hair.hidden = !(x >= margins.left && x <= figure.chart.getWidth() - margins.right);
    hair.style.left = `${x}px`;
  };
  figure.onPlaced(place);
  state.subscribe((_, key) => {
    if (key === "step" || key === "range") place();
  });
}

const band = (kind: string): HTMLElement => el("div", { class: `band ${kind}`, "aria-hidden": "true" });

function placeBand(figure: Figure, pointer: Pointer, element: HTMLElement, value: number | null): void {
  const { along, margins } = pointer;
  element.hidden = value === null;
  if (value === null) return;
  const axis = along === "x" ? { xAxisIndex: 0 } : { yAxisIndex: 0 };
  const middle = mirrored(pointer, value);
  const a = figure.chart.convertToPixel(axis, middle - 0.5) as number;
  const b = figure.chart.convertToPixel(axis, middle + 0.5) as number;
  const start = Math.min(a, b);
  const size = Math.max(3, Math.abs(a - b));
  const [width, height] = [figure.chart.getWidth(), figure.chart.getHeight()];
  const style = element.style;
  style.left = `${along === "x" ? start : margins.left}px`;
  style.top = `${along === "x" ? margins.top : start}px`;
  style.width = `${along === "x" ? size : width - margins.left - margins.right}px`;
  style.height = `${along === "x" ? height - margins.top - margins.bottom : size}px`;
}

export function nearest(sorted: number[], value: number): number | null {
  let best: number | null = null;
  for (const candidate of sorted) {
    if (best === null || Math.abs(candidate - value) < Math.abs(best - value)) best = candidate;
  }
  return best;
}
