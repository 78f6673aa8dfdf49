// Zhang, Dauphin & Ma 2019, De & Smith 2020, Bachlechner et al. 2021: residual nets without normalisation train where
// their branches start small.
const { breaks, converges, isNear, ratio, unmet } = require("../terms.js");

exports.trainings = {
  "unscaled": "e12-unscaled.yaml",
  "scaled": "e12-scaled.yaml",
  "SkipInit": "e12-skip-init.yaml",
  "ReZero": "e12-rezero.yaml",
  "Fixup": "e12-fixup.yaml",
};

exports.shows =
  "thirty residual layers without normalisation end in NaN, their gradient exploding by 10^6 or so; with branches "
  + "scaled by 30^-½, SkipInit, ReZero or Fixup they converge";

exports.judge = ({ unscaled, ...tamed }) => ({
  figures: {
    "unscaled, steps": unscaled.outcome.steps,
    "ratio": ratio(unscaled),
    ...Object.fromEntries(Object.entries(tamed).map(([name, answer]) => [name, answer.trainingLoss])),
  },
  wrong: unmet([
    [breaks(unscaled), "the unscaled branches to end in NaN"],
    [isNear(ratio(unscaled), 1e6, 10), "a ratio of 10^6 up to a factor of 10 for the unscaled branches"],
    ...Object.entries(tamed).map(([name, answer]) => [converges(answer), `${name} to converge`]),
  ]),
});
