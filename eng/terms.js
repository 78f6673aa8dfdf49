// The words that the published experiments are judged by, each with one meaning. Answers are those of
// `gradflow train --json`.

// The doctor's bounds: below 2 % of the baseline loss is the noise of a stuck net's batches, above 10 % it has learned,
// above 50 % well. The baseline is what the best constant prediction has, ln 10 for ten classes.
const stuckShare = 0.02;
const learnedShare = 0.1;
const wellLearnedShare = 0.5;

const gone = (answer) => 1 - number(answer.trainingLoss) / answer.baselineLoss;
const breaks = (answer) => answer.end === "non-finite";
const stalls = (answer) => !breaks(answer) && gone(answer) < stuckShare;
const learns = (answer) => !breaks(answer) && gone(answer) > learnedShare;
const converges = (answer) => !breaks(answer) && gone(answer) > wellLearnedShare;

// It stalls, and among ten classes its accuracy on test data is a guess's too: the doctor's bound, 5 % of the way from
// chance to all.
const guesses = (answer) => stalls(answer) && answer.outcome.testMetric < 0.1 + 0.05 * 0.9;

// A task of classes is all but solved: its test accuracy is above 95 %.
const solves = (answer) => !breaks(answer) && answer.outcome.testMetric > 0.95;

// No gradient reaches the first layer at the first step.
const isDead = ({ first }) => first.layers[0].gradientNorm === "-inf";

// The first parametrised layer's gradient over the last one's at the first step, ‖∂L/∂output‖ each; growth in decades.
const growth = ({ first }) => number(first.layers[0].gradientNorm) - number(first.layers.at(-1).gradientNorm);
const ratio = (answer) => 10 ** growth(answer);

// The finding that the doctor's verdict names, of a training that was judged.
const leading = ({ diagnosis }) => diagnosis.findings.find(({ severity }) => severity !== "info") ?? {};

// Non-finite numbers arrive as the strings "nan", "inf" and "-inf".
const number = (value) =>
  ({ nan: Number.NaN, inf: Infinity, "-inf": -Infinity })[value] ?? value ?? Number.NaN;

// Whether a number is another up to a factor.
const isNear = (value, expected, factor) => value > expected / factor && value < expected * factor;

// The sentences of what doesn't hold: [whether it holds, what was expected].
const unmet = (conditions) => conditions.filter(([holds]) => !holds).map(([, expected]) => `expected ${expected}`);

module.exports = {
  breaks, converges, gone, growth, guesses, isDead, isNear, leading, learns, number, ratio, solves, stalls,
  unmet,
};
