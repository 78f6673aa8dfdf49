import type { Repair } from "../data/records";
import { el, type Content } from "../dom";

/** What the repair changed in the experiment file, as a diff; null where nothing was. */
export function changeSection(repair: Repair): HTMLElement | null {
  if (repair.changes.length === 0) return null;
  return el(
    "section",
    { class: "wide", id: "change", "aria-label": "What changed" },
    el("h2", {}, "What changed"),
    el(
      "p",
      { class: "quiet" },
      repair.file
        ? [
            "The repaired experiment is ",
            el("code", {}, repair.file),
            "; it runs with ",
            el("code", {}, `gradflow train ${repair.file}`),
            ".",
          ]
        : null,
    ),
    el(
      "div",
      { class: "diff scroll", role: "group", "aria-label": "Changes of the experiment file", tabindex: 0 },
      repair.changes.map((c) =>
        el(
          "div",
          { class: "change" },
          el("p", { class: "path" }, c.path),
          lines(c.before, "−", "del"),
          lines(c.after, "+", "ins"),
        ),
      ),
    ),
  );
}

function lines(text: string, sign: string, tag: "del" | "ins"): Content {
  return text === "" ? null : text.split("\n").map((line) => el(tag, {}, el("span", { class: "sign" }, sign), line));
}
