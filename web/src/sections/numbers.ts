import { el } from "../dom";

/** A table that is made when it is opened first. */
export function numbers(make: () => HTMLElement): HTMLElement {
  const details = el("details", { class: "numbers" }, el("summary", {}, "Numbers"));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  });
  return details;
}
