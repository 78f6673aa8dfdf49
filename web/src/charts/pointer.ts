import type { ElementEvent } from "echarts/core";
import { el, type Content } from "../dom";
import type { ViewState } from "../state";
import type { Figure, Margins } from "./figure";
import { hideTip, showTip } from "./tip";

export interface LayerPointer {
  state: ViewState;
  /** Depths of the layers, in order. */
  depths: number[];
  /** The axis that layers lie along. */
  along: "x" | "y";
  margins: Margins;
  /** What to say of a point: its layer, and the value on the other axis. */
  tip: (depth: number, other: number) => Content;
  /** True where the other axis is that of steps. */
  hasSteps?: boolean;
}

/** Makes a picture point at layers: hover and arrow keys mark one in every picture, click and Enter pin it. */
export function pointAtLayers(figure: Figure, pointer: LayerPointer): void {
  const { state, along } = pointer;
  const hover = band("hover");
  const pin = band("pin");
  figure.plot.append(hover, pin);
  const place = (): void => {
    placeBand(figure, pointer, hover, state.view.hovered);
    placeBand(figure, pointer, pin, state.view.pinned);
  };
  figure.onPlaced(place);
  state.subscribe((_, key) => {
    if (key === "hovered" || key === "pinned") place();
  });

  const zr = figure.chart.getZr();
  const at = (event: ElementEvent): [number, number] | null => {
    const pixel = [event.offsetX, event.offsetY];
    if (!figure.chart.containPixel({ gridIndex: 0 }, pixel)) return null;
    const [x, y] = figure.chart.convertFromPixel({ gridIndex: 0 }, pixel) as [number, number];
    const [layer, other] = along === "x" ? [x, y] : [y, x];
    const depth = nearest(pointer.depths, layer);
    return depth === null ? null : [depth, other];
  };
  const leave = (): void => {
    hideTip();
    state.set("hovered", null);
    if (pointer.hasSteps) state.set("step", null);
  };
  zr.on("mousemove", (event: ElementEvent) => {
    const point = at(event);
    if (!point) return leave();
    state.set("hovered", point[0]);
    if (pointer.hasSteps) state.set("step", Math.max(0, Math.floor(point[1])));
    const box = figure.plot.getBoundingClientRect();
    showTip(box.left + event.offsetX, box.top + event.offsetY, pointer.tip(...point));
  });
  zr.on("globalout", leave);
  zr.on("click", (event: ElementEvent) => {
    const point = at(event);
    if (point) state.togglePin(point[0]);
  });
  withKeys(figure, pointer);
}

function withKeys(figure: Figure, { state, depths, along }: LayerPointer): void {
  figure.plot.tabIndex = 0;
  figure.plot.addEventListener("blur", () => state.set("hovered", null));
  figure.plot.addEventListener("keydown", (event) => {
    const forward = along === "x" ? "ArrowRight" : "ArrowUp";
    const back = along === "x" ? "ArrowLeft" : "ArrowDown";
    const now = depths.indexOf(state.view.hovered ?? state.view.pinned ?? -1);
    if (event.key === forward) state.set("hovered", depths[Math.min(depths.length - 1, now + 1)]!);
    else if (event.key === back) state.set("hovered", depths[Math.max(0, now - 1)]!);
    else if (event.key === "Enter" && state.view.hovered !== null) state.togglePin(state.view.hovered);
    else if (event.key === "Escape") state.set("pinned", null);
    else return;
    event.preventDefault();
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

function placeBand(figure: Figure, { along, margins }: LayerPointer, element: HTMLElement, depth: number | null): void {
  element.hidden = depth === null;
  if (depth === null) return;
  const axis = along === "x" ? { xAxisIndex: 0 } : { yAxisIndex: 0 };
  const a = figure.chart.convertToPixel(axis, depth - 0.5) as number;
  const b = figure.chart.convertToPixel(axis, depth + 0.5) as number;
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
