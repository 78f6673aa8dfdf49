// Srivastava, Greff & Schmidhuber 2015: plain nets of tens of layers stay where they are, highway nets are trained.
const { converges, stalls, unmet } = require("../terms.js");

exports.trainings = {
  plain: { file: "e13-plain-30.yaml", mnist: true },
  highway: { file: "e13-highway-30.yaml", mnist: true },
};

exports.shows = "of 30 tanh layers a plain net stalls at chance; with highway gates it comes to a test accuracy above .9";

// Ten classes, and 2,000 test images: what guesses scatters by sqrt(.1·.9/2000) = .0067, and one class may be a little
// more frequent than the others.
const chance = 0.13;

exports.judge = ({ plain, highway }) => ({
  figures: {
    "accuracy plain": plain.outcome.testMetric,
    "accuracy highway": highway.outcome.testMetric,
    "decades per layer plain": plain.outcome.decadesPerLayer,
    "decades per layer highway": highway.outcome.decadesPerLayer,
  },
  wrong: unmet([
    [stalls(plain), "the plain net to stall"],
    [plain.outcome.testMetric < chance, "the plain net's accuracy to be chance"],
    [converges(highway), "the highway net to converge"],
    [highway.outcome.testMetric > 0.9, "the highway net's accuracy above .9"],
  ]),
});
