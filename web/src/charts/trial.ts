import type { Trial } from "../data/records";
import type { Content } from "../dom";
import { count, quantity, tick } from "../format";
import { token } from "../theme";
import { remedyName } from "../words";
import { axis, Figure, valueAxis } from "./figure";
import { showTip, hideTip, tipRows } from "./tip";
import { nearest } from "./pointer";
import type { ElementEvent } from "echarts/core";

/** A remedy's forks beside the untouched control's, in grey. */
export function trialFigure(
  title: Content,
  label: string,
  forks: Trial[],
  controls: Trial[],
  ceiling: number,
  isChosen: boolean,
): HTMLElement {
  const end = Math.max(1, ...[...forks, ...controls].flatMap((t) => t.curveSteps.at(-1) ?? 0));
  const figure = new Figure({
    title,
    label,
    height: 120,
    level: "h4",
    option: () => ({
      grid: { left: 34, right: 8, top: 8, bottom: 20 },
      xAxis: axis({
        type: "value",
        min: 0,
        max: end,
        splitNumber: 2,
        minInterval: 1,
        axisLabel: { color: token("muted"), fontSize: 10, hideOverlap: true, formatter: count },
      }),
      yAxis: valueAxis({
        min: 0,
        max: ceiling,
        splitNumber: 2,
        axisLabel: { color: token("muted"), fontSize: 10, formatter: tick },
      }),
      series: [
        ...controls.map((t) => lineOf(t, token("control"), 1.3, ceiling)),
        ...forks.map((t) => lineOf(t, isChosen ? token("healthy") : token("ink-soft"), isChosen ? 2 : 1.4, ceiling)),
      ],
    }),
  });
  pointAtStep(figure, [...forks, ...controls]);
  return figure.element;
}

function lineOf(trial: Trial, color: string, width: number, ceiling: number): object {
  const data = trial.curveSteps.map((step, i) => {
    const loss = trial.curveLoss[i];
    return [step, loss === undefined || Number.isNaN(loss) ? null : Math.min(loss, ceiling)];
  });
  return {
    type: "line",
    data,
    silent: true,
    showSymbol: false,
    lineStyle: { color, width },
    itemStyle: { color },
    animation: false,
  };
}

function pointAtStep(figure: Figure, trials: Trial[]): void {
  const zr = figure.chart.getZr();
  zr.on("globalout", hideTip);
  zr.on("mousemove", ({ offsetX, offsetY }: ElementEvent) => {
    if (!figure.chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return hideTip();
    const at = figure.chart.convertFromPixel({ xAxisIndex: 0 }, offsetX) as number;
    const box = figure.plot.getBoundingClientRect();
    const step = nearest(trials[0]?.curveSteps ?? [], at);
    showTip(
      box.left + offsetX,
      box.top + offsetY,
      tipRows(
        `step ${step === null ? "" : count(step)}`,
        trials.map((t) => {
          const i = t.curveSteps.indexOf(nearest(t.curveSteps, at) ?? -1);
          return i < 0 ? null : ([`${nameOf(t)}, seed ${t.seed}`, quantity(t.curveLoss[i])] as const);
        }),
      ),
    );
  });
}

const nameOf = ({ role, remedy }: Trial): string => (role === "control" ? "control" : remedyName(remedy));
