// Hochreiter & Schmidhuber 1997, experiment 4: an LSTM adds two numbers of a hundred.
const { unmet } = require("../terms.js");

exports.trainings = { LSTM: "e05-lstm.yaml", RNN: "e05-rnn.yaml" };

exports.shows =
  "the sum of two numbers of a hundred is told by eight LSTM cells with a mean squared error below .005, and by tanh "
  + "units with ten times that or more; a constant has 2/3";

exports.judge = ({ LSTM, RNN }) => ({
  figures: { LSTM: LSTM.outcome.testLoss, RNN: RNN.outcome.testLoss, constant: LSTM.baselineLoss },
  wrong: unmet([
    [LSTM.outcome.testLoss < 0.005, "the LSTM's test loss below .005"],
    [RNN.outcome.testLoss > 0.05, "the RNN's test loss above .05"],
  ]),
});
