import type { ElementEvent } from "echarts/core";
import { brokenAt, lossAt, panelsOf, type Line, type Panel } from "../data/curves";
import type { Run } from "../data/records";
import type { Content } from "../dom";
import { count, metric, power, quantity, tick } from "../format";
import type { ViewState } from "../state";
import { token } from "../theme";
import { axis, Figure, stepLabels, valueAxis } from "./figure";
import { between, nameLines, pixelsOf, type CurveName, type NamedLines, type Point } from "./curveNames";
import { keyEntry } from "./key";
import { markStep, nearest } from "./pointer";
import { hideTip, showTip, tipRows } from "./tip";

const left = 54;
const right = 18;
const gap = 46;
const top = 32;
const foot = 66;

/** Loss, metric, gradient norm and rate as small multiples over one time axis. */
export function timeFigure(
  run: Run,
  repaired: Run | null,
  state: ViewState,
  title: Content,
  label: string,
): HTMLElement {
  const panels = panelsOf(run, repaired);
  const height = panels.reduce((sum, p) => sum + p.height + gap, top + foot - gap);
  const figure = new Figure({
    title,
    label,
    height,
    key: keyOf(panels),
    option: () => optionOf(run, repaired, panels, state),
  });
  pointAtSteps(figure, run, panels, height, state);
  markStep(figure, state, { left, right, top, bottom: foot - 12 });
  nameLines(figure, () => panels.map((panel, i) => named(figure, panel, i, topsOf(panels)[i]!, run)));
  shareZoom(figure, endOf(run, repaired), state);
  return figure.element;
}

const endOf = (run: Run, repaired: Run | null): number =>
  1 + Math.max(run.steps.at(-1)?.step ?? 0, repaired?.steps.at(-1)?.step ?? 0);

function keyOf(panels: Panel[]): Content {
  const has = (part: string): boolean => panels.some((p) => p.lines.some((l) => l.name.includes(part)));
  return [
    has("each batch") ? keyEntry("thin", "run", "each batch") : null,
    has("running mean") ? keyEntry("line", "run", "running mean") : null,
    has("validation") ? keyEntry("dot", "ink", "validation") : null,
    has("repaired") ? keyEntry("line", "healthy", "repaired") : null,
    has("after clipping") ? keyEntry("dashed", "accent", "after clipping") : null,
  ];
}

function optionOf(run: Run, repaired: Run | null, panels: Panel[], state: ViewState): object {
  const tops = topsOf(panels);
  const end = endOf(run, repaired);
  const all = panels.map((_, i) => i);
  const [startValue, endValue] = state.view.range ?? [0, end];
  return {
    grid: panels.map((p, i) => ({ left, right, top: tops[i], height: p.height })),
    xAxis: panels.map((_, i) =>
      axis({
        type: "value",
        gridIndex: i,
        min: 0,
        max: end,
        axisLabel: { ...stepLabels(end), show: i === panels.length - 1 },
        name: i === panels.length - 1 ? "step" : "",
        nameLocation: "middle",
        nameGap: 22,
      }),
    ),
    yAxis: panels.map((p, i) => yAxisOf(p, i)),
    dataZoom: [
      {
        type: "inside",
        xAxisIndex: all,
        filterMode: "none",
        startValue,
        endValue,
        zoomOnMouseWheel: "ctrl",
        moveOnMouseMove: true,
        moveOnMouseWheel: false,
      },
      slider(all, startValue, endValue),
    ],
    series: panels.flatMap((p, i) => seriesOf(p, i, run)),
  };
}

function topsOf(panels: Panel[]): number[] {
  let at = top;
  return panels.map((p) => {
    const mine = at;
    at += p.height + gap;
    return mine;
  });
}

// Ticks at whole powers of ten with as many between any two, the ends among them, so that no two labels meet.
function wholePowers(panel: Panel, parts: number): { min: number; max: number; interval: number } {
  const logs = panel.lines.flatMap((l) => l.points.map(([, v]) => Math.log10(v))).filter((v) => Number.isFinite(v));
  if (logs.length === 0) return { min: 0, max: 1, interval: 1 };
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const interval = Math.max(1, Math.ceil((high - low) / parts));
  return { min: low, max: low + interval * Math.max(1, Math.ceil((high - low) / interval)), interval };
}

function yAxisOf(panel: Panel, i: number): object {
  const format = (v: number): string => (panel.isLog ? power(v) : panel.isShare ? metric(v, "accuracy") : tick(v));
  const parts = panel.height > 100 ? 4 : 2;
  return valueAxis({
    gridIndex: i,
    splitNumber: parts,
    ...(panel.isShare ? { min: 0, max: 1, interval: 0.5 } : panel.isLog ? wholePowers(panel, parts) : {}),
    name: panel.name,
    nameLocation: "end",
    nameGap: 14,
    nameTextStyle: { color: token("ink"), fontSize: 12, align: "left", padding: [0, 0, 0, -44] },
    axisLabel: { color: token("muted"), fontSize: 11, formatter: format, hideOverlap: true },
  });
}

function slider(xAxisIndex: number[], startValue: number, endValue: number): object {
  return {
    type: "slider",
    xAxisIndex,
    filterMode: "none",
    startValue,
    endValue,
    height: 8,
    bottom: 8,
    left,
    right,
    showDetail: false,
    showDataShadow: false,
    brushSelect: false,
    borderColor: "transparent",
    backgroundColor: token("rule"),
    fillerColor: token("shade"),
    handleSize: "220%",
    handleStyle: { color: token("paper"), borderColor: token("muted") },
    moveHandleSize: 0,
    emphasis: { handleStyle: { borderColor: token("ink") } },
  };
}

function seriesOf(panel: Panel, i: number, run: Run): object[] {
  const lines = panel.lines.map((l) => lineOf(l, panel, i));
  const broken = brokenAt(run);
  const marks = [
    ...panel.levels
      .filter((l) => !panel.isLog || l.value > 0)
      .map((l) => ({
        yAxis: panel.isLog ? Math.log10(l.value) : l.value,
        lineStyle: { color: token("muted"), type: [2, 3], width: 1 },
        label: { show: false },
      })),
    ...(broken === null
      ? []
      : [
          {
            xAxis: broken,
            lineStyle: { color: token("warm-3"), type: "solid", width: 1.5 },
            label: { show: false },
          },
        ]),
  ];
  if (lines[0] && marks.length > 0)
    Object.assign(lines[0], { markLine: { silent: true, symbol: "none", animation: false, data: marks } });
  return lines;
}

const heightOf = (v: number, { isLog }: Panel): number | null =>
  !Number.isFinite(v) || (isLog && v <= 0) ? null : isLog ? Math.log10(v) : v;

// Levels are named in their panel, and in the first one the step at which the training broke.
function named(figure: Figure, panel: Panel, i: number, from: number, run: Run): NamedLines {
  const pixel = pixelsOf(figure, i);
  const area = { left, top: from, right: figure.plot.clientWidth - right, bottom: from + panel.height };
  const heights = panel.levels.flatMap(({ value, name }) => {
    const height = heightOf(value, panel);
    return height === null ? [] : [{ name, y: pixel(0, height)[1] }];
  });
  const levels = heights.map(({ name, y }): CurveName => {
    return { text: name, at: [[left, y], [area.right, y]], color: "muted", isLevel: true };
  });
  const broken = brokenAt(run);
  const x = pixel(broken ?? 0, 0)[0];
  const upright: Point[] = broken === null ? [] : [[x, area.top], [x, area.bottom]];
  const fall = i > 0 || broken === null ? [] : [brokenName(`${lossAt(run, broken)} from step ${count(broken)}`, upright)];
  const lines = panel.lines.map((l) =>
    l.points.flatMap(([step, v]): Point[] => {
      const height = heightOf(v, panel);
      return height === null ? [] : [pixel(step, height)];
    }),
  );
  return { names: [...fall, ...levels], lines: [...lines, ...levels.map((l) => l.at), upright], area };
}

const brokenName = (text: string, [head, foot]: Point[]): CurveName => ({
  text,
  at: [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => between(head!, foot!, share)),
  color: "warm-ink",
});

function lineOf(l: Line, panel: Panel, i: number): object {
  return {
    type: "line",
    name: l.name,
    xAxisIndex: i,
    yAxisIndex: i,
    silent: true,
    data: l.points.map(([step, value]) => [step, heightOf(value, panel)]),
    showSymbol: l.hasDots === true || l.points.length === 1,
    symbol: "circle",
    symbolSize: 4,
    lineStyle: { color: token(l.color), width: l.width, opacity: l.opacity, type: l.isDashed ? [5, 4] : "solid" },
    itemStyle: { color: token(l.color), opacity: l.opacity },
  };
}

function pointAtSteps(figure: Figure, run: Run, panels: Panel[], height: number, state: ViewState): void {
  const steps = run.steps.map((s) => s.step);
  const leave = (): void => {
    hideTip();
    state.set("step", null);
  };
  const show = (step: number, y: number): void => {
    const x = figure.chart.convertToPixel({ xAxisIndex: 0 }, step) as number;
    const box = figure.plot.getBoundingClientRect();
    state.set("step", step);
    showTip(box.left + x, box.top + y, tipOf(run, panels, step));
  };
  const zr = figure.chart.getZr();
  zr.on("globalout", leave);
  zr.on("mousemove", ({ offsetX, offsetY }: ElementEvent) => {
    const inside = offsetX >= left && offsetX <= figure.chart.getWidth() - right && offsetY < height - foot + 20;
    const step = inside ? nearest(steps, figure.chart.convertFromPixel({ xAxisIndex: 0 }, offsetX) as number) : null;
    if (step === null) leave();
    else show(step, offsetY);
  });
  walkWithKeys(figure, steps, show, leave);
}

function walkWithKeys(
  figure: Figure,
  steps: number[],
  show: (step: number, y: number) => void,
  leave: () => void,
): void {
  let at = -1;
  figure.plot.tabIndex = 0;
  figure.plot.addEventListener("blur", leave);
  figure.plot.addEventListener("keydown", (event) => {
    const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (move === 0) return;
    at = Math.max(0, Math.min(steps.length - 1, at + move * (event.shiftKey ? 10 : 1)));
    show(steps[at]!, top);
    event.preventDefault();
  });
}

function tipOf(run: Run, panels: Panel[], step: number): Content {
  const record = run.steps.find((s) => s.step === step);
  const rows = panels.flatMap((panel) =>
    panel.lines.flatMap((l) => {
      const at = nearest(
        l.points.map((p) => p[0]),
        step,
      );
      const point = l.points.find((p) => p[0] === at);
      if (!point || l.name === "running mean") return [];
      const name = l.name === panel.name ? l.name : `${panel.name}, ${l.name}`;
      return [[name, panel.isShare ? metric(point[1], "accuracy") : quantity(point[1])] as const];
    }),
  );
  const clip = record?.clipCoefficient;
  return tipRows(`step ${count(step)}${record ? `, epoch ${count(record.epoch + 1)}` : ""}`, [
    ...rows,
    clip === undefined ? null : ["clip coefficient", quantity(clip)],
  ]);
}

function shareZoom(figure: Figure, end: number, state: ViewState): void {
  figure.chart.on("datazoom", () => {
    const zoom = (figure.chart.getOption()["dataZoom"] as { startValue: number; endValue: number }[])[0]!;
    const isWhole = zoom.startValue <= 0 && zoom.endValue >= end;
    state.set("range", isWhole ? null : [zoom.startValue, zoom.endValue]);
    figure.place();
  });
}
