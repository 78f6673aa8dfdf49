import type { Run } from "../data/records";
import { el } from "../dom";
import { count, duration, plural } from "../format";
import { toggleTheme } from "../theme";

export function headerSection(run: Run): HTMLElement {
  return el("header", { class: "top" },
    el("p", { class: "brand" }, "GradFlow"),
    el("p", { class: "meta" }, metaOf(run).flatMap((part, i) => [i > 0 ? el("span", { class: "dot", "aria-hidden": "true" }, "·") : null, part])),
    el("div", { class: "tools" },
      el("button", { type: "button", title: "Light or dark", "aria-label": "Switch between light and dark", onclick: toggleTheme }, "◐"),
      el("button", { type: "button", title: "Download this page's records as JSON", "aria-label": "Download the records as JSON", onclick: () => download(run) }, "⤓")));
}

function metaOf(run: Run): (Node | string)[] {
  const { name, seed, plan } = run.header, taken = run.steps.length === 0 ? 0 : run.steps.at(-1)!.step + 1;
  const parts: (Node | string)[] = [el("strong", {}, name), `seed ${seed}`];
  if (plan.stepsPerEpoch > 0 && taken > 0) parts.push(plural(Math.ceil(taken / plan.stepsPerEpoch), "epoch"));
  parts.push(plan.steps > taken && taken > 0 ? `${count(taken)} of ${plural(plan.steps, "step")}` : plural(taken, "step"));
  if (run.end) parts.push(duration(run.end.seconds));
  return parts;
}

function download(run: Run): void {
  const text = ["run", "repaired"].map((id) => document.getElementById(id)?.textContent?.trim() || "null");
  const blob = new Blob([`{"run":${text[0]},"repaired":${text[1]}}\n`], { type: "application/json" });
  const link = el("a", { href: URL.createObjectURL(blob), download: `${run.header.name.replace(/[^\w.-]+/g, "-") || "run"}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
}
