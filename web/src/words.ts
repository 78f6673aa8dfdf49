import type { Finding, LinkKind, Run } from "./data/records";
import { capital, words } from "./format";

export const kindNames: Record<LinkKind, string> = {
  weights: "weights",
  activation: "activation",
  normalization: "normalisation",
  skip: "skip connection",
  recurrence: "recurrence",
  attention: "attention",
  other: "other",
};

/** What a forecast, which is of weights as drawn, stands beside. */
export const measuredAtStart = (run: Run): string =>
  run.header.plan.pretrainingSteps ? "Measured at step 0, after the pre-training" : "Measured at step 0";

interface RuleWords {
  title: string;
  why: string;
}

const rules: Record<string, RuleWords> = {
  "vanishing-gradient": {
    title: "The gradient vanishes",
    why:
      "The gradient says how each weight should change. On its way back from the loss it shrinks from layer to " +
      "layer, and the factors multiply, so the first layers get almost none and barely learn.",
  },
  "exploding-gradient": {
    title: "The gradient explodes",
    why:
      "On its way back from the loss the gradient grows from layer to layer, and the factors multiply, so " +
      "the first layers take steps far too large and the training breaks.",
  },
  "vanishing-through-time": {
    title: "The gradient vanishes through time",
    why:
      "What happened many steps ago has next to no influence on the weights, so " +
      "long-range patterns can't be learned.",
  },
  "exploding-through-time": {
    title: "The gradient explodes through time",
    why: "Small changes many steps ago blow up on their way back, so single updates can destroy what was learned.",
  },
  "output-mismatch": {
    title: "The output does not fit the loss",
    why:
      "The loss makes probabilities of what it is given, so it wants numbers of any size; squashed ones can't say " +
      "how sure the net is.",
  },
  "non-finite": {
    title: "Numbers stop being finite",
    why: "Once a NaN or an infinity appears, every number computed from it is lost too; the training can't recover.",
  },
  "dead-units": {
    title: "Units are dead",
    why: "A unit whose slope is 0 for every sample passes no gradient on and can never learn again.",
  },
  "saturated-units": {
    title: "Units are saturated",
    why: "On the flat ends of its activation a unit hardly reacts to its input, so it passes on hardly any gradient.",
  },
  "poor-initialization": {
    title: "The initial weights have the wrong scale",
    why: "The first forward and backward passes already shrink or blow up the signal, before anything was learned.",
  },
  "order-blindness": {
    title: "The order of the time steps is not seen",
    why:
      "The net sees which time steps came, not in which order: what the order tells, it can't learn. " +
      "Where the order tells nothing, nothing is lost by it.",
  },
  "no-learning": {
    title: "The net does not learn",
    why:
      "What it predicts is no better than a constant: by its loss, or by what the last output of a sequence " +
      "is asked.",
  },
};

export const ruleTitle = (id: string): string => rules[id]?.title ?? capital(words(id));
export const ruleWhy = (id: string): string | undefined => rules[id]?.why;

const causes: Record<string, string> = {
  activation: "the activation's slope",
  "weight-scale": "the size of the weights",
  depth: "the number of layers",
  recurrence: "the recurrent weights",
  attention: "what time steps see of each other",
  normalization: "a normalisation layer",
  "residual-scale": "the size of the residual branches",
  "learning-rate": "the learning rate",
  clipping: "clipping that takes nearly all of every gradient",
  "data-scale": "the scale of the data",
  "loss-or-output": "what is minimised, or an output that doesn't fit it",
  precision: "the number format",
  "batch-size": "the batch size",
};

/** What is to be taken off tells which part of what is minimised is to blame. */
const causesByRemedy: Record<string, string> = {
  "drop-penalty": "the penalty on the weights",
  "drop-decay": "the optimiser's weight decay",
};

/** What a finding's cause is called. */
export function causeName({ cause, remedies }: Finding): string {
  const byRemedy = cause === "loss-or-output" ? remedies.find((id) => id in causesByRemedy) : undefined;
  return (byRemedy && causesByRemedy[byRemedy]) ?? causes[cause] ?? words(cause);
}

const remedies: Record<string, string> = {
  "he-init": "He initialisation",
  "xavier-init": "Xavier initialisation",
  "orthogonal-init": "orthogonal initialisation",
  "identity-init": "identity initialisation",
  "lsuv-init": "LSUV initialisation",
  "critical-gain": "weights at the critical gain",
  relu: "ReLU",
  "leaky-relu": "leaky ReLU",
  prelu: "PReLU",
  rrelu: "RReLU",
  gelu: "GELU",
  selu: "SELU",
  "batch-norm": "batch normalisation",
  "layer-norm": "layer normalisation",
  "weight-norm": "weight normalisation",
  residual: "residual connections",
  "scaled-residual": "scaled residual connections",
  "clip-norm": "clipping by norm",
  "clip-value": "clipping by value",
  "adaptive-clip": "adaptive clipping",
  "lower-learning-rate": "lower learning rate",
  "raise-learning-rate": "higher learning rate",
  "warm-up": "warm-up of the learning rate",
  adam: "Adam",
  gru: "GRU",
  lstm: "LSTM",
  "forget-bias": "forget bias of 1",
  attention: "attention to all earlier time steps",
  positions: "positions that tell time steps apart",
  transformer: "Transformer blocks",
  "echo-state": "echo state network",
  "truncated-bptt": "another window of back-propagation",
  "fewer-layers": "fewer layers",
  "scale-data": "scaled data",
  "fix-output": "an output that fits the loss",
  "drop-penalty": "no penalty on the weights",
  "drop-decay": "no weight decay",
  "loosen-clip": "looser clipping",
  control: "nothing (control)",
};

/** A remedy in words, with the factor that a trial's name may carry; several are joined by a plus. */
export const remedyName = (id: string): string =>
  id
    .split("+")
    .map((part) => {
      const [remedy = "", factor] = part.trim().split("×");
      return (remedies[remedy] ?? words(remedy)) + (factor ? `\u00a0×${factor}` : "");
    })
    .join(" + ");

const evidence: Record<string, string> = {
  ratioFirstToLast: "first layer against the last",
  sigmaW: "σ of the weights × √fan-in",
  criticalSigma: "critical σ",
  decadesPerLayer: "decades per layer",
  totalDecades: "decades in all",
  forwardDecades: "decades of the signal",
  decadesPerStep: "decades per time step",
  stateDecadesPerStep: "states, decades per time step",
  memoryHorizon: "memory ends after, time steps",
  neededLag: "the answer needs, time steps",
  decadesAtNeededLag: "decades at the lag needed",
  farthestLag: "farthest lag, time steps",
  decadesAtFarthestLag: "decades at the farthest lag",
  cutLag: "cut after, time steps",
  reach: "the output sees back, time steps",
  window: "narrowest window, time steps",
  learnedLength: "learned up to a length of, time steps",
  learnedLift: "way from a guess to perfect, such lengths",
  unlearnedLength: "not learned from a length of, time steps",
  unlearnedLift: "way from a guess to perfect, such lengths",
  weightDecadesPerStep: "recurrent weights, decades per time step",
  activationDecadesPerStep: "slopes, decades per time step",
  gateDecadesPerStep: "gates, decades per time step",
  stateRms: "rms of the states",
  slopeRms: "rms of the slopes",
  inputScale: "scale of the input weights",
  spectralRadius: "largest recurrent eigenvalue, in size",
  spectralNorm: "norm of the recurrent matrix",
  jacobianNorm: "most that a time step stretches the state",
  lyapunov: "top Lyapunov exponent, per time step",
  forgetGate: "forget gate, mean",
  forgetGateClosedShare: "forget gate, share below 0.1",
  forgetGateOpenShare: "forget gate, share above 0.9",
  updateGate: "update gate, mean",
  updateGateClosedShare: "update gate, share below 0.1",
  updateGateOpenShare: "update gate, share above 0.9",
  decayPull: "the weight decay's pull at the start, over the loss's",
  weightsLeft: "the weights' norm at the end, over that at the start",
  clippedShare: "steps that clipping shortens",
  lift: "accuracy's way from a guess to perfect",
  orderShare: "change by a shuffle of time steps, over that by others",
  finiteSteps: "steps until NaN or infinity",
};

/** What a number of the evidence is called. */
export const evidenceName = (name: string): string => evidence[name] ?? words(name);

/** Terms that a newcomer may not know, explained on hover; the longest match wins. */
export const glossary: Record<string, string> = {
  "decades per layer":
    "One decade is a factor of ten. −0.61 decades per layer: each layer passes on 10^−0.61, " +
    "a quarter, of the gradient.",
  "decades per time step":
    "One decade is a factor of ten. −0.31 decades per time step: each step back in time passes on 10^−0.31, " +
    "a half, of the gradient.",
  "memory horizon": "The number of time steps after which less than 1 % of the gradient is left.",
  "gradient norm": "The size of the gradient at one place: the root of the sum of its squared entries.",
  decades: "One decade is a factor of ten.",
  gradient: "How the loss would change with each number of the net; training follows it downhill.",
  accuracy: "The share of samples that are classified correctly.",
  chance: "What guessing gets.",
  forecast: "What theory expects of the untrained net, before the first step.",
};
