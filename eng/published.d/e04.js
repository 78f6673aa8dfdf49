// Hochreiter & Schmidhuber 1997, experiment 6a: an LSTM tells which of two symbols came first.
const { unmet } = require("../terms.js");

exports.trainings = { LSTM: "e04-lstm.yaml", RNN: "e04-rnn.yaml" };

exports.shows =
  "which of two symbols came first is told by four LSTM cells at all times, and by four tanh units at chance";

exports.judge = ({ LSTM, RNN }) => ({
  figures: { LSTM: LSTM.outcome.testMetric, RNN: RNN.outcome.testMetric },
  wrong: unmet([
    [LSTM.outcome.testMetric === 1, "the LSTM's accuracy to be 1"],
    [RNN.outcome.testMetric <= 0.3, "the RNN's accuracy to be .30 or less"],
  ]),
});
