import type { Value } from "../data/records";
import type { Content } from "../dom";
import { count, power, share, tick } from "../format";
import type { ViewState } from "../state";
import { token } from "../theme";
import { axis, Figure, stepLabels, valueAxis, type Margins } from "./figure";
import type { Point } from "./curveNames";
import { keyEntry } from "./key";
import { levelAt, nameLevel } from "./level";
import { markStep, pointAtSteps } from "./pointer";
import { tipRows } from "./tip";

// Room above for the name of a level that the axis ends with.
const margins: Margins = { left: 48, right: 12, top: 18, bottom: 38 };

/** A number by training step. */
export interface TrainingLine {
  name: string;
  /** A style token's name. */
  color: string;
  points: [number, Value][];
  width?: number;
}

export interface OverTraining {
  title: Content;
  label: string;
  lines: TrainingLine[];
  /** What to write of a value in the tip. */
  write: (value: Value) => string;
  /** A height that matters, and what it is. */
  level?: { at: number; text: string };
  isLog?: boolean;
  isShare?: boolean;
  /** Whether lines are named above the picture, where there are several; yes unless told otherwise. */
  hasKey?: boolean;
}

/** Numbers of one recurrent layer over the training steps. */
export function overTrainingFigure(picture: OverTraining, state: ViewState): HTMLElement {
  const steps = [...new Set(picture.lines.flatMap((line) => line.points.map(([step]) => step)))].sort((a, b) => a - b);
  const end = 1 + Math.max(0, ...steps);
  const figure = new Figure({
    title: picture.title,
    label: picture.label,
    height: 170,
    level: "h4",
    key: picture.lines.length > 1 && picture.hasKey !== false ? picture.lines.map((line) => keyEntry("line", line.color, line.name)) : null,
    option: () => optionOf(picture, end, state),
  });
  pointAtSteps(figure, steps, state, (step) => tipAt(picture, step));
  markStep(figure, state, margins);
  if (picture.level) {
    const lines = picture.lines.map((line) => drawn(line, picture.isLog));
    nameLevel(figure, margins, { ...picture.level, color: "ink-soft" }, lines);
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

function optionOf({ lines, level, isLog, isShare }: OverTraining, end: number, state: ViewState): object {
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
    yAxis: valueAxis({
      ...(isShare ? { min: 0, max: 1, interval: 0.5 } : { scale: true, splitNumber: 3 }),
      ...(isLog ? { minInterval: 1 } : {}),
      axisLabel: {
        color: token("muted"),
        fontSize: 11,
        formatter: (v: number) => (isLog ? power(v, 0) : isShare ? share(v, 0) : tick(v)),
      },
    }),
    series: [
      ...lines.map((line) => lineOf(line, isLog)),
      {
        type: "line",
        data: [],
        markLine: { silent: true, symbol: "none", animation: false, data: level ? [levelAt(level.at, "ink-soft", 1)] : [] },
      },
    ],
  };
}

const heightOf = (value: Value, isLog = false): Value =>
  value === null || !Number.isFinite(value) || (isLog && value <= 0) ? null : isLog ? Math.log10(value) : value;

const drawn = ({ points }: TrainingLine, isLog?: boolean): Point[] =>
  points.flatMap(([step, value]): Point[] => {
    const height = heightOf(value, isLog);
    return height === null ? [] : [[step, height]];
  });

function lineOf({ points, color, width }: TrainingLine, isLog?: boolean): object {
  return {
    type: "line",
    data: points.map(([step, value]) => [step, heightOf(value, isLog)]),
    lineStyle: { color: token(color), width: width ?? 1.6 },
    itemStyle: { color: token(color) },
    symbol: "circle",
    symbolSize: 4,
    showSymbol: points.length <= 30,
    silent: true,
  };
}

function tipAt({ lines, write }: OverTraining, step: number): Content {
  const rows = lines.map((line) => {
    const point = line.points.find(([at]) => at === step);
    return point ? ([line.name, write(point[1])] as const) : null;
  });
  return tipRows(`training step ${count(step)}`, rows);
}
