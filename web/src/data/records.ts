// The records as GradFlow.Runs writes them, after decoding: NaN and infinities are numbers again.
// A property that is missing and a null entry were not measured.

export type LinkKind = "weights" | "activation" | "normalization" | "skip" | "recurrence" | "attention" | "other";

export type Value = number | null;

export interface Run {
  header: Header;
  steps: Step[];
  frames: Frame[];
  evaluations: Evaluation[];
  nonFinite?: { step: number; phase: string; layer: string; operation: string; kind: string };
  forecast?: Forecast;
  diagnosis?: Diagnosis;
  repair?: Repair;
  byLength?: { step: number; rows: LengthLoss[] };
  end?: { reason: string; seconds: number; watchShare?: number };
}

export interface LengthLoss {
  from: number;
  to: number;
  loss: number;
  metric?: number;
  baselineLoss?: number;
  chanceMetric?: number;
  samples: number;
  isTrained: boolean;
}

export interface Header {
  name: string;
  seed?: number;
  startedAt: string;
  producer: string;
  plan: Plan;
  structure: Structure;
  experiment?: string;
}

export interface Plan {
  steps: number;
  stepsPerEpoch: number;
  batchSize: number;
  loss: string;
  optimizer: string;
  learningRate?: number;
  metricName?: string;
  chanceMetric?: number;
  baselineLoss?: number;
  longestDependency?: number;
  lossPer?: string;
  pretrainingSteps?: number;
}

export interface Structure {
  cuts: { name: string; type: string; layer: number; isLayerOutput: boolean }[];
  links: { name: string; type: string; kind: LinkKind; layer: number }[];
  parts: { link: number; name: string; type: string; kind: LinkKind }[];
  signals: { name: string; type: string; kind: LinkKind; layer: number; units: number; places?: number }[];
  parameters: {
    name: string;
    layerName: string;
    layer: number;
    role: string;
    shape: number[];
    isFrozen?: boolean;
  }[];
  recurrences?: Recurrence[];
  attentions?: { name: string; layer: number; heads: number; window?: number; isCausal?: boolean }[];
  /** Time steps that an output sees back through windows of attention; absent where it sees all, or it isn't known. */
  reach?: number;
}

/** A recurrent layer, through whose states the gradient travels in time. */
export interface Recurrence {
  name: string;
  type: string;
  layer: number;
  units: number;
  steps: number;
  activation?: string;
  window?: number;
}

export interface Step {
  step: number;
  epoch: number;
  loss: number;
  metric?: number;
  learningRate: number;
  gradientNorm?: number;
  clippedNorm?: number;
  clipCoefficient?: number;
}

export interface Frame {
  step: number;
  cutNorms?: Value[];
  partGains?: Value[];
  forward?: { rms?: Value[]; saturatedShare?: Value[]; deadShare?: Value[]; nonFinite?: Value[] };
  parameters?: { weightNorm?: Value[]; gradientNorm?: Value[]; updateRatio?: Value[]; distance?: Value[] };
  gradientCosine?: number;
  throughTime?: (TimeProfile | null)[];
  /** The entropy of each head's weights, in nats and as a share of the largest there could be. */
  attention?: ({ entropy: number[]; entropyShare: number[] } | null)[];
}

/** A recurrent layer at one training step: a late loss's gradient by lag, and the states by time step. */
export interface TimeProfile {
  lagNorms: Value[];
  weightDecades?: number;
  activationDecades?: number;
  gateDecades?: number;
  stateRms?: Value[];
  slopes?: Value[];
  /** Natural log of the factor by which a small difference of the state grows in a typical time step. */
  lyapunov?: number;
  gates?: GateStatistics[];
  spectrum?: RecurrentSpectrum;
  jacobians?: { timeStep: number; singularValues: number[] }[];
}

export interface GateStatistics {
  gate: string;
  mean: number;
  closedShare: number;
  openShare: number;
}

/** Eigenvalues of the recurrent matrix. */
export interface RecurrentSpectrum {
  real: number[];
  imaginary: number[];
  radius: number;
  norm: number;
}

export interface Evaluation {
  step: number;
  epoch: number;
  split: string;
  loss: number;
  metric?: number;
  samples: number;
}

export interface Forecast {
  decadesPerLayer?: number;
  totalDecades?: number;
  depthScale?: number;
  trainableDepth?: number;
  cutNorms: Value[];
  expectation: string;
  sentence: string;
  measuredDecadesPerLayer?: number;
  measuredTotalDecades?: number;
  decadesPerTimeStep?: number;
  measuredDecadesPerTimeStep?: number;
}

export interface Diagnosis {
  verdict: { kind: "healthy" | "sick" | "inconclusive"; sentence: string; nextToRecord: string[] };
  findings: Finding[];
  attribution: Attribution[];
}

export interface Attribution {
  link: string;
  kind: LinkKind;
  decades: number;
  block?: string;
}

export interface Finding {
  rule: string;
  cause: string;
  severity: "info" | "warning" | "critical";
  where?: { first: string; last: string };
  sinceStep: number;
  evidence: Record<string, number>;
  explanation: string;
  remedies: string[];
  confirmation?: Confirmation;
}

export interface Confirmation {
  status: string;
  intervention?: string;
  quantity?: string;
  before?: number;
  after?: number;
}

export interface Repair {
  status: string;
  chosen: string[];
  chosenTrial?: string;
  changes: { path: string; before: string; after: string }[];
  before: Outcome;
  after?: Outcome;
  trials: Trial[];
  file?: string;
  cost: { steps: number; timesOneTraining: number };
  sentence: string;
}

export interface Outcome {
  steps: number;
  loss: number;
  metric?: number;
  testLoss?: number;
  testMetric?: number;
  bitsPerCharacter?: number;
  testBitsPerCharacter?: number;
  decadesPerLayer?: number;
  isFinite: boolean;
}

export interface Trial {
  remedy: string;
  kind: string;
  seed: number;
  steps: number;
  loss: number;
  metric?: number;
  curveSteps: number[];
  curveLoss: number[];
  decadesPerLayer?: number;
  role: string;
}
