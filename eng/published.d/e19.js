// Lu, Shin, Su & Karniadakis 2019: narrow deep ReLU nets are born dead, and a dead net learns nothing but a constant.
const { isDead, stalls, unmet } = require("../terms.js");

const deep = ["width 2 depth 40", "width 3 depth 60"];
const names = ["width 2 depth 10", "width 3 depth 10", ...deep];

exports.trainings = Object.fromEntries(names.map((name) => [name, `e19-${name.replaceAll(" ", "-")}.yaml`]));

exports.shows =
  "a net that is born dead (no gradient reaches its first layer) ends with one prediction for all inputs, no better "
  + "than the best constant; deep enough, every net is born dead";

exports.judge = (answers) => ({
  figures: Object.fromEntries(names.map((name) => [
    name, `${isDead(answers[name]) ? "dead" : "alive"} ${answers[name].trainingLoss.toPrecision(3)}`,
  ])),
  wrong: unmet([
    ...deep.map((name) => [isDead(answers[name]), `${name} to be born dead`]),
    ...names.filter((name) => isDead(answers[name])).map((name) => [
      isConstant(answers[name]), `the dead net of ${name} to predict one value, no better than the best constant`,
    ]),
  ]),
});

// The net's one output doesn't vary over a batch, and its loss stays that of the best constant.
const isConstant = (answer) => answer.last.layers.at(-1).std === 0 && stalls(answer);
