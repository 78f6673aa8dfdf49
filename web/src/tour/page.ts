import { el } from "../dom";
import { duration, unbroken } from "../format";
import { topBar } from "../sections/header";
import { pictureFigure } from "./picture";
import type { Stop, Tour } from "./records";

/** The tour as an article: an idea, what was measured of it, a picture, and where to go on. */
export function tourPage(tour: Tour): HTMLElement[] {
  document.title = "A tour of vanishing and exploding gradients · GradFlow";
  return [
    topBar([el("strong", {}, "tour"), `seed ${tour.seed}`, duration(tour.seconds)], "tour", ["tour"]),
    el("main", { class: "tour" }, opening(tour), tour.stops.map(stopSection)),
    footer(tour),
  ];
}

function opening(tour: Tour): HTMLElement {
  return el(
    "section",
    { class: "opening", id: "content" },
    el(
      "div",
      {},
      el("h1", {}, "A tour of vanishing and exploding gradients"),
      el(
        "p",
        { class: "lead" },
        "A net learns by a gradient that travels from the loss back to its first layer and tells each weight on " +
          "the way how to change. It is multiplied at every layer and every step in time, and products of many " +
          "factors do one of three things: they vanish, they explode, or they are kept in balance.",
      ),
      el(
        "p",
        { class: "quiet" },
        "Every number here but the forecasts and what guessing gets was measured, in " +
          `${duration(tour.seconds)} on the machine that made this page: the nets were trained while somebody waited.`,
      ),
    ),
    el(
      "nav",
      { "aria-label": "Stops" },
      el(
        "ol",
        {},
        tour.stops.map((stop) => el("li", {}, el("a", { href: `#${stop.id}` }, stop.title))),
      ),
    ),
  );
}

const stopSection = (stop: Stop, i: number): HTMLElement =>
  el(
    "section",
    { class: "stop", id: stop.id },
    el("h2", {}, el("span", { class: "number", "aria-hidden": "true" }, String(i + 1)), el("span", {}, stop.title)),
    el(
      "div",
      { class: "says" },
      el("p", { class: "idea" }, unbroken(stop.idea)),
      el("p", {}, unbroken(stop.sentences.join(" "))),
    ),
    el("div", { class: stop.pictures.length > 1 ? "pictures pair" : "pictures" }, stop.pictures.map(pictured)),
    el(
      "aside",
      { class: "deeper" },
      el("p", {}, "Go deeper"),
      el("code", {}, stop.deeper),
      el("p", {}, stop.deeperShows),
    ),
  );

const pictured = (picture: Stop["pictures"][number]): HTMLElement => el("div", {}, pictureFigure(picture));

function footer(tour: Tour): HTMLElement {
  const startedAt = tour.startedAt.replace("T", " ").replace(/(:\d\d)(\.\d+)?(Z|\+00:00)$/, "$1 UTC");
  return el(
    "footer",
    {},
    el("p", {}, `${tour.producer} · ${startedAt}`),
    el(
      "p",
      {},
      "All norms are Frobenius norms; one decade is a factor of ten. Accuracies are on test data that no net was " +
        "trained on.",
    ),
  );
}
