// Pascanu, Mikolov & Bengio 2013, section 4.1: clipping lets SGD train a recurrent net over more time steps, and a
// regulariser that keeps the gradient's norm over still more.
const { solves, unmet } = require("../terms.js");

const lengths = [20, 50];
const ways = { plain: "plain", clipped: "clipped", regularized: "clipped-regularized" };

exports.trainings = {
  ...Object.fromEntries(lengths.flatMap((length) =>
    Object.entries(ways).map(([way, file]) => [`${way}, ${length}`, `e03-${file}-${length}.yaml`]))),
  "plain latch": "e03-latch-plain.yaml",
  "clipped latch": "e03-latch-clipped.yaml",
};

exports.shows =
  "in telling which of two symbols came first, a tanh net trained by plain SGD does no better than a clipped one, and "
  + "that no better than one whose gradient is kept at its norm by the regulariser too, which over 50 steps is better "
  + "than plain SGD; where gradients explode, the latch of E1 is solved with clipping, and no better without";

// Accuracies at chance differ by luck: with 1,000 test samples a difference of .05 is beyond three standard errors.
const luck = 0.05;

exports.judge = (answers) => {
  const accuracy = (name) => answers[name].outcome.testMetric;
  const order = (less, more) => [
    accuracy(less) <= accuracy(more) + luck, `the accuracy of ${less} to be no higher than that of ${more}`,
  ];
  const best = accuracy("regularized, 50");
  return {
    figures: Object.fromEntries(Object.keys(answers).map((name) => [name, accuracy(name)])),
    wrong: unmet([
      ...lengths.flatMap((length) => [
        order(`plain, ${length}`, `clipped, ${length}`), order(`clipped, ${length}`, `regularized, ${length}`),
      ]),
      [best > accuracy("plain, 50") + luck, "the accuracy of regularized, 50 to be higher than that of plain, 50"],
      [solves(answers["clipped latch"]), "the clipped latch to be solved"],
      order("plain latch", "clipped latch"),
    ]),
  };
};
