// He et al. 2015, section 2.2 and figure 3: with 22 layers both initialisations converge, with 30 Xavier's stalls.
const { converges, isNear, learns, ratio, stalls, unmet } = require("../terms.js");

exports.trainings = {
  "Xavier 22": "e09-xavier-22.yaml",
  "He 22": "e09-he-22.yaml",
  "Xavier 30": "e09-xavier-30.yaml",
  "He 30": "e09-he-30.yaml",
};

exports.shows =
  "with 22 ReLU layers both initialisations converge; with 30 Xavier's stalls, its first layer's gradient being "
  + "2^-14.5 of the last one's, and He's learns";

// A layer halves the square of the gradient under Xavier's weights and keeps it under He's. At width 64 the logarithm
// of a single net's norm lies 5/(4·64) a layer below that, and scatters by sqrt(5·29/(4·64)) = 0.75 (Hanin 2018).
const layers = 29;
const width = 64;
const typical = Math.exp((-5 / (4 * width)) * layers);
const scatter = Math.exp(3 * Math.sqrt((5 / (4 * width)) * layers));

exports.judge = (answers) => ({
  figures: {
    ...Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, answer.trainingLoss])),
    "ratio Xavier 30": ratio(answers["Xavier 30"]),
    "ratio He 30": ratio(answers["He 30"]),
  },
  wrong: unmet([
    [converges(answers["Xavier 22"]), "Xavier 22 to converge"],
    [converges(answers["He 22"]), "He 22 to converge"],
    [stalls(answers["Xavier 30"]), "Xavier 30 to stall"],
    [learns(answers["He 30"]), "He 30 to learn"],
    [
      isNear(ratio(answers["Xavier 30"]), 2 ** (-layers / 2) * typical, scatter),
      "Xavier 30 to start with a ratio of 2^-14.5 but for the scatter of this width",
    ],
    [isNear(ratio(answers["He 30"]), typical, scatter), "He 30 to start with a ratio of 1 but for the scatter"],
  ]),
});
