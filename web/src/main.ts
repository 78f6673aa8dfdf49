import "./styles/page.css";
import "./styles/figures.css";
import "./styles/sections.css";
import "./tour/tour.css";
import { layersOf, mainFlowOf, normFrames } from "./data/flow";
import { readRun } from "./data/decode";
import { hasTime } from "./data/lags";
import { isReachBlamed } from "./data/reach";
import { isFixedInTime, isUntrained } from "./data/untrained";
import type { Run } from "./data/records";
import { el, replace, type Content } from "./dom";
import { attentionSection } from "./sections/attention";
import { attributionSection } from "./sections/attribution";
import { byLengthSection } from "./sections/byLength";
import { findingsSection } from "./sections/findings";
import { flowSection } from "./sections/flow";
import { footerSection } from "./sections/footer";
import { headerSection } from "./sections/header";
import { layerPanel } from "./sections/layerPanel";
import { pretrainingSection } from "./sections/pretraining";
import { reachSection } from "./sections/reach";
import { repairSections } from "./sections/repair";
import { scoresSection } from "./sections/scores";
import { timeSection } from "./sections/time";
import { trainingSection } from "./sections/training";
import { verdictSection } from "./sections/verdict";
import { ViewState } from "./state";
import { startTheme } from "./theme";
import { tourPage } from "./tour/page";
import { readTour } from "./tour/records";

startTheme();
const page = document.getElementById("page")!;
const run = readRun("run");
const tour = readTour("tour");
if (tour) replace(page, ...tourPage(tour));
else if (run) show(run, readRun("repaired"));
else replace(page, el("p", { class: "quiet" }, "This page holds no run. gradflow report RUN writes one that does."));

function gradientSections(run: Run, repaired: Run | null, state: ViewState): Content {
  const reach = reachSection(run, repaired);
  const isFirst = isReachBlamed(run);
  return [
    isFirst ? reach : null,
    isAboutDepth(run) ? flowSection(run, repaired, state) : null,
    timeSection(run, repaired, state, !isAboutDepth(run)),
    isFirst ? null : reach,
    attentionSection(run, state),
    pretrainingSection(run),
    repaired ? pretrainingSection(repaired, "Pre-training of the repaired net") : null,
    trainingSection(run, repaired, state),
  ];
}

// A net of a layer or two has no depth to speak of where its gradient travels through time, or can't.
function isAboutDepth(run: Run): boolean {
  if (layersOf(run).length > 2 && normFrames(run).length > 0) return true;
  return !hasTime(run) && !isFixedInTime(run) && !isUntrained(run);
}

function show(run: Run, repaired: Run | null): void {
  const state = new ViewState();
  document.title = `${run.header.name} · GradFlow`;
  document.documentElement.dataset["flow"] = mainFlowOf(run);
  replace(
    page,
    headerSection(run),
    el(
      "main",
      {},
      verdictSection(run, repaired),
      isUntrained(run) ? [pretrainingSection(run), scoresSection(run)] : gradientSections(run, repaired, state),
      byLengthSection(run),
      isAboutDepth(run) ? attributionSection(run, state) : null,
      findingsSection(run, state),
      repairSections(run),
    ),
    footerSection(run),
    layerPanel(run, state),
  );
}
