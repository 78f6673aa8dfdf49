// Srivastava, Greff & Schmidhuber 2015: plain nets of tens of layers stay where they are, highway nets are trained.
const { converges, guesses, unmet } = require("../terms.js");

exports.trainings = {
  plain: { file: "e13-plain-30.yaml", mnist: true },
  highway: { file: "e13-highway-30.yaml", mnist: true },
};

exports.shows =
  "of 30 tanh layers a plain net stays at chance; with highway gates it comes to a test accuracy above .9";

exports.judge = ({ plain, highway }) => ({
  figures: {
    "accuracy plain": plain.outcome.testMetric,
    "accuracy highway": highway.outcome.testMetric,
    "decades per layer plain": plain.outcome.decadesPerLayer,
    "decades per layer highway": highway.outcome.decadesPerLayer,
  },
  wrong: unmet([
    [guesses(plain), "the plain net to guess"],
    [converges(highway), "the highway net to converge"],
    [highway.outcome.testMetric > 0.9, "the highway net's accuracy above .9"],
  ]),
});
