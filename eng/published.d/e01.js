// Bengio, Simard & Frasconi 1994, as quoted in Goodfellow, Bengio & Courville 2016, section 10.7: SGD teaches a
// recurrent net to keep what it saw over few time steps only.
const { solves, stalls, unmet } = require("../terms.js");

const kinds = ["gain 0.7", "gain 1.1", "IRNN"];
const lengths = [20, 40, 80];
const names = kinds.flatMap((kind) => lengths.map((length) => `${kind}, ${length}`));
const file = (name) => `e01-${name.toLowerCase().replace(", ", "-").replace(" ", "-")}.yaml`;

exports.trainings = Object.fromEntries(names.map((name) => [name, file(name)]));

exports.shows =
  "what the first input shows is told after 20 steps by a tanh net with a gain of .7, and after 40 and 80 not; with a "
  + "gain of 1.1, and by an IRNN, after 80 too";

const isTooLong = (name) => name === "gain 0.7, 40" || name === "gain 0.7, 80";

exports.judge = (answers) => ({
  figures: Object.fromEntries(names.map((name) => [name, answers[name].outcome.testMetric])),
  wrong: unmet(names.map((name) => isTooLong(name)
    ? [stalls(answers[name]), `${name} to stall`]
    : [solves(answers[name]), `${name} to be solved`])),
});
