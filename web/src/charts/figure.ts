import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  MarkLineComponent,
  MarkPointComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { el, type Content } from "../dom";
import { count } from "../format";
import { onThemeChange, token } from "../theme";

echarts.use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  MarkLineComponent,
  MarkPointComponent,
  CanvasRenderer,
  SVGRenderer,
]);

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface FigureOptions {
  /** What the picture shows, with its numbers. */
  title: Content;
  /** What the lines and colours mean. */
  key?: Content;
  /** The same as the title, for those who don't see the picture. */
  label: string;
  /** Height in pixels. */
  height: number;
  renderer?: "svg" | "canvas";
  /** The picture; called again when the theme changes. */
  option: () => object;
  level?: "h3" | "h4";
}

/** A picture with its title above and its numbers below. */
export class Figure {
  readonly element: HTMLElement;
  readonly plot: HTMLElement;
  readonly chart: echarts.ECharts;
  readonly #option: () => object;
  readonly #placed: (() => void)[] = [];
  #isDrawn = false;

  constructor(options: FigureOptions) {
    this.#option = options.option;
    this.plot = el("div", { class: "plot", role: "img", "aria-label": options.label });
    this.plot.style.height = `${options.height}px`;
    this.element = el(
      "figure",
      { class: "figure" },
      el(
        "figcaption",
        {},
        el(options.level ?? "h3", {}, options.title),
        options.key ? el("p", { class: "key" }, options.key) : null,
      ),
      this.plot,
    );
    this.chart = echarts.init(this.plot, null, {
      renderer: options.renderer ?? "svg",
      width: 300,
      height: options.height,
    });
    new ResizeObserver(() => this.#fit()).observe(this.plot);
    onThemeChange(() => this.draw());
  }

  /** Draws it anew, in the colours of the theme. */
  draw(): void {
    this.chart.setOption({ ...base(), ...this.#option() }, { notMerge: true });
    this.place();
  }

  /** Calls back whenever the picture's points may have moved. */
  onPlaced(listener: () => void): void {
    this.#placed.push(listener);
  }

  place(): void {
    for (const listener of this.#placed) listener();
  }

  #fit(): void {
    const width = this.plot.clientWidth;
    if (width === 0) return;
    this.chart.resize({ width, height: this.plot.clientHeight });
    if (this.#isDrawn) this.place();
    else this.draw();
    this.#isDrawn = true;
  }
}

/** What an empty picture says: what wasn't recorded, and how to record it. */
export function emptyFigure(title: string, ...text: Content[]): HTMLElement {
  return el("figure", { class: "figure empty" }, el("figcaption", {}, el("h3", {}, title)), el("p", {}, ...text));
}

/** The axis style that all pictures share. */
export function axis(extra: object = {}): object {
  return {
    axisLine: { show: true, onZero: false, lineStyle: { color: token("rule-strong") } },
    axisTick: { show: true, length: 4, lineStyle: { color: token("rule-strong") } },
    axisLabel: { color: token("muted"), fontSize: 11, hideOverlap: true },
    splitLine: { show: false },
    nameTextStyle: { color: token("muted"), fontSize: 11 },
    ...extra,
  };
}

/** A value axis of the left side, with hairlines. */
export const valueAxis = (extra: object = {}): object =>
  axis({
    type: "value",
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: token("rule"), width: 1 } },
    ...extra,
  });

/** Layer numbers that fit a width: all of them, or every 2nd, 5th, 10th … */
export function layerTicks(first: number, last: number, most: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => (last - first) / s < most) ?? 10_000;
  const ticks = [first];
  for (let n = Math.ceil((first + 1) / step) * step; n <= last; n += step) ticks.push(n);
  if (ticks.length > 1 && step > 1 && ticks[1]! - first < step * 0.6) ticks.splice(1, 1);
  return ticks;
}

/** The axis of layers, from the input to the loss. */
export function layerAxis(first: number, last: number, extra: object = {}): object {
  const ticks = layerTicks(first, last, 14);
  return axis({
    type: "value",
    min: first - 0.5,
    max: last + 0.5,
    name: "layer, from the input to the loss",
    nameLocation: "middle",
    nameGap: 26,
    axisTick: { customValues: ticks, lineStyle: { color: token("rule-strong") } },
    axisLabel: { customValues: ticks, color: token("muted"), fontSize: 11, hideOverlap: true, formatter: count },
    ...extra,
  });
}

/** An axis of whole numbers from 0, such as lags and time steps. */
export function countAxis(last: number, name: string, most: number, extra: object = {}): object {
  const ticks = layerTicks(0, last, most);
  return layerAxis(0, last, {
    name,
    axisTick: { customValues: ticks, lineStyle: { color: token("rule-strong") } },
    axisLabel: { customValues: ticks, color: token("muted"), fontSize: 11, hideOverlap: true, formatter: count },
    ...extra,
  });
}

/** The style of a step axis's labels: whole steps alone, and the last only where it is a round number. */
export const stepLabels = (end: number): object => ({
  color: token("muted"),
  fontSize: 11,
  hideOverlap: true,
  formatter: (v: number) => (Number.isInteger(v) ? count(v) : ""),
  showMaxLabel: end % roundStep(end / 5) === 0,
});

// The distance of ticks that an axis of some five takes: 1, 2, 3, 5 or 10 times a power of ten.
function roundStep(exact: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(exact, 1)));
  const steps = [1.5, 2.5, 4, 7].findIndex((most) => exact / power < most);
  return power * ([1, 2, 3, 5][steps] ?? 10);
}

function base(): object {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || matchMedia("print").matches;
  return {
    animation: !still,
    animationDuration: 300,
    animationDurationUpdate: 0,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("ink") },
  };
}
