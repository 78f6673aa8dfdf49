// Ioffe & Szegedy 2015, section 4.2: with batch normalisation a net of sigmoids learns that stays at chance without.
const { converges, stalls, unmet } = require("../terms.js");

exports.trainings = { "sigmoid": "e10-sigmoid.yaml", "with batch-norm": "e10-sigmoid-batch-norm.yaml" };

exports.shows = "ten sigmoid layers stay at chance, and converge with batch normalisation";

exports.judge = (answers) => ({
  figures: { "sigmoid": answers.sigmoid.trainingLoss, "with batch-norm": answers["with batch-norm"].trainingLoss },
  wrong: unmet([
    [stalls(answers.sigmoid), "the sigmoids alone to stall"],
    [converges(answers["with batch-norm"]), "the sigmoids with batch normalisation to converge"],
  ]),
});
