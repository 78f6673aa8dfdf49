import { Figure, axis, valueAxis } from "../charts/figure";
import { keyEntry } from "../charts/key";
import { el, replace, type Content } from "../dom";
import { count, plural, power, quantity, share, tick, unbroken } from "../format";
import { token } from "../theme";
import { endsOf, labelsFor } from "./labels";
import { pointAtValues } from "./pointer";
import type { Axis, Line, Picture, Tone } from "./records";

export const tones: Record<Tone, string> = {
  vanishing: "cold-2",
  exploding: "warm-3",
  flowing: "healthy",
  activation: "kind-activation",
  weights: "kind-weights",
  skip: "kind-skip",
  normalization: "kind-normalization",
  recurrence: "kind-recurrence",
  clipping: "accent",
};

const height = 300;
const top = 30;
const bottom = 40;
const mostIntervals = 5;

/** A picture of the tour: lines over two axes, each named where it ends. */
export function pictureFigure(picture: Picture): HTMLElement {
  const range = rangeOf(picture);
  const names = el("div", { class: "names", "aria-hidden": "true" });
  const figure: Figure = new Figure({
    title: unbroken(picture.title),
    label: picture.title,
    height,
    key: keyOf(picture),
    option: () => optionOf(picture, range, marginsIn(figure.plot.clientWidth)),
  });
  figure.plot.append(names);
  figure.onPlaced(() => {
    const margins = marginsIn(figure.plot.clientWidth);
    figure.chart.setOption({ grid: margins });
    replace(names, ...labelsFor(picture, margins, figure.plot.clientWidth, height, (v) => shareOf(v, range)));
  });
  pointAtValues(figure, picture, (x) => tipTitle(picture.x, x), (v) => valueText(picture.y, v));
  return figure.element;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const marginsIn = (width: number): Margins => ({ left: 46, right: width < 480 ? 92 : 128, top, bottom });

const shareOf = (value: number, { min, max }: Range): number => (value - min) / (max - min);

interface Range {
  min: number;
  max: number;
  interval: number;
}

/** The lowest and the highest value, widened to whole intervals between hairlines. */
function rangeOf({ y, lines }: Picture): Range {
  const values = lines.flatMap((line) => line.y).filter((v): v is number => v !== null && Number.isFinite(v));
  const from = y.isLog ? Math.min(...values) : Math.min(0, ...values);
  const to = y.isShare ? 1 : Math.min(Math.max(...values), y.most ?? Infinity);
  const nice = niceInterval(to - from);
  const interval = y.isLog ? Math.max(1, nice) : nice;
  const slack = interval * 0.1;
  return {
    min: Math.floor((from + slack) / interval) * interval,
    max: Math.ceil((to - slack) / interval) * interval,
    interval,
  };
}

/** The round number that divides an extent into few enough parts. */
function niceInterval(extent: number): number {
  const rough = Math.max(extent, 1e-9) / mostIntervals;
  const size = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * size).find((n) => n >= rough * 0.999)!;
}

function keyOf({ lines }: Picture): Content {
  if (!lines.some((line) => line.isForecast)) return null;
  return [keyEntry("line", "muted", "measured"), keyEntry("dashed", "ink", "forecast before the first step")];
}

function optionOf(picture: Picture, range: Range, margins: Margins): object {
  const end = Math.max(...picture.lines.flatMap((line) => line.x));
  const interval = Math.max(1, niceInterval(end));
  const rest = (end % interval) / interval;
  return {
    grid: margins,
    xAxis: axis({
      type: "value",
      min: 0,
      max: end,
      interval,
      name: picture.x.name,
      nameLocation: "middle",
      nameGap: 26,
      axisLabel: {
        color: token("muted"),
        fontSize: 11,
        hideOverlap: true,
        showMaxLabel: rest === 0 || rest > 0.4,
        formatter: whole,
      },
    }),
    yAxis: valueAxis({
      ...range,
      name: picture.y.name,
      nameLocation: "end",
      nameGap: 12,
      nameTextStyle: { color: token("muted"), fontSize: 11, align: "left", padding: [0, 0, 0, -38] },
      axisLabel: {
        color: token("muted"),
        fontSize: 11,
        hideOverlap: true,
        formatter: (v: number) => tickText(picture.y, v),
      },
    }),
    series: [...picture.lines.map((line, i) => seriesOf(line, i, picture.y)), ...picture.lines.flatMap(crossOf)],
  };
}

const whole = (v: number): string => (Number.isInteger(v) ? count(v) : "");

const tickText = (y: Axis, v: number): string => (y.isLog ? power(v, 0) : y.isShare ? share(v, 0) : tick(v));

const valueText = (y: Axis, v: number): string => (y.isLog ? power(v, 2) : y.isShare ? share(v) : quantity(v));

const tipTitle = (x: Axis, v: number): string =>
  x.name.startsWith("step")
    ? plural(v, "step")
    : x.name.startsWith("layer")
      ? `${plural(v, "layer")} back`
      : `${plural(v, "time step")} back`;

function seriesOf(line: Line, i: number, y: Axis): object {
  const color = token(line.isForecast ? "ink" : tones[line.tone]);
  return {
    type: "line",
    name: line.name,
    silent: true,
    clip: y.most !== undefined,
    data: line.x.map((x, k) => [x, Number.isFinite(line.y[k] ?? NaN) ? line.y[k] : null]),
    symbol: "circle",
    symbolSize: 4,
    showSymbol: !line.isForecast && line.x.length <= 12,
    lineStyle: { color, width: line.isForecast ? 1.2 : 2, type: line.isForecast ? [3, 4] : "solid" },
    itemStyle: { color },
    z: line.isForecast ? 5 : 4 - i * 0.1,
  };
}

// Where a training ended in NaN or infinity, its line ends in a cross.
function crossOf(line: Line): object[] {
  const end = endsOf(line);
  if (!end?.isBroken) return [];
  return [
    {
      type: "scatter",
      silent: true,
      data: [[end.x, end.y]],
      symbol: "path://M-5,-6L-6,-5L-1,0L-6,5L-5,6L0,1L5,6L6,5L1,0L6,-5L5,-6L0,-1Z",
      symbolSize: 11,
      clip: false,
      itemStyle: { color: token(tones[line.tone]) },
      z: 6,
    },
  ];
}
