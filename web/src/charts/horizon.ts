import { lastLag, memoryHorizon, type TimeLayer } from "../data/lags";
import type { Content } from "../dom";
import { count, plural } from "../format";
import type { ViewState } from "../state";
import { token } from "../theme";
import { axis, Figure, stepLabels, valueAxis, type Margins } from "./figure";
import { keyEntry } from "./key";
import { levelAt, nameLevel } from "./level";
import type { Point } from "./curveNames";
import { markStep, nearest, pointAtSteps } from "./pointer";
import { tipRows } from "./tip";

const margins: Margins = { left: 44, right: 12, top: 10, bottom: 38 };

interface Horizon {
  step: number;
  horizon: number | null;
  known: number;
}

const pointsOf = (layer: TimeLayer | undefined): Horizon[] =>
  (layer?.profiles ?? []).map((p) => ({ step: p.step, horizon: memoryHorizon(p), known: lastLag(p) }));

/** The memory horizon over the training steps, beside what the task needs. */
export function horizonFigure(
  layer: TimeLayer,
  repaired: TimeLayer | undefined,
  needed: number | null,
  state: ViewState,
  title: Content,
  label: string,
): HTMLElement {
  const [measured, other] = [pointsOf(layer), pointsOf(repaired)];
  const end = 1 + Math.max(0, ...[...measured, ...other].map((p) => p.step));
  const figure = new Figure({
    title,
    label,
    height: 170,
    level: "h4",
    key: [...measured, ...other].some((p) => p.horizon === null)
      ? keyEntry("beyond", "muted", "lasts to the last lag")
      : null,
    option: () => optionOf(measured, other, needed, end, state),
  });
  const steps = measured.map((p) => p.step);
  pointAtSteps(figure, steps, state, (step) => tipAt(measured, other, step));
  markStep(figure, state, margins);
  if (needed !== null) {
    const level = { at: needed, text: `the answer needs ${count(needed)}`, color: "accent" };
    const lines = [measured, other].map((points) => points.map((p): Point => [p.step, p.horizon ?? p.known]));
    nameLevel(figure, margins, level, lines);
  }
  state.subscribe((view, key) => {
    if (key !== "range") return;
    figure.chart.setOption({ xAxis: rangeOf(view.range, end) });
    figure.place();
  });
  return figure.element;
}

const rangeOf = (range: [number, number] | null, end: number): { min: number; max: number } =>
  range ? { min: range[0], max: range[1] } : { min: 0, max: end };

function optionOf(measured: Horizon[], other: Horizon[], needed: number | null, end: number, state: ViewState): object {
  const lags = [...measured, ...other].map((p) => p.horizon ?? p.known);
  const top = Math.max(needed ?? 0, ...lags);
  return {
    grid: margins,
    xAxis: axis({
      type: "value",
      ...rangeOf(state.view.range, end),
      splitNumber: 4,
      name: "training step",
      nameLocation: "middle",
      nameGap: 24,
      axisLabel: stepLabels(end),
    }),
    yAxis: valueAxis({ min: 0, max: Math.ceil(1.12 * top), splitNumber: 3, minInterval: 1, axisLabel: whole() }),
    series: [
      ...linesOf(other, "healthy"),
      ...linesOf(measured, "run"),
      {
        type: "line",
        data: [],
        markLine: {
          silent: true,
          symbol: "none",
          animation: false,
          data: needed === null ? [] : [levelAt(needed, "accent", 1.4)],
        },
      },
    ],
  };
}

const whole = (): object => ({
  color: token("muted"),
  fontSize: 11,
  showMaxLabel: false,
  formatter: (v: number) => (Number.isInteger(v) ? count(v) : ""),
});

// Where memory outlasts what is known, an arrow stands at the last lag known.
function linesOf(points: Horizon[], color: string): object[] {
  const style = { color: token(color) };
  return [
    {
      type: "line",
      data: points.map((p) => [p.step, p.horizon]),
      lineStyle: { ...style, width: 1.6 },
      itemStyle: style,
      symbol: "circle",
      symbolSize: 4,
      showSymbol: points.length <= 30,
      silent: true,
    },
    {
      type: "scatter",
      data: points.filter((p) => p.horizon === null).map((p) => [p.step, p.known]),
      symbol: "triangle",
      symbolSize: 8,
      itemStyle: style,
      silent: true,
    },
  ];
}

export const horizonText = (horizon: number | null, known: number): string =>
  horizon === null ? `beyond ${plural(known, "step")}` : plural(horizon, "step");

function tipAt(measured: Horizon[], other: Horizon[], step: number): Content {
  const at = nearest(
    other.map((p) => p.step),
    step,
  );
  const [mine, its] = [measured.find((p) => p.step === step)!, other.find((p) => p.step === at)];
  return tipRows(`training step ${count(step)}`, [
    ["memory ends after", horizonText(mine.horizon, mine.known)],
    its ? [`repaired, step ${count(its.step)}`, horizonText(its.horizon, its.known)] : null,
  ]);
}
