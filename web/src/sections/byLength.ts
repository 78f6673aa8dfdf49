import { axis, Figure, valueAxis } from "../charts/figure";
import { keyEntry } from "../charts/key";
import type { LengthLoss, Run } from "../data/records";
import { el } from "../dom";
import { count, metric, tick } from "../format";
import { token } from "../theme";

/** How the trained net does on sequences of several lengths; null where that was not judged. */
export function byLengthSection(run: Run): HTMLElement | null {
  const rows = run.byLength?.rows ?? [];
  if (rows.length === 0) return null;
  const { metricName } = run.header.plan;
  const isMetric = rows.every((row) => row.metric !== undefined);
  const score = (row: LengthLoss): number => (isMetric ? row.metric! : row.loss);
  const guess = (row: LengthLoss): number | undefined => (isMetric ? row.chanceMetric : row.baselineLoss);
  const write = (value: number): string => metric(value, isMetric ? metricName : undefined);
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const what = isMetric ? (metricName ?? "metric") : "loss";
  const title =
    rows.length === 1
      ? `By length: ${what} ${write(score(first))} at ${lengthOf(first)} time steps`
      : `By length: ${what} ${write(score(first))} at ${lengthOf(first)} time steps, ${write(score(last))} at ${lengthOf(last)}`;
  const figure = new Figure({
    title,
    label: title,
    height: 200,
    key: [
      keyEntry("dot", "run", `${what} on lengths that were trained on`),
      rows.some((row) => !row.isTrained) ? keyEntry("dot", "muted", "on other lengths") : null,
      rows.some((row) => guess(row) !== undefined) ? keyEntry("dashed", "muted", "a guess without inputs") : null,
    ],
    option: () => ({
      grid: { left: 56, right: 12, top: 10, bottom: 38 },
      xAxis: axis({
        type: "category",
        data: rows.map(lengthOf),
        name: "time steps of a sequence",
        nameLocation: "middle",
        nameGap: 24,
      }),
      yAxis: valueAxis({
        min: 0,
        ...(metricName === "accuracy" && isMetric ? { max: 1, interval: 0.5 } : {}),
        splitNumber: 3,
        axisLabel: {
          color: token("muted"),
          fontSize: 11,
          formatter: (v: number) => (isMetric && metricName === "accuracy" ? write(v) : tick(v)),
        },
      }),
      series: [
        {
          type: "line",
          data: rows.map((row) => guess(row) ?? null),
          lineStyle: { color: token("muted"), type: "dashed", width: 1.2 },
          symbol: "none",
          silent: true,
        },
        {
          type: "line",
          data: rows.map((row) => ({
            value: Number.isFinite(score(row)) ? score(row) : null,
            itemStyle: { color: token(row.isTrained ? "run" : "muted") },
          })),
          lineStyle: { color: token("muted"), width: 1.2 },
          symbol: "circle",
          symbolSize: 7,
          showAllSymbol: true,
          silent: true,
        },
        {
          type: "line",
          data: rows.map((row) => (row.isTrained && Number.isFinite(score(row)) ? score(row) : null)),
          lineStyle: { color: token("run"), width: 1.6 },
          symbol: "none",
          silent: true,
        },
      ],
    }),
  });
  return el("section", { class: "wide", "aria-label": "By length" }, figure.element);
}

const lengthOf = ({ from, to }: LengthLoss): string => (from === to ? count(from) : `${count(from)}–${count(to)}`);
