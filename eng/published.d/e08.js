// Arjovsky, Shah & Bengio 2016, section 5.1: what copies over long delays.
const { isNear, unmet } = require("../terms.js");

exports.trainings = { orthogonal: "e08-orthogonal.yaml", tanh: "e08-tanh.yaml" };

exports.shows =
  "ten symbols are copied over fifty steps by a net whose recurrent weights stay orthogonal, with less than half of the "
  + "loss without memory, and by a plain tanh net with that loss";

exports.judge = ({ orthogonal, tanh }) => {
  const floor = orthogonal.baselineLoss;
  return {
    figures: { orthogonal: orthogonal.outcome.testLoss, tanh: tanh.outcome.testLoss, "without memory": floor },
    wrong: unmet([
      [orthogonal.outcome.testLoss < floor / 2, "the orthogonal net's loss below half of that without memory"],
      [isNear(tanh.outcome.testLoss, floor, 1.1), "the tanh net's loss to be that without memory up to a tenth"],
    ]),
  };
};
