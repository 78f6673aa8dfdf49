import type { Run } from "../data/records";
import { el, icon } from "../dom";
import { count, duration, plural } from "../format";
import { toggleTheme } from "../theme";

export const headerSection = (run: Run): HTMLElement =>
  topBar(metaOf(run), run.header.name, ["run", "repaired"]);

/** The bar at the top: what the page is about, the theme, and its records to take away. */
export function topBar(meta: (Node | string)[], name: string, records: string[]): HTMLElement {
  return el(
    "header",
    { class: "top" },
    el("p", { class: "brand" }, "GradFlow"),
    el(
      "p",
      { class: "meta" },
      meta.flatMap((part, i) => [i > 0 ? el("span", { class: "dot", "aria-hidden": "true" }, "·") : null, part]),
    ),
    el(
      "div",
      { class: "tools" },
      el(
        "button",
        { type: "button", title: "Light or dark", "aria-label": "Switch between light and dark", onclick: toggleTheme },
        icon("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5v11a5.5 5.5 0 0 1 0-11z"),
      ),
      el(
        "button",
        {
          type: "button",
          title: "Download this page's records as JSON",
          "aria-label": "Download the records as JSON",
          onclick: () => download(name, records),
        },
        icon("M7.2 1h1.6v8.1l2.9-2.9 1.1 1.1L8 12.1 3.2 7.3l1.1-1.1 2.9 2.9zM2 13.4h12V15H2z"),
      ),
    ),
  );
}

function metaOf(run: Run): (Node | string)[] {
  const { name, seed, plan } = run.header;
  const taken = run.steps.length === 0 ? 0 : run.steps.at(-1)!.step + 1;
  const parts: (Node | string)[] = [el("strong", {}, name)];
  if (seed !== undefined) parts.push(`seed ${seed}`);
  if (plan.stepsPerEpoch > 0 && taken > 0) parts.push(plural(Math.ceil(taken / plan.stepsPerEpoch), "epoch"));
  parts.push(
    plan.steps > taken && taken > 0 ? `${count(taken)} of ${plural(plan.steps, "step")}` : plural(taken, "step"),
  );
  if (run.end) parts.push(duration(run.end.seconds));
  return parts;
}

function download(name: string, records: string[]): void {
  const texts = records.map((id) => `"${id}":${document.getElementById(id)?.textContent?.trim() || "null"}`);
  const blob = new Blob([`{${texts.join(",")}}\n`], { type: "application/json" });
  const link = el("a", {
    href: URL.createObjectURL(blob),
    download: `${name.replace(/[^\w.-]+/g, "-") || "run"}.json`,
  });
  link.click();
  URL.revokeObjectURL(link.href);
}
