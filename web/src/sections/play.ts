import { normFrames } from "../data/flow";
import type { Run } from "../data/records";
import { el, type Content } from "../dom";
import type { ViewState } from "../state";

const seconds = 4;

/** A button that plays the flow over the steps; absent for those who prefer stillness. */
export function playButton(run: Run, state: ViewState): Content {
  const steps = normFrames(run).map((frame) => frame.step);
  if (steps.length < 3 || matchMedia("(prefers-reduced-motion: reduce)").matches) return null;
  let timer = 0;
  let at = 0;
  const stop = (): void => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "▸ Play the steps";
    state.set("step", null);
  };
  const start = (): void => {
    at = 0;
    button.textContent = "▪ Stop";
    timer = setInterval(
      () => {
        if (at >= steps.length) stop();
        else state.set("step", steps[at++]!);
      },
      (1000 * seconds) / steps.length,
    );
  };
  const button = el(
    "button",
    { type: "button", class: "play", onclick: () => (timer ? stop() : start()) },
    "▸ Play the steps",
  );
  return button;
}
