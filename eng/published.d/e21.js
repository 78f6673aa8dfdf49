// Mishkin & Matas 2016: very deep nets train where each layer's output starts with variance 1.
const { learns, stalls, unmet } = require("../terms.js");

exports.trainings = { Xavier: "e21-xavier.yaml", LSUV: "e21-lsuv.yaml" };

exports.shows =
  "with LSUV each layer's variance starts at 1 ± 0.1, and thirty ReLU layers learn that stall with Xavier's weights";

exports.judge = ({ Xavier, LSUV }) => {
  const variances = LSUV.first.layers.map((layer) => layer.std ** 2);
  const [least, most] = [Math.min(...variances), Math.max(...variances)];
  return {
    figures: { Xavier: Xavier.trainingLoss, LSUV: LSUV.trainingLoss, "least variance": least, "most": most },
    wrong: unmet([
      [stalls(Xavier), "Xavier's initialisation to stall"],
      [learns(LSUV), "LSUV to learn"],
      [least >= 0.9 && most <= 1.1, "a variance of 1 ± 0.1 of each layer's output"],
    ]),
  };
};
