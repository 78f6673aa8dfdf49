// Hochreiter & Schmidhuber 1997, experiment 4: an LSTM adds two numbers of a hundred.
const { unmet } = require("../terms.js");

exports.trainings = { LSTM: "e05-lstm.yaml", RNN: "e05-rnn.yaml" };

exports.shows =
  "the sum of two numbers of a hundred is told by eight LSTM cells with a mean squared error below .005, and by tanh "
  + "units that begin by keeping their state with about .07; a constant has 2/3";

const published = 0.07;

exports.judge = ({ LSTM, RNN }) => ({
  figures: { LSTM: LSTM.outcome.testLoss, RNN: RNN.outcome.testLoss, constant: LSTM.baselineLoss },
  wrong: unmet([
    [LSTM.outcome.testLoss < 0.005, "the LSTM's test loss below .005"],
    [RNN.outcome.testLoss > published / 3 && RNN.outcome.testLoss < published * 3,
      "the RNN's test loss within a factor of three of .07"],
  ]),
});
