// Tallec & Ollivier 2018: forget gates that begin with the task's time scales.
const { solves, stalls, unmet } = require("../terms.js");

exports.trainings = { chrono: "e02-chrono.yaml", fixed: "e02-fixed.yaml" };

exports.shows =
  "what the first input shows is told after 200 steps by LSTM cells with time scales up to 200, and not with a bias of 1";

exports.judge = ({ chrono, fixed }) => ({
  figures: { chrono: chrono.outcome.testMetric, fixed: fixed.outcome.testMetric },
  wrong: unmet([
    [solves(chrono), "the cells with time scales to solve it"],
    [stalls(fixed), "those with a bias of 1 to stall"],
  ]),
});
