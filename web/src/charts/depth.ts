import { chooseFrames, layersOf, nameOfLayer, normAt, normFrames, slopeOf, type Layer } from "../data/flow";
import type { Frame, Run, Value } from "../data/records";
import type { Content } from "../dom";
import { count, decades, power } from "../format";
import type { ViewState } from "../state";
import { dataTable, inNumbers, inWords } from "../table";
import { rampColor, token } from "../theme";
import { Figure, layerAxis, valueAxis, type Margins } from "./figure";
import { areaWithin, nameLines, pixelsOf } from "./curveNames";
import { known, namesOf, type Curve } from "./depthLabels";
import { keyEntry } from "./key";
import { nearest, pointAt } from "./pointer";
import { tipRows } from "./tip";
import { zeros } from "./zeros";

const margins: Margins = { left: 54, right: 18, top: 14, bottom: 40 };
const mostLines = 7;

/** Gradient norm against depth: measured early to late, forecast, and the repaired run. */
export function depthFigure(
  run: Run,
  repaired: Run | null,
  state: ViewState,
  title: Content,
  label: string,
): HTMLElement {
  const layers = layersOf(run);
  const frames = chooseFrames(normFrames(run), mostLines);
  const curves = [...forecastCurves(run, layers), ...repairedCurves(repaired), ...measuredCurves(frames, layers)];
  const figure = new Figure({
    title,
    label,
    height: 340,
    key: keyOf(frames, curves),
    option: () => optionOf(layers, curves),
  });
  pointAt(figure, {
    state,
    margins,
    along: "x",
    depths: layers.map((layer) => layer.depth),
    tip: (depth) => tipRows(nameOfLayer(layers, depth), tipValues(curves, depth)),
  });
  nameLines(figure, () => {
    const pixel = pixelsOf(figure);
    const lines = curves.map((curve) => known(curve).map(([depth, y]) => pixel(depth, y)));
    return [{ names: namesOf(curves, pixel), lines, area: areaWithin(figure, margins) }];
  });
  followStep(figure, run, layers, state);
  return figure.element;
}

// The frame nearest to the step that is pointed at in another picture, drawn over the rest.
function followStep(figure: Figure, run: Run, layers: Layer[], state: ViewState): void {
  const frames = normFrames(run);
  const steps = frames.map((frame) => frame.step);
  state.subscribe((view, key) => {
    if (key !== "step") return;
    const at = view.step === null ? null : nearest(steps, view.step);
    const frame = frames.find((f) => f.step === at);
    const data = frame ? layers.map((layer) => [layer.depth, finite(normAt(frame, layer))]) : [];
    figure.chart.setOption({ series: [{ id: "pointed", data, lineStyle: { color: token("accent") } }] });
  });
}

const finite = (value: Value): Value => (value !== null && Number.isFinite(value) ? value : null);

function measuredCurves(frames: Frame[], layers: Layer[]): Curve[] {
  return frames.map((frame, i) => ({
    name: `step ${count(frame.step)}`,
    points: layers.map((layer): [number, Value] => [layer.depth, normAt(frame, layer)]),
    color: () => rampColor(frames.length === 1 ? 1 : i / (frames.length - 1)),
    style: "measured",
  }));
}

function forecastCurves(run: Run, layers: Layer[]): Curve[] {
  const norms = run.forecast?.cutNorms;
  const last = layers.at(-1);
  const start = normFrames(run)[0];
  if (!norms?.length || !last) return [];
  // Theory knows norms relative to the last cut, which is where the measured curve lends it a foot to stand on.
  const anchor = (start && normAt(start, last)) ?? 0;
  const atLast = norms[last.cut] ?? 0;
  const points = layers.map((layer): [number, Value] => {
    const norm = norms[layer.cut];
    return [layer.depth, norm === null || norm === undefined ? null : norm - atLast + anchor];
  });
  return hasLine(points) ? [{ name: "forecast", points, color: () => token("ink"), style: "forecast" }] : [];
}

// Of one place alone, such as the foot of a net that theory doesn't cover, nothing can be drawn.
const hasLine = (points: [number, Value][]): boolean =>
  points.some(([, norm], i) => isKnown(norm) && isKnown(points[i + 1]?.[1]));

const isKnown = (norm: Value | undefined): boolean => Number.isFinite(norm);

function repairedCurves(repaired: Run | null): Curve[] {
  if (!repaired) return [];
  const layers = layersOf(repaired);
  return chooseFrames(normFrames(repaired), 2).map((frame) => ({
    name: `repaired, step ${count(frame.step)}`,
    points: layers.map((layer): [number, Value] => [layer.depth, normAt(frame, layer)]),
    color: () => token("healthy"),
    style: "repaired",
  }));
}

function keyOf(frames: Frame[], curves: Curve[]): Content {
  const first = frames[0];
  const last = frames.at(-1);
  return [
    first && last
      ? keyEntry(
          "ramp",
          "ramp-late",
          frames.length > 1
            ? `measured, step ${count(first.step)} to ${count(last.step)}`
            : `measured at step ${count(first.step)}`,
        )
      : null,
    curves.some((c) => c.style === "forecast") ? keyEntry("dashed", "ink", "forecast before step 0") : null,
    curves.some((c) => c.style === "repaired") ? keyEntry("line", "healthy", "repaired") : null,
    curves.some((c) => c.points.some((p) => p[1] === -Infinity)) ? keyEntry("dot", "zero", "exactly 0") : null,
  ];
}

function tipValues(curves: Curve[], depth: number): (readonly [string, string] | null)[] {
  return curves.map((curve) => {
    const point = curve.points.find((p) => p[0] === depth);
    return point ? ([curve.name, power(point[1], 2)] as const) : null;
  });
}

function optionOf(layers: Layer[], curves: Curve[]): object {
  const first = layers[0]!.depth;
  const last = layers.at(-1)!.depth;
  const norms = curves.flatMap((c) => c.points.map((p) => finite(p[1]) ?? 0));
  const floor = Math.floor(norms.reduce((a, b) => Math.min(a, b), 0));
  return {
    grid: margins,
    xAxis: layerAxis(first, last),
    yAxis: valueAxis({
      scale: true,
      minInterval: 1,
      axisLabel: { color: token("muted"), fontSize: 11, formatter: (v: number) => power(v, 0) },
    }),
    series: [
      ...curves.map(lineOf),
      zeros(curves, floor),
      {
        id: "pointed",
        type: "line",
        data: [],
        silent: true,
        symbol: "none",
        z: 6,
        animation: false,
        lineStyle: { width: 2.2 },
      },
    ],
  };
}

function lineOf(curve: Curve): object {
  const color = curve.color();
  return {
    type: "line",
    name: curve.name,
    data: curve.points.map(([x, y]) => [x, finite(y)]),
    lineStyle: {
      color,
      width: curve.style === "measured" ? 1.6 : 1.8,
      type: curve.style === "forecast" ? [5, 4] : "solid",
    },
    itemStyle: { color },
    symbol: "circle",
    symbolSize: curve.style === "forecast" || curve.points.length > 40 ? 0.01 : 4,
    showAllSymbol: true,
    silent: true,
    z: curve.style === "forecast" ? 4 : curve.style === "measured" ? 3 : 2,
  };
}

/** The norms as a table, for those who want every number. */
export function depthTable(run: Run, repaired: Run | null): HTMLElement {
  const layers = layersOf(run);
  const frames = chooseFrames(normFrames(run), 2);
  const curves = [...measuredCurves(frames, layers), ...forecastCurves(run, layers), ...repairedCurves(repaired)];
  const slopes = frames.map((frame) => decades(slopeOf(frame, layers))).join(", ");
  return dataTable<Layer>(
    [
      inNumbers("layer", (layer) => count(layer.depth)),
      inWords("name", (layer) => layer.name),
      ...curves.map((c) =>
        inNumbers<Layer>(c.name, (layer) => decades(c.points.find((p) => p[0] === layer.depth)?.[1])),
      ),
    ],
    layers,
    { caption: `log₁₀ of the gradient's norm at each layer's output. Decades per layer: ${slopes}.` },
  );
}
