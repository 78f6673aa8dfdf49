// Pascanu, Mikolov & Bengio 2013, section 4.1: clipping lets SGD train a recurrent net over more time steps, and a
// regulariser that keeps the gradient's norm over still more.
const { unmet } = require("../terms.js");

const lengths = [20, 50];
const ways = { plain: "plain", clipped: "clipped", regularized: "clipped-regularized" };

exports.trainings = Object.fromEntries(lengths.flatMap((length) =>
  Object.entries(ways).map(([way, file]) => [`${way}, ${length}`, `e03-${file}-${length}.yaml`])));

exports.shows =
  "in telling which of two symbols came first, a tanh net trained by plain SGD does no better than a clipped one, and "
  + "that no better than one whose gradient is kept at its norm by the regulariser too";

// Accuracies at chance differ by luck: with 1,000 test samples a difference of .05 is beyond three standard errors.
const luck = 0.05;

exports.judge = (answers) => {
  const accuracy = (name) => answers[name].outcome.testMetric;
  const order = (length, less, more) => [
    accuracy(`${less}, ${length}`) <= accuracy(`${more}, ${length}`) + luck,
    `${more} to do as well as ${less} over ${length} steps`,
  ];
  return {
    figures: Object.fromEntries(Object.keys(answers).map((name) => [name, accuracy(name)])),
    wrong: unmet(lengths.flatMap((length) => [
      order(length, "plain", "clipped"), order(length, "clipped", "regularized"),
    ])),
  };
};
