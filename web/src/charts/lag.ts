import {
  counterpart,
  cutLag,
  forecastSlope,
  horizonDecades,
  judgedProfile,
  leftAt,
  type Profile,
  type TimeLayer,
} from "../data/lags";
import type { Run, Value } from "../data/records";
import { el, type Content } from "../dom";
import { count, plural, power } from "../format";
import type { ViewState } from "../state";
import { rampColor, token } from "../theme";
import { countAxis, Figure, valueAxis, type Margins } from "./figure";
import { keyEntry } from "./key";
import { areaWithin, nameLines, pixelsOf, type Point } from "./curveNames";
import { endLabel, forecastLabel, neededLine, neededName, oneLine, type LagLabel } from "./lagLabels";
import { nearest, pointAt } from "./pointer";
import { tipRows } from "./tip";
import { zeros } from "./zeros";

const margins: Margins = { left: 54, right: 30, top: 14, bottom: 40 };
const mostLines = 7;

/** A line of the picture: log₁₀ of what is left of the gradient at lag 0, by lag. */
export interface LagCurve {
  name: string;
  points: [number, Value][];
  color: () => string;
  style: "measured" | "forecast" | "repaired";
  label?: LagLabel | null;
}

/** What the picture shows of a layer. */
export interface LagPicture {
  layer: TimeLayer;
  curves: LagCurve[];
  last: number;
  cut: number | null;
  needed: number | null;
}

export function lagPicture(run: Run, repaired: Run | null, layer: TimeLayer): LagPicture {
  const judged = judgedProfile(run, layer);
  const profiles = evenly(layer.profiles, mostLines, judged);
  const other = counterpart(run, layer, repaired);
  const needed = run.header.plan.longestDependency ?? null;
  const ends = [...profiles, ...(other?.profiles ?? [])].map((p) => p.lagNorms.length - 1);
  const last = Math.max(1, needed ?? 0, ...ends);
  const slope = forecastSlope(run, layer);
  const curves = [
    ...(slope === null ? [] : [forecastCurve(slope, last)]),
    ...repairedCurves(other),
    ...measuredCurves(profiles, judged),
  ];
  return { layer, curves, last, cut: cutLag(layer), needed };
}

/** At most so many entries, evenly chosen, the first and last among them, and one that is told of. */
export function evenly<T>(all: T[], most: number, told?: T): T[] {
  if (all.length <= most) return all;
  const places = Array.from({ length: most }, (_, i) => Math.round((i * (all.length - 1)) / (most - 1)));
  const at = told === undefined ? -1 : all.indexOf(told);
  if (at >= 0 && most > 2 && !places.includes(at)) {
    const inner = places.slice(1, -1);
    const nearest = inner.reduce((best, p) => (Math.abs(p - at) < Math.abs(best - at) ? p : best), inner[0]!);
    places[places.indexOf(nearest)] = at;
    places.sort((a, b) => a - b);
  }
  return places.map((place) => all[place]!);
}

export const pointsOf = (profile: Profile): [number, Value][] =>
  profile.lagNorms.map((_, lag): [number, Value] => [lag, leftAt(profile, lag)]);

function measuredCurves(profiles: Profile[], judged: Profile | undefined): LagCurve[] {
  const named = judged && profiles.includes(judged) ? judged : profiles.at(-1);
  return profiles.map((profile, i) => ({
    name: `step ${count(profile.step)}`,
    points: pointsOf(profile),
    color: () => rampColor(profiles.length === 1 ? 1 : i / (profiles.length - 1)),
    style: "measured",
    label: profile === named ? endLabel(profile, "") : null,
  }));
}

function forecastCurve(slope: number, last: number): LagCurve {
  const points = Array.from({ length: last + 1 }, (_, lag): [number, Value] => [lag, lag === 0 ? 0 : slope * lag]);
  return {
    name: "forecast",
    points,
    color: () => token("ink"),
    style: "forecast",
    label: Number.isFinite(slope) ? forecastLabel(slope, last) : null,
  };
}

function repairedCurves(layer: TimeLayer | undefined): LagCurve[] {
  const profiles = evenly(layer?.profiles ?? [], 2);
  return profiles.map((profile, i) => ({
    name: `repaired, step ${count(profile.step)}`,
    points: pointsOf(profile),
    color: () => token("healthy"),
    style: "repaired",
    label: i === profiles.length - 1 ? endLabel(profile, "repaired: ") : null,
  }));
}

/** Gradient norm against lag: measured early to late, forecast, the repaired run, and what the task needs. */
export function lagFigure(picture: LagPicture, state: ViewState, title: Content, label: string): HTMLElement {
  const { layer, curves, last } = picture;
  const figure = new Figure({ title, label, height: 340, key: keyOf(picture), option: () => optionOf(picture) });
  pointAt(figure, {
    state,
    what: "lag",
    margins,
    along: "x",
    depths: Array.from({ length: last + 1 }, (_, lag) => lag),
    tip: (lag) => [
      tipRows(lag === 0 ? "the late step itself" : `${plural(lag, "time step")} back`, [
        ["against lag 0", ""],
        ...curves.map((curve) => tipValue(curve, lag)),
      ]),
      picture.cut !== null && lag >= picture.cut ? el("p", { class: "quiet" }, cutText(layer)) : null,
    ],
  });
  if (picture.cut !== null) hatch(figure, picture.cut, last, layer);
  nameCurves(figure, picture);
  followStep(figure, layer, state);
  return figure.element;
}

function tipValue(curve: LagCurve, lag: number): readonly [string, string] | null {
  const point = curve.points[lag];
  return point && point[1] !== null ? [curve.name, power(point[1], 2)] : null;
}

const cutText = ({ info }: TimeLayer): string =>
  info.window === undefined ? "not measured" : `cut by truncation after ${plural(info.window, "step")}`;

// Beyond the window nothing vanished: nothing was sent there.
function hatch(figure: Figure, cut: number, last: number, layer: TimeLayer): void {
  const text = layer.info.window === undefined ? "not measured" : "cut by truncation";
  const area = el("div", { class: "cut-off" }, el("span", {}, text));
  figure.plot.append(area);
  figure.onPlaced(() => {
    const [from, to] = [cut - 0.5, last + 0.5].map((x) => figure.chart.convertToPixel({ xAxisIndex: 0 }, x) as number);
    Object.assign(area.style, {
      left: `${from}px`,
      width: `${to! - from!}px`,
      top: `${margins.top}px`,
      bottom: `${margins.bottom}px`,
    });
  });
}

const nameColors = { measured: "ramp-late", forecast: "ink", repaired: "healthy" };

// The lag that the task needs is named first, near its foot: its line is the only one that goes up and down.
function nameCurves(figure: Figure, { curves, needed, last }: LagPicture): void {
  nameLines(figure, () => {
    const pixel = pixelsOf(figure);
    const area = areaWithin(figure, margins);
    const across = pixel(needed ?? 0, 0)[0];
    const upright: Point[] = needed === null ? [] : [[across, area.bottom], [across, area.top]];
    const lines = [
      ...curves.map((c) => c.points.flatMap(([lag, y]) => (finite(y) === null ? [] : [pixel(lag, y!)]))),
      [pixel(0, horizonDecades), pixel(last, horizonDecades)],
      upright,
    ];
    const texts = curves.flatMap(({ label, style }) =>
      label ? [{ ...label, at: [pixel(label.lag, label.y)], color: nameColors[style] }] : [],
    );
    return [{ names: [...(needed === null ? [] : [neededName(needed, upright)]), ...texts], lines, area }];
  });
}

// The profile nearest to the training step that is pointed at in another picture, drawn over the rest.
function followStep(figure: Figure, layer: TimeLayer, state: ViewState): void {
  const steps = layer.profiles.map((p) => p.step);
  state.subscribe((view, key) => {
    if (key !== "step") return;
    const at = view.step === null ? null : nearest(steps, view.step);
    const profile = layer.profiles.find((p) => p.step === at);
    const data = profile ? pointsOf(profile).map(([lag, left]) => [lag, finite(left)]) : [];
    figure.chart.setOption({ series: [{ id: "pointed", data, lineStyle: { color: token("accent") } }] });
  });
}

const finite = (value: Value): Value => (value !== null && Number.isFinite(value) ? value : null);

function keyOf({ layer, curves, cut }: LagPicture): Content {
  const [first, last] = [layer.profiles[0], layer.profiles.at(-1)];
  const range =
    first === last
      ? `measured at step ${count(first?.step ?? 0)}`
      : `measured, training step ${count(first!.step)} to ${count(last!.step)}`;
  return [
    first ? keyEntry("ramp", "ramp-late", range) : null,
    curves.some((c) => c.style === "forecast") ? keyEntry("dashed", "ink", "forecast before step 0") : null,
    curves.some((c) => c.style === "repaired") ? keyEntry("line", "healthy", "repaired") : null,
    curves.some((c) => c.points.some((p) => p[1] === -Infinity)) ? keyEntry("dot", "zero", "exactly 0") : null,
    cut === null ? null : keyEntry("cut", "ink", cutText(layer)),
  ];
}

export interface Range {
  floor: number;
  ceiling: number;
}

// A decade of room above, where the lines' labels stand.
function rangeOf(curves: LagCurve[]): Range {
  const values = curves.flatMap((c) => c.points.map((p) => finite(p[1]) ?? 0));
  const [low, high] = [Math.min(horizonDecades - 1, ...values), Math.max(0, ...values)];
  return { floor: Math.floor(low), ceiling: Math.ceil(high + Math.max(0.5, 0.06 * (high - low))) };
}

interface PowerAxis {
  min: number;
  max: number;
  interval: number;
  splitLine: object;
}

// Ticks at whole steps from 10⁰, however the axis ends.
function powersOfTen(floor: number, ceiling: number, most: number): PowerAxis {
  const steps = [1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
  const interval = steps.find((step) => (ceiling - floor) / step <= most) ?? 5000;
  const splitLine = { show: true, showMaxLine: false, lineStyle: { color: token("rule"), width: 1 } };
  return { min: Math.floor(floor / interval) * interval, max: ceiling, interval, splitLine };
}

function optionOf(picture: LagPicture): object {
  const { curves, last } = picture;
  const { floor, ceiling } = rangeOf(curves);
  const axis = powersOfTen(floor, ceiling, 6);
  return {
    grid: margins,
    xAxis: countAxis(last, "lag: time steps back from a late step", 14),
    yAxis: valueAxis({
      ...axis,
      axisLabel: { color: token("muted"), fontSize: 11, formatter: (v: number) => power(v, 0), showMaxLabel: false },
    }),
    series: [
      ...curves.map((curve) => lineOf(curve)),
      zeros(curves, axis.min),
      marks(picture),
      { id: "pointed", type: "line", data: [], silent: true, symbol: "none", z: 6, lineStyle: { width: 2.2 } },
    ],
  };
}

function marks({ needed }: LagPicture): object {
  const lines = [oneLine(), ...(needed === null ? [] : [neededLine(needed)])];
  return { type: "line", data: [], markLine: { silent: true, symbol: "none", animation: false, data: lines } };
}

function lineOf({ name, points, style, color }: LagCurve): object {
  const hasDots = style !== "forecast" && points.length <= 60;
  return {
    type: "line",
    name,
    data: points.map(([x, y]) => [x, finite(y)]),
    lineStyle: {
      color: color(),
      width: style === "measured" ? 1.6 : 1.8,
      type: style === "forecast" ? [5, 4] : "solid",
    },
    itemStyle: { color: color() },
    symbol: "circle",
    symbolSize: hasDots ? 3 : 0.01,
    showAllSymbol: true,
    silent: true,
    z: style === "forecast" ? 4 : style === "measured" ? 3 : 2,
  };
}

/** A layer's picture made small, to choose it by. */
export function smallLagFigure(
  picture: LagPicture,
  { floor, ceiling }: Range,
  title: Content,
  label: string,
): HTMLElement {
  const curves = picture.curves.filter((c) => c.style !== "forecast");
  return new Figure({
    title,
    label,
    height: 96,
    level: "h4",
    option: () => ({
      grid: { left: 40, right: 8, top: 6, bottom: 20 },
      xAxis: countAxis(picture.last, "", 4),
      yAxis: valueAxis({
        ...powersOfTen(floor, ceiling, 3),
        axisLabel: { color: token("muted"), fontSize: 10, formatter: (v: number) => power(v, 0), showMaxLabel: false },
      }),
      series: curves.map((curve) => ({ ...lineOf(curve), symbolSize: 0.01 })),
    }),
  }).element;
}

/** The ends of several pictures, so that they share their axis. */
export function commonRange(pictures: LagPicture[]): Range {
  const ranges = pictures.map((p) => rangeOf(p.curves.filter((c) => c.style !== "forecast")));
  return { floor: Math.min(...ranges.map((r) => r.floor)), ceiling: Math.max(...ranges.map((r) => r.ceiling)) };
}

