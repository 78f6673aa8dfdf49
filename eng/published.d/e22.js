// Brock et al. 2021: adaptive clipping takes the place of batch normalisation, in nets whose branches are scaled down.
const { breaks, guesses, learns, stalls, unmet } = require("../terms.js");

exports.trainings = {
  unclipped: "e12-unscaled.yaml",
  scaled: "e12-scaled.yaml",
  AGC: "e22-adaptive-clip.yaml",
  norm: "e22-clip-norm.yaml",
  fastAGC: "e22-fast-unscaled-adaptive-clip.yaml",
  fastNorm: "e22-fast-unscaled-clip-norm.yaml",
  scaledAGC: "e22-fast-scaled-adaptive-clip.yaml",
  scaledNorm: "e22-fast-scaled-clip-norm.yaml",
};

exports.shows =
  "clipping, adaptive or by norm, keeps the residual net of E12 with unscaled branches from NaN but teaches it "
  + "nothing; scaled by 30^-½ it learns. Nor is it for the rate: at one where the clipped net learns with scaled "
  + "branches, it stays worse than a guess without";

exports.judge = (answers) => {
  const { unclipped, scaled, AGC, norm, fastAGC, fastNorm, scaledAGC, scaledNorm } = answers;
  return {
    figures: {
      "AGC": AGC.trainingLoss, "AGC accuracy": AGC.outcome.testMetric,
      "norm": norm.trainingLoss, "norm accuracy": norm.outcome.testMetric,
      "scaled": scaled.trainingLoss,
      "fast AGC": fastAGC.trainingLoss, "fast scaled AGC": scaledAGC.trainingLoss,
      "fast norm": fastNorm.trainingLoss, "fast scaled norm": scaledNorm.trainingLoss,
    },
    wrong: unmet([
      [breaks(unclipped), "the unclipped net to end in NaN"],
      [guesses(AGC), "no NaN with AGC and no learning: the loss of a guess or more, and accuracy at chance"],
      [guesses(norm), "the same with clipping by norm"],
      [learns(scaled), "the scaled branches to learn"],
      [stalls(fastAGC) && learns(scaledAGC), "AGC at the higher rate to teach the scaled net alone"],
      [stalls(fastNorm) && learns(scaledNorm), "clipping by norm at that rate to do the same"],
    ]),
  };
};
