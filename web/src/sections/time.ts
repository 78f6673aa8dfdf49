import { emptyFigure } from "../charts/figure";
import { horizonFigure } from "../charts/horizon";
import { commonRange, lagFigure, lagPicture, smallLagFigure } from "../charts/lag";
import { statesFigure } from "../charts/states";
import { shareTable } from "../charts/timeShares";
import {
  counterpart,
  findingOf,
  forecastSlope,
  hasTime,
  judgedProfile,
  lastLag,
  mainTimeLayer,
  sharesOf,
  slopeOfLayer,
  timeLayersOf,
  type Profile,
  type TimeLayer,
} from "../data/lags";
import type { Run, Value } from "../data/records";
import { isFixedInTime } from "../data/untrained";
import { el, replace, type Content } from "../dom";
import { count, perStep, plural, quantity, unbroken } from "../format";
import type { ViewState } from "../state";
import { measuredAtStart } from "../words";
import { beyondHint } from "./beyond";
import { numbers } from "./numbers";
import { playButton } from "./play";
import { lagTable } from "./lagTable";
import { stateMapParts } from "./stateMap";
import { horizonTitle, lagTitle, largest, sharesTitle } from "./timeTitles";

/** Where the gradient goes on its way back through time; null where the net has no recurrent layer. */
export function timeSection(run: Run, repaired: Run | null, state: ViewState, isAlone: boolean): HTMLElement | null {
  const layers = timeLayersOf(run);
  if (layers.length === 0) return null;
  if (!hasTime(run)) return isFixedInTime(run) ? fixedSection(layers) : emptySection(layers);
  const main = el("div", {});
  const recorded = layers.filter((l) => l.profiles.length > 0);
  const drawn = new Map<string, Content>();
  const show = (layer: TimeLayer): void => {
    const { name } = layer.info;
    if (!drawn.has(name)) drawn.set(name, layerContent(run, repaired, layer, state, isAlone));
    replace(main, drawn.get(name));
  };
  const chosen = mainTimeLayer(run)!;
  show(chosen);
  return el(
    "section",
    { class: "wide time", "aria-label": "Gradient through time" },
    recorded.length > 1 ? chooser(run, repaired, recorded, chosen, show, state) : null,
    main,
    recorded.length < layers.length ? unrecordedHint(layers.filter((l) => l.profiles.length === 0)) : null,
  );
}

const unrecordedHint = (layers: TimeLayer[]): HTMLElement =>
  el("p", { class: "hint" }, `Not recorded through time: ${layers.map((l) => l.info.name).join(", ")}.`);

function fixedSection(layers: TimeLayer[]): HTMLElement {
  const names = layers.map((l) => l.info.name).join(", ");
  return el(
    "section",
    { class: "wide time", "aria-label": "Gradient through time" },
    emptyFigure(
      "No gradient through time",
      `Nothing is trained up to ${names}, so that no gradient travels back through time; what is trained behind can `
        + "use only what the states still hold.",
    ),
  );
}

function emptySection(layers: TimeLayer[]): HTMLElement {
  const names = layers.map((l) => l.info.name).join(", ");
  return el(
    "section",
    { class: "wide time", "aria-label": "Gradient through time" },
    emptyFigure(
      "Gradient norm against lag",
      `The net is recurrent (${names}), but how its gradient travels back through time was not recorded. `,
      el("code", {}, "gradflow train"),
      " and ",
      el("code", {}, "gradflow doctor"),
      " record it; from other frameworks, log each frame's ",
      el("code", {}, "throughTime"),
      " in the JSON-lines form, as ",
      el("code", {}, "gradflow_torch.watch"),
      " does for PyTorch.",
    ),
  );
}

// All recurrent layers small, on one scale; the one that is chosen is drawn large beneath.
function chooser(
  run: Run,
  repaired: Run | null,
  layers: TimeLayer[],
  first: TimeLayer,
  show: (layer: TimeLayer) => void,
  state: ViewState,
): HTMLElement {
  const pictures = layers.map((layer) => lagPicture(run, repaired, layer));
  const range = commonRange(pictures);
  const figures = pictures.map((picture, i) => {
    const { info } = picture.layer;
    const slope = slopeOfLayer(run, picture.layer);
    const text = slope === null ? "" : perStep(slope);
    const button = el("button", { type: "button", class: "link", title: "Show it large" }, info.name);
    const title = [button, el("span", { class: "num" }, text)];
    const figure = smallLagFigure(picture, range, title, `${info.name}: ${text}`);
    figure.addEventListener("click", () => choose(i));
    return figure;
  });
  const mark = (at: number): void =>
    figures.forEach((figure, i) => {
      figure.classList.toggle("chosen", i === at);
      figure.querySelector("button")!.setAttribute("aria-pressed", String(i === at));
    });
  const choose = (i: number): void => {
    mark(i);
    show(layers[i]!);
  };
  mark(layers.findIndex((l) => l.info.name === first.info.name));
  state.subscribe((view, key) => {
    const at = key === "pinned" ? layers.findIndex((l) => l.info.layer === view.pinned) : -1;
    if (at >= 0) choose(at);
  });
  return el(
    "div",
    { class: "choose" },
    el("h3", {}, `${plural(layers.length, "recurrent layer")}, by decades per time step`),
    el("div", { class: "multiples" }, figures),
  );
}

function layerContent(
  run: Run,
  repaired: Run | null,
  layer: TimeLayer,
  state: ViewState,
  isAlone: boolean,
): Content {
  const title = lagTitle(run, layer);
  const profile = judgedProfile(run, layer)!;
  const other = counterpart(run, layer, repaired);
  return [
    el(
      "div",
      { class: "main" },
      el(
        "div",
        {},
        lagFigure(lagPicture(run, repaired, layer), state, title, title),
        el(
          "div",
          { class: "below" },
          scoreOf(run, layer, isAlone),
          isAlone ? playButton(run, state) : null,
          numbers(() => lagTable(layer, other)),
        ),
      ),
      sharesPart(run, layer, profile),
    ),
    el(
      "div",
      { class: "trio" },
      horizonPart(run, layer, other, state),
      statesPart(run, layer, other, state),
      layer.info.activation || layer.profiles.some((p) => p.slopes) ? slopesPart(run, layer, other, state) : null,
    ),
    stateMapParts(layer, other, state),
  ];
}

function scoreOf(run: Run, layer: TimeLayer, isAlone: boolean): Content {
  const { forecast } = run;
  const expected = forecastSlope(run, layer);
  if (!forecast || (expected === null && !isAlone)) return null;
  const measured = expected === null ? undefined : forecast.measuredDecadesPerTimeStep;
  return el(
    "p",
    { class: "hint" },
    isAlone ? unbroken(forecast.sentence) : `Forecast: ${perStep(expected)} decades per time step.`,
    measured === undefined ? null : ` ${measuredAtStart(run)}: ${perStep(measured)} decades per time step.`,
  );
}

function sharesPart(run: Run, layer: TimeLayer, profile: Profile): HTMLElement {
  const known = layer.profiles.filter((p) => sharesOf(layer, p).length > 0);
  const at = known.includes(profile) ? profile : known.at(-1);
  if (!at && profile.lagNorms[1] === null && layer.info.window !== undefined) {
    return emptyFigure(
      "Where the decay per time step comes from",
      "Truncation leaves the gradient no step back in time, so there is no decay to split.",
    );
  }
  if (!at) {
    return emptyFigure(
      "Where the decay per time step comes from",
      "What recurrent weights, slopes and gates each do was not recorded. ",
      el("code", {}, "gradflow train"),
      " and ",
      el("code", {}, "gradflow doctor"),
      " split it.",
    );
  }
  const shares = sharesOf(layer, at);
  const finding = findingOf(run, layer);
  return el(
    "div",
    {},
    el("h3", {}, sharesTitle(shares, lastLag(at))),
    shareTable(shares, lastLag(at)),
    el("p", { class: "hint" }, `From the first lag to the last, at training step ${count(at.step)}.`),
    finding ? beyondHint([finding], largest(shares).kind) : null,
  );
}

function horizonPart(run: Run, layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): HTMLElement {
  const needed = run.header.plan.longestDependency ?? null;
  const title = horizonTitle(layer, needed);
  return horizonFigure(layer, other, needed, state, title, title);
}

function statesPart(run: Run, layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): HTMLElement {
  const told = toldProfile(run, layer, (p) => p.stateRms);
  const rms = known(told?.stateRms);
  if (rms.length === 0) {
    return smallEmpty("Size of the states", "The states' root mean square was not recorded", "stateRms");
  }
  // The first states rise from zero in any net.
  const [start, end] = [rms[Math.floor(rms.length / 4)]!, rms.at(-1)!];
  const change = end / start;
  const when = layer.profiles.length > 1 ? ` at training step ${count(told!.step)}` : "";
  const later = layer.profiles.filter((p) => p.stateRms).at(-1)!;
  const then = known(later.stateRms).at(-1) ?? end;
  const since = then > 1.5 * end || then < 0.67 * end ? `, ${quantity(then)} at ${count(later.step)}` : "";
  const title =
    change > 1.5 || change < 0.67
      ? `The states' rms ${change > 1 ? "grows" : "falls"} from ${quantity(start)} to ${quantity(end)} along the sequence${when}${since}`
      : `The states' rms stays near ${quantity(end)} along the sequence${when}${since}`;
  return statesFigure(layer, other, (p) => p.stateRms, told, state, title, title);
}

function slopesPart(run: Run, layer: TimeLayer, other: TimeLayer | undefined, state: ViewState): HTMLElement {
  const told = toldProfile(run, layer, (p) => p.slopes);
  const slopes = known(told?.slopes);
  const name = layer.info.activation ?? "the non-linearity";
  if (slopes.length === 0) {
    return smallEmpty(`Slopes of ${name}`, `The slopes of ${name} were not recorded`, "slopes");
  }
  const mean = slopes.reduce((sum, v) => sum + v, 0) / slopes.length;
  const when = layer.profiles.length > 1 ? ` at training step ${count(told!.step)}` : "";
  const title = `The rms of ${name}'s slopes averages ${quantity(mean)}${when}`;
  return statesFigure(layer, other, (p) => p.slopes, told, state, title, title);
}

// What a title speaks of: the profile that stands for the layer where it has that, else the latest that does.
function toldProfile(run: Run, layer: TimeLayer, read: (p: Profile) => Value[] | undefined): Profile | undefined {
  const judged = judgedProfile(run, layer);
  return judged && read(judged) ? judged : layer.profiles.filter((p) => read(p)).at(-1);
}

const known = (values: Value[] | undefined): number[] =>
  (values ?? []).filter((v): v is number => v !== null && Number.isFinite(v));

const smallEmpty = (title: string, text: string, field: string): HTMLElement =>
  emptyFigure(title, `${text}; in a log it is the field `, el("code", {}, field), ".");

