import type { ElementEvent } from "echarts/core";
import type { RecurrentSpectrum } from "../data/records";
import type { Content } from "../dom";
import { count, quantity, tick } from "../format";
import { rampColor, token } from "../theme";
import { axis, Figure, valueAxis } from "./figure";
import { keyEntry } from "./key";
import { hideTip, showTip, tipRows } from "./tip";

/** A square, so that the unit circle is one. */
const side = 210;
const margins = { left: 44, top: 10, bottom: 38 };

export interface Eigenvalues {
  name: string;
  mark: "early" | "late" | "repaired";
  spectrum: RecurrentSpectrum;
}

const colors = { early: () => rampColor(0), late: () => rampColor(1), repaired: () => token("healthy") };
const tokens = { early: "ramp-early", late: "ramp-late", repaired: "healthy" };

/** Eigenvalues in the complex plane, with the circle that parts fading from growing. */
export function eigenvaluesFigure(spectra: Eigenvalues[], title: Content, label: string): HTMLElement {
  const figure = new Figure({
    title,
    label,
    height: side + margins.top + margins.bottom,
    level: "h4",
    key: [
      ...spectra.map(({ mark, name }) => keyEntry("dot", tokens[mark], name)),
      keyEntry("line", "ink-soft", "unit circle"),
    ],
    option: () => optionOf(spectra),
  });
  pointAtValues(figure, spectra);
  return figure.element;
}

function optionOf(spectra: Eigenvalues[]): object {
  const farthest = Math.max(1, ...spectra.map(({ spectrum }) => spectrum.radius).filter(Number.isFinite));
  const end = 1.12 * farthest;
  const scale = { type: "value", min: -end, max: end, splitNumber: 4 };
  const axisLabel = {
    color: token("muted"),
    fontSize: 11,
    showMinLabel: false,
    showMaxLabel: false,
    formatter: (v: number) => tick(v),
  };
  return {
    grid: { left: margins.left, top: margins.top, width: side, height: side },
    xAxis: axis({ ...scale, name: "real part", nameLocation: "middle", nameGap: 24, axisLabel }),
    yAxis: valueAxis({ ...scale, name: "imaginary part", nameLocation: "middle", nameGap: 30, axisLabel }),
    series: [
      circle(),
      ...spectra.map(({ spectrum, mark }) => ({
        type: "scatter",
        data: spectrum.real.map((real, i) => [real, spectrum.imaginary[i]!]),
        symbolSize: spectrum.real.length > 100 ? 3 : 5,
        itemStyle: { color: colors[mark](), opacity: 0.85 },
        silent: true,
      })),
    ],
  };
}

function circle(): object {
  const turns = Array.from({ length: 181 }, (_, i) => (i * Math.PI) / 90);
  return {
    type: "line",
    data: turns.map((turn) => [Math.cos(turn), Math.sin(turn)]),
    lineStyle: { color: token("ink-soft"), width: 1 },
    symbol: "none",
    silent: true,
    z: 1,
  };
}

function pointAtValues(figure: Figure, spectra: Eigenvalues[]): void {
  const all = spectra.flatMap(({ name, spectrum }) =>
    spectrum.real.map((real, i) => ({ name, real, imaginary: spectrum.imaginary[i]! })),
  );
  const zr = figure.chart.getZr();
  zr.on("globalout", hideTip);
  zr.on("mousemove", ({ offsetX, offsetY }: ElementEvent) => {
    const near = all
      .map((value) => {
        const [x, y] = figure.chart.convertToPixel({ gridIndex: 0 }, [value.real, value.imaginary]) as [number, number];
        return { value, distance: Math.hypot(x - offsetX, y - offsetY) };
      })
      .reduce((best, next) => (next.distance < best.distance ? next : best), { value: all[0], distance: 12 });
    if (near.distance >= 12 || !near.value) return hideTip();
    const { name, real, imaginary } = near.value;
    const box = figure.plot.getBoundingClientRect();
    showTip(
      box.left + offsetX,
      box.top + offsetY,
      tipRows(name, [
        ["eigenvalue", `${quantity(real)} ${imaginary < 0 ? "−" : "+"} ${quantity(Math.abs(imaginary))} i`],
        ["size", quantity(Math.hypot(real, imaginary))],
      ]),
    );
  });
}

/** The name of a training step's eigenvalues. */
export const atStep = (step: number): string => `training step ${count(step)}`;
