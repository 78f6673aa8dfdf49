// Le, Jaitly & Hinton 2015, section 4.1: rectifiers that start by keeping their state add two numbers of many.
const { isNear, unmet } = require("../terms.js");

exports.trainings = { IRNN: "e07-irnn.yaml", tanh: "e07-tanh.yaml" };

exports.shows =
  "the sum of two numbers of fifty is told by an IRNN with a mean squared error below .02, and by tanh units with that "
  + "of a constant, 1/6";

exports.judge = ({ IRNN, tanh }) => ({
  figures: { IRNN: IRNN.outcome.testLoss, tanh: tanh.outcome.testLoss, constant: IRNN.baselineLoss },
  wrong: unmet([
    [IRNN.outcome.testLoss < 0.02, "the IRNN's test loss below .02"],
    [isNear(tanh.outcome.testLoss, 1 / 6, 1.1), "the tanh net's test loss to be 1/6 up to a tenth"],
  ]),
});
