// Brock et al. 2021: adaptive clipping takes the place of batch normalisation, in nets whose branches are scaled down.
const { breaks, guesses, learns, unmet } = require("../terms.js");

exports.trainings = {
  "unclipped": "e12-unscaled.yaml",
  "adaptive 0.01": "e22-adaptive-clip.yaml",
  "norm 1": "e22-clip-norm.yaml",
  "scaled": "e12-scaled.yaml",
};

exports.shows =
  "clipping, adaptive or by norm, keeps the residual net of E12 with unscaled branches from NaN but teaches it "
  + "nothing: its accuracy stays at chance; scaled by 30^-½ it learns";

exports.judge = ({ unclipped, scaled, ...clipped }) => ({
  figures: {
    ...Object.fromEntries(Object.entries(clipped).flatMap(([name, { trainingLoss, outcome }]) => [
      [name, trainingLoss], [`${name} accuracy`, outcome.testMetric]])),
    scaled: scaled.trainingLoss,
  },
  wrong: unmet([
    [breaks(unclipped), "the unclipped net to end in NaN"],
    ...Object.entries(clipped).flatMap(([name, answer]) => [
      [!breaks(answer), `no NaN with ${name}`],
      [guesses(answer), `no learning with ${name}: a loss that isn't below the baseline, and accuracy at chance`],
    ]),
    [learns(scaled), "the scaled branches to learn"],
  ]),
});
