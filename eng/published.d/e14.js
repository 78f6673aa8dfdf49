// He, Zhang, Ren & Sun 2016: with depth the training loss of plain nets with batch normalisation worsens, that of
// residual ones doesn't.
const { converges, unmet } = require("../terms.js");

exports.trainings = {
  "plain 20": { file: "e14-plain-20.yaml", mnist: true },
  "plain 56": { file: "e14-plain-56.yaml", mnist: true },
  "residual 20": { file: "e14-residual-20.yaml", mnist: true },
  "residual 56": { file: "e14-residual-56.yaml", mnist: true },
};

exports.shows =
  "from 20 to 56 layers the training loss rises in plain nets with batch normalisation, not in residual ones";

exports.judge = (answers) => {
  const loss = (name) => answers[name].trainingLoss;
  return {
    figures: Object.fromEntries(Object.keys(answers).map((name) => [name, loss(name)])),
    wrong: unmet([
      [loss("plain 56") > loss("plain 20"), "the plain net's loss to rise with depth"],
      [loss("residual 56") <= loss("residual 20"), "the residual net's loss not to rise with depth"],
      [converges(answers["residual 56"]), "the residual net of 56 layers to converge"],
    ]),
  };
};
