// What no float holds is measured all the same: 10,000 sigmoid layers in one pass, beside theory's sum.
const { growth, leading, number, unmet } = require("../terms.js");

exports.trainings = { net: { file: "ten-thousand-layers.yaml", judged: true } };

exports.shows =
  "one pass through 10,000 sigmoid layers measures the gain of each; they add up to some 10^-6300, as forecast";

// Theory's factor for the squared norm per sigmoid layer holds within 5 %.
const tolerance = (Math.log10(1.05) / 2) * 9999;

exports.judge = ({ net }) => {
  const sum = net.diagnosis.attribution.reduce((total, { decades }) => total + number(decades), 0);
  return {
    figures: { links: net.first.layers.length - 1, decades: growth(net), sum, forecast: net.forecast.totalDecades },
    wrong: unmet([
      [net.first.layers.length === 10_000, "each of 10,000 layers to be measured"],
      [Math.abs(sum - growth(net)) < 1e-6, "the gains to add up to the whole"],
      [Math.abs(growth(net) - net.forecast.totalDecades) < tolerance, "the decades to be as forecast"],
      [leading(net).rule === "vanishing-gradient", "a finding that the gradient vanishes"],
    ]),
  };
};
