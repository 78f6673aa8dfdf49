import type { ElementEvent } from "echarts/core";
import type { Figure } from "../charts/figure";
import { nearest } from "../charts/pointer";
import { hideTip, showTip, tipRows } from "../charts/tip";
import { el } from "../dom";
import type { Picture } from "./records";

/** Exact values beside the pointer, or at the place that the arrow keys have reached. */
export function pointAtValues(
  figure: Figure,
  picture: Picture,
  titleOf: (x: number) => string,
  textOf: (value: number) => string,
): void {
  const xs = [...new Set(picture.lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const hair = el("div", { class: "hair", hidden: true });
  figure.plot.append(hair);
  figure.plot.tabIndex = 0;
  let at = -1;

  const leave = (): void => {
    hideTip();
    hair.hidden = true;
  };
  const show = (x: number, y: number): void => {
    const grid = (figure.chart.getOption()["grid"] as { top: number; bottom: number }[])[0]!;
    const left = figure.chart.convertToPixel({ xAxisIndex: 0 }, x) as number;
    const box = figure.plot.getBoundingClientRect();
    Object.assign(hair.style, { left: `${left}px`, top: `${grid.top}px`, bottom: `${grid.bottom}px` });
    hair.hidden = false;
    showTip(box.left + left, box.top + y, tipRows(titleOf(x), rowsAt(picture, x, textOf)));
  };

  const zr = figure.chart.getZr();
  zr.on("globalout", leave);
  zr.on("mousemove", ({ offsetX, offsetY }: ElementEvent) => {
    if (!figure.chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return leave();
    const x = nearest(xs, figure.chart.convertFromPixel({ xAxisIndex: 0 }, offsetX) as number);
    if (x !== null) show(x, offsetY);
  });
  figure.plot.addEventListener("blur", leave);
  figure.plot.addEventListener("keydown", (event) => {
    const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (move === 0) return;
    at = Math.max(0, Math.min(xs.length - 1, at + move * (event.shiftKey ? 10 : 1)));
    show(xs[at]!, 40);
    event.preventDefault();
  });
}

function rowsAt(picture: Picture, x: number, textOf: (value: number) => string): (readonly [string, string] | null)[] {
  return picture.lines.map((line) => {
    const near = nearest(line.x, x);
    const value = near === null || Math.abs(near - x) > 30 ? undefined : line.y[line.x.indexOf(near)];
    return value === undefined || value === null ? null : ([line.name, textOf(value)] as const);
  });
}
