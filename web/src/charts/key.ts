import { el, type Content } from "../dom";

type Mark = "line" | "thin" | "dashed" | "ramp" | "box" | "dot" | "hatch" | "cut" | "beyond";

/** A mark and what it means; the colour is a style token's name. */
export function keyEntry(mark: Mark, color: string, text: Content): HTMLElement {
  const swatch = el("span", { class: `swatch ${mark}`, "aria-hidden": "true" });
  swatch.style.setProperty("--c", `var(--${color})`);
  return el("span", { class: "entry" }, swatch, text);
}
