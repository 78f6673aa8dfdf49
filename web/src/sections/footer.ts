import type { Run } from "../data/records";
import { el } from "../dom";
import { count, duration, share } from "../format";

const endings: Record<string, string> = {
  completed: "completed",
  verdict: "stopped since the verdict stood",
  "early-stop": "stopped early, since the validation loss got no better,",
  "non-finite": "ended non-finite",
  interrupted: "stopped by the user",
};

export function footerSection(run: Run): HTMLElement {
  const { header, end } = run;
  const { plan } = header;
  const facts = [
    header.producer,
    header.startedAt.replace("T", " ").replace(/(:\d\d)(\.\d+)?(Z|\+00:00)$/, "$1 UTC"),
    `${plan.optimizer}, ${plan.loss}${plan.batchSize > 0 ? `, batches of ${count(plan.batchSize)}` : ""}`,
    end
      ? `${endings[end.reason] ?? end.reason} after ${duration(end.seconds)}`
      : "not ended when this page was written",
    end?.watchShare !== undefined ? `watching took ${share(end.watchShare)} of the time` : "",
  ];
  return el(
    "footer",
    {},
    el("p", {}, facts.filter((f) => f !== "").join(" · ")),
    el("p", {}, "All norms are Frobenius norms, logarithms are base 10, and one decade is a factor of ten."),
  );
}
