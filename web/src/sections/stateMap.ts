import { atStep, eigenvaluesFigure, type Eigenvalues } from "../charts/eigenvalues";
import { emptyFigure } from "../charts/figure";
import { overTrainingFigure, type TrainingLine } from "../charts/overTraining";
import type { Profile, TimeLayer } from "../data/lags";
import type { GateStatistics } from "../data/records";
import { el, type Content } from "../dom";
import { capital, quantity, share } from "../format";
import type { ViewState } from "../state";

/** What one time step does to the state: how small differences fare, and why. */
export function stateMapParts(layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): Content {
  const isGated = layer.profiles.some((p) => p.gates);
  if (!layer.profiles.some((p) => p.lyapunov !== undefined || p.spectrum || p.gates)) {
    return emptyFigure(
      "What one time step does to the state",
      "Eigenvalues of the recurrent matrix, the Lyapunov exponent and how far gates are open were not recorded. ",
      el("code", {}, "gradflow train"),
      " and ",
      el("code", {}, "gradflow doctor"),
      " record them; in a log they are the fields ",
      el("code", {}, "lyapunov"),
      ", ",
      el("code", {}, "spectrum"),
      " and ",
      el("code", {}, "gates"),
      ".",
    );
  }
  return [
    el(
      "div",
      { class: "trio" },
      lyapunovPart(layer, other, state),
      eigenvaluesPart(layer, other, isGated),
      singularPart(layer, state),
    ),
    isGated ? el("div", { class: "trio" }, gateParts(layer, other, state)) : null,
  ];
}

const small = (title: string, text: string, field: string): HTMLElement =>
  emptyFigure(title, `${text}; in a log it is the field `, el("code", {}, field), ".");

function lyapunovPart(layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): HTMLElement {
  const having = layer.profiles.filter((p) => p.lyapunov !== undefined);
  if (having.length === 0) return small("Lyapunov exponent", "It was not recorded", "lyapunov");
  const points = (profiles: Profile[]): TrainingLine["points"] =>
    profiles.flatMap((p) => (p.lyapunov === undefined ? [] : [[p.step, p.lyapunov]]));
  const title = lyapunovTitle(having.at(-1)!.lyapunov!, areStatesBounded(layer));
  const repaired = points(other?.profiles ?? []);
  return overTrainingFigure(
    {
      title,
      label: title,
      lines: [
        ...(repaired.length > 0 ? [{ name: "repaired", color: "healthy", points: repaired }] : []),
        { name: "top Lyapunov exponent", color: "run", points: points(having) },
      ],
      write: (value) => (value === null ? "not measured" : `${quantity(value)} per time step`),
      level: { at: 0, text: "neither fade nor grow" },
    },
    state,
  );
}

// Where states stay within bounds, differences that grow are chaos; elsewhere they are growth alone.
const areStatesBounded = ({ info }: TimeLayer): boolean =>
  ["lstm", "gru"].includes(info.type) ||
  ["tanh", "sigmoid", "softsign", "hard-tanh"].includes(info.activation ?? "");

function lyapunovTitle(exponent: number, isBounded: boolean): string {
  const factor = Math.exp(exponent);
  if (exponent === -Infinity) return "Small differences of the state are lost within a time step";
  if (Math.abs(exponent) < 0.005) return "Small differences of the state last";
  return exponent < 0
    ? `Small differences of the state fade to ${share(factor, 0)} in a time step`
    : `Small differences of the state grow ${quantity(factor)}\u2011fold in a time step${isBounded ? ": chaos" : ""}`;
}

function eigenvaluesPart(layer: TimeLayer, other: TimeLayer | undefined, isGated: boolean): HTMLElement {
  const having = layer.profiles.filter((p) => p.spectrum);
  if (having.length === 0) return small("Recurrent eigenvalues", "They were not recorded", "spectrum");
  const [first, last] = [having[0]!, having.at(-1)!];
  const repaired = other?.profiles.filter((p) => p.spectrum).at(-1);
  const spectra: Eigenvalues[] = [
    ...(last === first ? [] : [{ name: atStep(first.step), mark: "early" as const, spectrum: first.spectrum! }]),
    { name: atStep(last.step), mark: "late", spectrum: last.spectrum! },
    ...(repaired ? [{ name: "repaired", mark: "repaired" as const, spectrum: repaired.spectrum! }] : []),
  ];
  const what = isGated ? "Eigenvalues of the candidate's recurrent weights" : "Recurrent eigenvalues";
  const [start, end] = [first.spectrum!.radius, last.spectrum!.radius].map(quantity);
  const title = start === end ? `${what} reach out to ${end}` : `${what} reach out to ${start}, then to ${end}`;
  return eigenvaluesFigure(spectra, title, title);
}

function singularPart(layer: TimeLayer, state: ViewState): HTMLElement {
  const having = layer.profiles.filter((p) => p.jacobians && p.jacobians.length > 0);
  if (having.length === 0)
    return small("How far one time step stretches the state", "It was not recorded", "jacobians");
  const at = (rank: number) => (p: Profile) => p.jacobians!.at(-1)!.singularValues[rank]!;
  const line = (name: string, color: string, rank: number): TrainingLine => ({
    name,
    color,
    points: having.map((p) => [p.step, at(rank)(p)]),
  });
  const [most, middle] = [at(0)(having.at(-1)!), at(2)(having.at(-1)!)];
  const title = `One time step stretches the state ${quantity(most)}\u2011fold at most, half its directions below ${quantity(middle)}`;
  return overTrainingFigure(
    {
      title,
      label: title,
      lines: [line("largest", "run", 0), line("median", "ink-soft", 2), line("lower tenth", "muted", 3)],
      write: quantity,
      isLog: true,
      level: { at: 0, text: "keeps its length" },
    },
    state,
  );
}

const doesWhat: Record<string, string> = {
  forget: "what the cell holds is kept",
  input: "the cell takes in",
  output: "the cell is shown",
  update: "the state is kept",
  reset: "the candidate sees the state",
};

function gateParts(layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): HTMLElement[] {
  const having = layer.profiles.filter((p) => p.gates);
  const names = having.at(-1)?.gates?.map((g) => g.gate) ?? [];
  if (names.length === 0) return [small("Gates", "How far they are open was not recorded", "gates")];
  return names.map((name) => {
    const line = (text: string, color: string, of: (gate: GateStatistics) => number): TrainingLine => ({
      name: text,
      color,
      points: pointsOf(having, name, of),
    });
    const last = having.at(-1)!.gates!.find((g) => g.gate === name)!;
    const meaning = doesWhat[name] ? `: ${doesWhat[name]}` : "";
    const title = `${capital(name)} gate ${share(last.mean, 0)} open on average${meaning}`;
    const repaired = pointsOf(other?.profiles.filter((p) => p.gates) ?? [], name, (g) => g.mean);
    return overTrainingFigure(
      {
        title,
        label: title,
        lines: [
          ...(repaired.length > 0 ? [{ name: "repaired, mean", color: "healthy", points: repaired }] : []),
          line("above 0.9", "warm-2", (g) => g.openShare),
          line("below 0.1", "cold-2", (g) => g.closedShare),
          line("mean", "ink", (g) => g.mean),
        ],
        write: (value) => share(value),
        isShare: true,
      },
      state,
    );
  });
}

const pointsOf = (profiles: Profile[], name: string, of: (gate: GateStatistics) => number): TrainingLine["points"] =>
  profiles.flatMap((p) => {
    const gate = p.gates?.find((g) => g.gate === name);
    return gate ? [[p.step, of(gate)]] : [];
  });
