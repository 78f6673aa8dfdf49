import type { Profile, TimeLayer } from "../data/lags";
import type { Value } from "../data/records";
import type { Content } from "../dom";
import { count, power, quantity, tick } from "../format";
import type { ViewState } from "../state";
import { rampColor, token } from "../theme";
import { countAxis, Figure, layerTicks, valueAxis, type Margins } from "./figure";
import { evenly } from "./lag";
import { pointAt } from "./pointer";
import { tipRows } from "./tip";

const margins: Margins = { left: 44, right: 12, top: 10, bottom: 38 };
const mostLines = 5;

interface Curve {
  name: string;
  values: Value[];
  color: () => string;
}

/** A number of each time step on the way forward: early to late training steps, and the repaired run's last. */
export function statesFigure(
  layer: TimeLayer,
  repaired: TimeLayer | undefined,
  read: (profile: Profile) => Value[] | undefined,
  told: Profile | undefined,
  state: ViewState,
  title: Content,
  label: string,
): HTMLElement {
  const curves = [...repairedCurve(repaired, read), ...measuredCurves(layer, read, told)];
  const last = Math.max(1, ...curves.map((c) => c.values.length - 1));
  const figure = new Figure({ title, label, height: 170, level: "h4", option: () => optionOf(curves, last) });
  pointAt(figure, {
    state,
    what: "lag",
    mirror: last,
    margins,
    along: "x",
    depths: Array.from({ length: last + 1 }, (_, lag) => lag),
    tip: (lag) =>
      tipRows(
        `time step ${count(last - lag + 1)} of ${count(last + 1)}`,
        curves.map((c) => {
          const value = c.values[last - lag];
          return value === undefined || value === null ? null : ([c.name, quantity(value)] as const);
        }),
      ),
  });
  return figure.element;
}

function measuredCurves(
  layer: TimeLayer,
  read: (profile: Profile) => Value[] | undefined,
  told: Profile | undefined,
): Curve[] {
  const known = evenly(
    layer.profiles.filter((p) => read(p)),
    mostLines,
    told,
  );
  return known.map((p, i) => ({
    name: `step ${count(p.step)}`,
    values: read(p)!,
    color: () => rampColor(known.length === 1 ? 1 : i / (known.length - 1)),
  }));
}

function repairedCurve(layer: TimeLayer | undefined, read: (profile: Profile) => Value[] | undefined): Curve[] {
  const profile = layer?.profiles.filter((p) => read(p)).at(-1);
  if (!profile) return [];
  return [{ name: `repaired, step ${count(profile.step)}`, values: read(profile)!, color: () => token("healthy") }];
}

// Any state rises from 0; what tells is how far apart lines run once they have.
function spansDecades(curves: Curve[]): boolean {
  const later = curves
    .flatMap((c) => c.values.slice(Math.floor(c.values.length / 4)))
    .filter((v): v is number => v !== null && Number.isFinite(v) && v > 0);
  return later.length > 0 && Math.max(...later) > 50 * Math.min(...later);
}

function optionOf(curves: Curve[], last: number): object {
  const isLog = spansDecades(curves);
  // People count time steps from 1.
  const ticks = layerTicks(1, last + 1, 6).map((t) => t - 1);
  const height = (v: Value): Value =>
    v === null || !Number.isFinite(v) || (isLog && v <= 0) ? null : isLog ? Math.log10(v) : v;
  return {
    grid: margins,
    xAxis: countAxis(last, "time step", 6, {
      nameGap: 24,
      axisTick: { customValues: ticks, lineStyle: { color: token("rule-strong") } },
      axisLabel: {
        customValues: ticks,
        color: token("muted"),
        fontSize: 11,
        hideOverlap: true,
        formatter: (t: number) => count(t + 1),
      },
    }),
    yAxis: valueAxis({
      ...(isLog ? { scale: true, minInterval: 1 } : { min: 0 }),
      splitNumber: 3,
      axisLabel: { color: token("muted"), fontSize: 11, formatter: (v: number) => (isLog ? power(v, 0) : tick(v)) },
    }),
    series: curves.map((c) => ({
      type: "line",
      data: c.values.map((v, t) => [t, height(v)]),
      lineStyle: { color: c.color(), width: 1.5 },
      itemStyle: { color: c.color() },
      showSymbol: c.values.length === 1,
      silent: true,
    })),
  };
}
