import { axis, Figure, stepLabels, valueAxis } from "../charts/figure";
import type { Run } from "../data/records";
import { el } from "../dom";
import { count, quantity, tick } from "../format";
import { token } from "../theme";
import { trend } from "./trend";

/** How the phase before the training went; null where there was none, or it was judged at its end alone. */
export function pretrainingSection(run: Run, name = "Pre-training"): HTMLElement | null {
  const judged = run.evaluations.filter((evaluation) => evaluation.split === "pretraining");
  if (judged.length < 2) return null;
  const end = judged.at(-1)!.step;
  const loss = trend("loss", judged.map((evaluation) => [evaluation.step, evaluation.loss]), quantity);
  const title = `${name}: ${loss} in ${count(end)} steps`;
  const figure = new Figure({
    title,
    label: title,
    height: 150,
    option: () => ({
      grid: { left: 56, right: 12, top: 10, bottom: 38 },
      xAxis: axis({
        type: "value",
        min: 0,
        max: end,
        splitNumber: 4,
        name: "step of the pre-training",
        nameLocation: "middle",
        nameGap: 24,
        axisLabel: stepLabels(end),
      }),
      yAxis: valueAxis({
        min: 0,
        splitNumber: 3,
        axisLabel: { color: token("muted"), fontSize: 11, formatter: (v: number) => tick(v) },
      }),
      series: [
        {
          type: "line",
          data: judged.map(({ step, loss: value }) => [step, Number.isFinite(value) ? value : null]),
          lineStyle: { color: token("ink"), width: 1.2 },
          itemStyle: { color: token("ink") },
          symbol: "circle",
          symbolSize: 4,
          showAllSymbol: true,
          silent: true,
        },
      ],
    }),
  });
  return el(
    "section",
    { class: "wide", "aria-label": name },
    figure.element,
    el("p", { class: "hint" }, "Of the next input at every time step, on validation data of its own."),
  );
}
