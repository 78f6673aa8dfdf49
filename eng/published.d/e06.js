// Hochreiter & Schmidhuber 1997, experiment 1: the embedded Reber grammar.
const { solves, unmet } = require("../terms.js");

exports.trainings = { LSTM: "e06-lstm.yaml", Elman: "e06-elman.yaml" };

exports.shows =
  "after 4,800 strings of the embedded Reber grammar the symbol that stood near the start is told near the end by LSTM "
  + "cells, and not by an Elman net";

exports.judge = ({ LSTM, Elman }) => ({
  figures: { LSTM: LSTM.outcome.testMetric, Elman: Elman.outcome.testMetric },
  wrong: unmet([
    [solves(LSTM), "the LSTM to tell it"],
    [!solves(Elman), "the Elman net not to"],
  ]),
});
