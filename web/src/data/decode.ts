import type { Run } from "./records";

// Text fields may hold anything, "inf" included; so only fields known to be numeric are decoded.
const numeric = new Set([
  "loss",
  "metric",
  "learningRate",
  "gradientNorm",
  "clippedNorm",
  "clipCoefficient",
  "cutNorms",
  "partGains",
  "rms",
  "saturatedShare",
  "deadShare",
  "nonFinite",
  "weightNorm",
  "updateRatio",
  "distance",
  "gradientCosine",
  "decadesPerLayer",
  "totalDecades",
  "depthScale",
  "trainableDepth",
  "measuredDecadesPerLayer",
  "measuredTotalDecades",
  "decadesPerTimeStep",
  "measuredDecadesPerTimeStep",
  "lagNorms",
  "weightDecades",
  "activationDecades",
  "gateDecades",
  "stateRms",
  "slopes",
  "lyapunov",
  "mean",
  "closedShare",
  "openShare",
  "real",
  "imaginary",
  "radius",
  "norm",
  "singularValues",
  "entropy",
  "entropyShare",
  "decades",
  "before",
  "after",
  "testLoss",
  "testMetric",
  "bitsPerCharacter",
  "testBitsPerCharacter",
  "curveLoss",
  "chanceMetric",
  "baselineLoss",
  "seconds",
  "watchShare",
]);

const special: Record<string, number> = { "-inf": -Infinity, inf: Infinity, nan: NaN };

/** The run in the page's script element of that id; null where it holds none. */
export function readRun(id: string): Run | null {
  const text = document.getElementById(id)?.textContent?.trim();
  return text ? (decode(JSON.parse(text), "", false) as Run) : null;
}

function decode(value: unknown, key: string, insideEvidence: boolean): unknown {
  if (typeof value === "string") {
    return (numeric.has(key) || insideEvidence) && value in special ? special[value] : value;
  }
  if (Array.isArray(value)) return value.map((entry) => decode(entry, key, insideEvidence));
  if (value === null || typeof value !== "object") return value;
  // The lines of a change are the texts of a file, though their names are those of a measured before and after.
  const isChange = key === "changes";
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, isChange ? entry : decode(entry, name, key === "evidence")]),
  );
}
