// Vogt, Puelma Touzel, Shlizerman & Lajoie 2022: the Lyapunov exponents of a recurrent net tell whether it can be
// trained.
const { converges, number, solves, stalls, unmet } = require("../terms.js");

const gains = ["0.4", "0.6", "0.8", "1", "1.4", "2", "3"];

exports.trainings = Object.fromEntries(gains.map((gain) => [gain, `e20-gain-${gain}.yaml`]));

exports.shows =
  "of tanh nets with recurrent weights of standard deviation gain/√n, what the first input shows is told after 40 "
  + "steps with gains from 0.8 to 2, and not below; their top Lyapunov exponents are higher where it is told";

// Nothing comes between the class and the end, so that a difference of 1e-16 would be told by the larger output: the
// loss must be gone too.
const keeps = (answer) => solves(answer) && converges(answer);

// Of the states at the first step, in natural logs per time step.
const exponent = (answer) => number(answer.first.layers[0].lyapunov);

exports.judge = (answers) => {
  const rising = gains.slice(0, -1).map((gain) => answers[gain]);
  const exponents = (holds) => rising.filter(holds).map(exponent);
  return {
    figures: Object.fromEntries(gains.map((gain) => [
      gain, `${answers[gain].outcome.testMetric.toPrecision(3)} at ${exponent(answers[gain]).toFixed(2)}`,
    ])),
    wrong: unmet([
      ...["0.4", "0.6"].map((gain) => [stalls(answers[gain]), `the net with a gain of ${gain} to stall`]),
      ...["0.8", "1", "1.4", "2"].map((gain) => [keeps(answers[gain]), `the net with a gain of ${gain} to solve it`]),
      [
        Math.max(...exponents(stalls)) < Math.min(...exponents(keeps)),
        "up to a gain of 2 each net that solves it to have a higher exponent than any that stalls",
      ],
    ]),
  };
};
