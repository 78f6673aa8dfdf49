import { layersOf, nameOfLayer, normAt, normFrames, type Layer } from "../data/flow";
import type { Frame, Run, Value } from "../data/records";
import { el, type Content } from "../dom";
import { count, decades, power, tick } from "../format";
import type { ViewState } from "../state";
import { css, divergingScale, token } from "../theme";
import { axis, Figure, layerAxis, stepLabels, type Margins } from "./figure";
import { keyEntry } from "./key";
import { markStep, nearest, pointAt } from "./pointer";
import { tipRows } from "./tip";

const margins: Margins = { left: 48, right: 18, top: 14, bottom: 40 };

interface Grid {
  layers: Layer[];
  frames: Frame[];
  edges: number[];
  values: Value[][];
  limit: number;
}

/** Layer × step: each cell is the gradient's norm in decades relative to the last layer's at the same step. */
export function heatFigure(run: Run, state: ViewState, title: Content, label: string): HTMLElement {
  const grid = gridOf(run);
  const figure = new Figure({
    title,
    label,
    height: 340,
    renderer: "canvas",
    key: keyOf(grid),
    option: () => optionOf(grid, state),
  });
  pointAt(figure, {
    state,
    margins,
    along: "y",
    hasSteps: true,
    depths: grid.layers.map((layer) => layer.depth),
    tip: (depth, step) => tipOf(grid, depth, step),
  });
  markStep(figure, state, margins);
  state.subscribe((view, key) => {
    if (key !== "range") return;
    const [min, max] = view.range ?? [grid.edges[0]!, grid.edges.at(-1)!];
    figure.chart.setOption({ xAxis: { min, max } });
  });
  return figure.element;
}

function gridOf(run: Run): Grid {
  const layers = layersOf(run);
  const frames = normFrames(run);
  const last = layers.at(-1)!;
  const values = frames.map((frame) => {
    const reference = normAt(frame, last);
    return layers.map((layer) => {
      const norm = normAt(frame, layer);
      return norm === null || reference === null ? null : norm - reference;
    });
  });
  const finite = values.flat().filter((v) => v !== null && Number.isFinite(v)) as number[];
  const limit = finite.reduce((most, v) => Math.max(most, Math.abs(v)), 2);
  return { layers, frames, values, limit: Math.ceil(limit), edges: edgesOf(frames, run) };
}

// A cell reaches halfway to its neighbours.
function edgesOf(frames: Frame[], run: Run): number[] {
  const steps = frames.map((frame) => frame.step);
  const end = Math.max(run.steps.at(-1)?.step ?? 0, steps.at(-1)!) + 1;
  return [steps[0]!, ...steps.slice(1).map((step, i) => (step + steps[i]!) / 2), end];
}

function optionOf(grid: Grid, state: ViewState): object {
  const first = grid.layers[0]!.depth;
  const last = grid.layers.at(-1)!.depth;
  const [min, max] = state.view.range ?? [grid.edges[0]!, grid.edges.at(-1)!];
  return {
    grid: margins,
    xAxis: axis({
      type: "value",
      min,
      max,
      name: "step",
      nameLocation: "middle",
      nameGap: 26,
      axisLabel: stepLabels(max),
    }),
    yAxis: layerAxis(first, last, { name: "layer", nameGap: 34 }),
    series: [{ type: "custom", data: [[0, 0]], clip: true, silent: true, renderItem: painter(grid) }],
  };
}

interface PaintParams {
  coordSys: { x: number; y: number; width: number; height: number };
}
interface PaintApi {
  coord: (point: [number, number]) => [number, number];
}

// All cells are one image, painted for the range in sight, so that a thousand layers cost no more than ten.
function painter(grid: Grid): (params: PaintParams, api: PaintApi) => object {
  return ({ coordSys: { x, y, width, height } }, api) => {
    const scale = devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    context.translate(-x, -y);
    const color = divergingScale();
    const hatch = hatchPattern(context);
    const tops = bands(grid.layers, api, grid.frames[0]?.step ?? 0);
    grid.frames.forEach((_, column) => {
      const left = Math.floor(api.coord([grid.edges[column]!, 0])[0]);
      const right = api.coord([grid.edges[column + 1]!, 0])[0];
      if (right < x || left > x + width) return;
      grid.layers.forEach((_, row) => {
        const [top, bottom] = tops[row]!;
        context.fillStyle = fillOf(grid.values[column]![row]!, grid.limit, color, hatch);
        context.fillRect(left, top, Math.ceil(right - left), bottom - top);
      });
    });
    return { type: "image", style: { image: canvas, x, y, width, height } };
  };
}

function bands(layers: Layer[], api: PaintApi, step: number): [number, number][] {
  return layers.map((layer, i) => {
    const below = i === 0 ? layer.depth - 0.5 : (layers[i - 1]!.depth + layer.depth) / 2;
    const above = i === layers.length - 1 ? layer.depth + 0.5 : (layers[i + 1]!.depth + layer.depth) / 2;
    return [Math.floor(api.coord([step, above])[1]), Math.ceil(api.coord([step, below])[1])];
  });
}

function fillOf(
  value: Value,
  limit: number,
  color: (t: number) => [number, number, number],
  hatch: CanvasPattern,
): string | CanvasPattern {
  if (value === null) return token("paper");
  if (value === -Infinity) return token("zero");
  return Number.isFinite(value) ? css(color(value / limit)) : hatch;
}

function hatchPattern(context: CanvasRenderingContext2D): CanvasPattern {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d")!;
  pen.fillStyle = token("neutral");
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = token("ink");
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat")!;
}

function keyOf(grid: Grid): Content {
  const all = grid.values.flat();
  return [
    "decades against the last layer",
    el(
      "span",
      { class: "entry" },
      `−${tick(grid.limit)}`,
      el("span", { class: "scale", "aria-hidden": "true" }),
      `+${tick(grid.limit)}`,
    ),
    all.includes(-Infinity) ? keyEntry("box", "zero", "exactly 0") : null,
    all.some((v) => v !== null && (Number.isNaN(v) || v === Infinity)) ? keyEntry("hatch", "ink", "not finite") : null,
  ];
}

function tipOf(grid: Grid, depth: number, step: number): Content {
  const column = Math.max(0, grid.edges.findIndex((edge) => edge > step) - 1);
  const frame = grid.frames[Math.min(column, grid.frames.length - 1)]!;
  const row = grid.layers.findIndex(
    (layer) =>
      layer.depth ===
      nearest(
        grid.layers.map((l) => l.depth),
        depth,
      ),
  );
  const layer = grid.layers[row]!;
  return tipRows(nameOfLayer(grid.layers, depth), [
    ["step", count(frame.step)],
    ["norm", power(normAt(frame, layer), 2)],
    ["against the last layer", `${decades(grid.values[grid.frames.indexOf(frame)]![row])} decades`],
  ]);
}
