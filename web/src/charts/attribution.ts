import { nameOfLayer, layersOf, totalsByKind, type PartShare } from "../data/flow";
import type { LinkKind, Run } from "../data/records";
import { el, type Content } from "../dom";
import { decades, share, tick } from "../format";
import type { ViewState } from "../state";
import { kindColor, token } from "../theme";
import { kindNames } from "../words";
import { Figure, layerAxis, valueAxis, type Margins } from "./figure";
import { pointAt } from "./pointer";
import { tipRows } from "./tip";

const margins: Margins = { left: 54, right: 18, top: 14, bottom: 40 };

interface Segment {
  depth: number;
  from: number;
  to: number;
  kind: LinkKind;
}

/** Each part's share of the gain over depth, in decades, stacked per layer and coloured by kind. */
export function attributionFigure(
  run: Run,
  shares: PartShare[],
  state: ViewState,
  title: Content,
  label: string,
): HTMLElement {
  const segments = stack(shares);
  const layers = layersOf(run);
  const first = layers[0]?.depth ?? 1;
  const last = layers.at(-1)?.depth ?? 1;
  const figure = new Figure({ title, label, height: 280, option: () => optionOf(segments, first, last) });
  pointAt(figure, {
    state,
    margins,
    along: "x",
    depths: [...new Set(shares.map((s) => s.depth))].sort((a, b) => a - b),
    tip: (depth) => {
      const parts = shares.filter((s) => s.depth === depth);
      const sum = parts.reduce((total, part) => total + part.decades, 0);
      return tipRows(nameOfLayer(layers, depth), [
        ...parts.map((p) => [`${p.link}, ${kindNames[p.kind]}`, `${decades(p.decades)} decades`] as const),
        parts.length > 1 ? (["together", `${decades(sum)} decades`] as const) : null,
      ]);
    },
  });
  return figure.element;
}

// Shrinking parts hang below the line, growing ones stand on it; within a layer in the order of the net.
function stack(shares: PartShare[]): Segment[] {
  const ends = new Map<number, { up: number; down: number }>();
  return shares
    .filter((s) => Number.isFinite(s.decades))
    .map(({ depth, decades: d, kind }) => {
      const end = ends.get(depth) ?? { up: 0, down: 0 };
      const from = d < 0 ? end.down : end.up;
      const to = from + d;
      ends.set(depth, d < 0 ? { ...end, down: to } : { ...end, up: to });
      return { depth, from, to, kind };
    });
}

interface BarApi {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
  size: (point: [number, number]) => [number, number];
}

function optionOf(segments: Segment[], first: number, last: number): object {
  const ends = segments.flatMap((s) => [s.from, s.to]);
  const colors = segments.map((s) => kindColor(s.kind));
  const paper = token("paper");
  return {
    grid: margins,
    xAxis: layerAxis(first, last, { axisTick: { show: false }, axisLine: { show: false } }),
    yAxis: valueAxis({
      splitNumber: 4,
      axisLabel: { color: token("muted"), fontSize: 11, formatter: tick },
    }),
    series: [
      {
        type: "custom",
        silent: true,
        clip: true,
        animation: false,
        data: segments.map((s) => [s.depth, s.from, s.to]),
        encode: { x: 0, y: [1, 2] },
        renderItem: (params: { dataIndex: number }, api: BarApi) => {
          const depth = api.value(0);
          const a = api.coord([depth, api.value(1)]);
          const b = api.coord([depth, api.value(2)]);
          const unit = api.size([1, 0])[0];
          const width = Math.max(1, Math.min(42, unit * 0.72));
          return {
            type: "rect",
            shape: { x: a[0] - width / 2, y: Math.min(a[1], b[1]), width, height: Math.abs(a[1] - b[1]) },
            style: {
              fill: colors[params.dataIndex],
              stroke: width > 4 ? paper : undefined,
              lineWidth: width > 4 ? 0.75 : 0,
            },
          };
        },
      },
      {
        type: "line",
        data:
          ends.length > 0
            ? [
                [first - 0.5, 0],
                [last + 0.5, 0],
              ]
            : [],
        silent: true,
        symbol: "none",
        z: 4,
        lineStyle: { color: token("rule-strong"), width: 1 },
      },
    ],
  };
}

/** The sum per kind as labelled bars. */
export function kindTotals(shares: PartShare[]): HTMLElement {
  const finite = shares.filter((s) => Number.isFinite(s.decades));
  const totals = totalsByKind(finite);
  const most = Math.max(...totals.map((t) => Math.abs(t.decades)), 1e-9);
  const sum = totals.reduce((all, t) => all + t.decades, 0);
  return el(
    "table",
    { class: "totals" },
    el("caption", {}, "Together, by kind"),
    el(
      "tbody",
      {},
      totals.map(({ kind, decades: d }) => {
        const bar = el("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${(100 * Math.abs(d)) / most}%`;
        bar.style.setProperty("--c", `var(--kind-${kind})`);
        const part = d / sum;
        return el(
          "tr",
          {},
          el("th", { scope: "row" }, kindNames[kind]),
          el("td", { class: "bars" }, bar),
          el("td", { class: "num" }, decades(d)),
          el("td", { class: "num quiet" }, Math.abs(sum) >= 0.5 && part >= 0 && part <= 1 ? share(part, 0) : ""),
        );
      }),
    ),
    el(
      "tfoot",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "row" }, "all"),
        el("td", {}),
        el("td", { class: "num" }, decades(sum)),
        el("td", { class: "quiet" }, "decades"),
      ),
    ),
  );
}
