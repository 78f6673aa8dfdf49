import type { Reach } from "../data/reach";
import { count, plural } from "../format";
import { token } from "../theme";
import { axis, countAxis, Figure } from "./figure";

const rowHeight = 26;

/** How far back windows of attention see, a step of the stair per layer, beside what is needed. */
export function reachFigure(reach: Reach, title: string): HTMLElement {
  const rows = reach.stairs;
  return new Figure({
    title,
    label: title,
    height: 64 + rowHeight * rows.length,
    option: () => ({
      grid: { left: 8, right: 16, top: 22, bottom: 42, containLabel: true },
      xAxis: countAxis(Math.max(reach.steps, reach.needed ?? 0), "time steps back from an output", 14),
      yAxis: axis({
        type: "category",
        inverse: true,
        data: rows.map((row) => row.name),
        axisTick: { show: false },
        axisLabel: { color: token("muted"), fontSize: 11 },
      }),
      series: [
        bars(rows.map((row) => row.from), { color: "transparent" }),
        {
          ...bars(rows.map((row) => row.to - row.from), { color: token("kind-attention") }),
          label: {
            show: true,
            position: "right",
            color: token("muted"),
            fontSize: 11,
            formatter: ({ dataIndex }: { dataIndex: number }) => count(rows[dataIndex]!.to),
          },
          markLine: needed(reach),
        },
      ],
    }),
  }).element;
}

const bars = (data: number[], itemStyle: object): object => ({
  type: "bar",
  stack: "reach",
  data,
  itemStyle,
  barWidth: "60%",
  silent: true,
});

function needed({ needed, isNeedKnown, steps }: Reach): object {
  const lag = needed ?? 0;
  const text = isNeedKnown ? `the answer needs ${count(lag)}` : `a sequence has ${plural(lag + 1, "step")}`;
  return {
    silent: true,
    symbol: "none",
    animation: false,
    data: needed === null ? [] : [{ xAxis: lag }],
    lineStyle: { color: token("accent"), type: "solid", width: 1.4 },
    label: {
      formatter: text,
      position: "start",
      align: lag > 0.7 * Math.max(steps, lag) ? "right" : "center",
      color: token("accent"),
      fontSize: 11,
    },
  };
}
