// Schoenholz et al. 2017, Pennington, Schoenholz & Ganguli 2017: a net of tanh is trained at any depth where its
// weights are orthogonal and at the edge of chaos, and at none beyond a few depth scales where they aren't at it.
const { growth, guesses, leading, unmet } = require("../terms.js");

exports.trainings = {
  "gain 1.02": { file: "thousand-layers.yaml", judged: true },
  "gain 1.5": { file: "thousand-layers-gain-1.5.yaml", judged: true },
};

exports.shows =
  "of 1,000 tanh layers with orthogonal weights one with a gain of 1.02 comes to a test accuracy above .9; with 1.5 it "
  + "stays at chance, its gradient grows as forecast, and the doctor blames the weights' scale";

// Theory's factor for the squared norm per layer holds within 3 %: so many decades over 999 layers.
const tolerance = (Math.log10(1.03) / 2) * 999;

exports.judge = (answers) => {
  const good = answers["gain 1.02"];
  const twin = answers["gain 1.5"];
  const { totalDecades } = twin.forecast;
  const { rule, cause } = leading(twin);
  return {
    figures: {
      "accuracy 1.02": good.outcome.testMetric,
      "verdict 1.02": good.diagnosis.verdict,
      "accuracy 1.5": twin.outcome.testMetric,
      "decades 1.5": growth(twin),
      "forecast 1.5": totalDecades,
      "verdict 1.5": `${rule} by ${cause}`,
    },
    wrong: unmet([
      [good.outcome.testMetric > 0.9, "an accuracy above .9 at a gain of 1.02"],
      [good.diagnosis.verdict === "healthy", "the net with a gain of 1.02 to be found healthy"],
      [guesses(twin), "the net with a gain of 1.5 to stay at chance"],
      [Math.abs(growth(twin) - totalDecades) < tolerance, "the gradient to grow as forecast"],
      [rule === "exploding-gradient" && cause === "weight-scale", "the doctor to blame the weights' scale"],
    ]),
  };
};
