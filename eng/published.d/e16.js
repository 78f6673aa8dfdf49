// Jaeger 2001: an echo state network goes on with the Mackey-Glass series by itself.
const { unmet } = require("../terms.js");

exports.trainings = { "Mackey-Glass": "e16-mackey-glass.yaml", NARMA10: "e16-narma10.yaml" };

exports.shows =
  "a reservoir of 400 units, read by ridge regression, goes on with the Mackey-Glass series (tau 17) by itself, and is "
  + "off by less than .01 after 84 steps; on NARMA10 its error is at most .4, both normalised";

exports.judge = ({ "Mackey-Glass": series, NARMA10: filter }) => {
  const ofFilter = filter.outcome.testMetric;
  return {
    figures: { "NRMSE after 84": series.outcome.freeRunError, "NRMSE of NARMA10": ofFilter },
    wrong: unmet([
      [series.outcome.freeRunError < 0.01, "an error below .01 after 84 steps alone"],
      [ofFilter <= 0.4, "an error of NARMA10 of at most .4"],
    ]),
  };
};
