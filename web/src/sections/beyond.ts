import type { Finding, LinkKind } from "../data/records";
import { el, type Content } from "../dom";
import { share } from "../format";
import { kindNames } from "../words";

// What the evidence calls a kind's share, where that is not the kind's own name.
const names: Partial<Record<LinkKind, string>> = { weights: "weight", recurrence: "gate" };

/**
 * The verdict asks what a kind does beyond its part in a net that flows: a ReLU always takes some, and weights of the
 * right size give it back. Where that names another kind than the largest bar does, it has to be said.
 */
export function beyondHint(findings: Finding[], top: LinkKind): Content {
  const beyond = findings.map((f) => kindsBeyond(f.evidence)).find((kinds) => kinds.length > 0);
  if (!beyond || beyond[0]!.kind === top) return null;
  const text = beyond.map((b) => `${kindNames[b.kind]} ${share(b.part, 0)}`).join(", ");
  return el(
    "p",
    { class: "hint" },
    `Compared with what each kind does in a net of this sort whose gradient flows, the change comes from: ${text}.`,
  );
}

function kindsBeyond(evidence: Record<string, number>): { kind: LinkKind; part: number }[] {
  return (Object.keys(kindNames) as LinkKind[])
    .map((kind) => ({ kind, part: evidence[`${names[kind] ?? kind}Share`] ?? NaN }))
    .filter(({ part }) => Number.isFinite(part))
    .sort((a, b) => b.part - a.part);
}
