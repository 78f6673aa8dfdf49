import { el, type Content } from "../dom";
import { unbroken } from "../format";
import { glossary } from "../words";

const pattern = new RegExp(`\\b(${Object.keys(glossary).join("|")})\\b`, "i");

/** The text with each known term's first occurrence explained on hover and focus. */
export function explained(text: string, known = new Set<string>()): Content[] {
  const match = pattern.exec(text);
  if (!match) return [unbroken(text)];
  const term = match[0];
  const id = term.toLowerCase();
  const mark = known.has(id) ? term : el("dfn", { tabindex: 0, "data-explains": glossary[id]! }, term);
  known.add(id);
  return [unbroken(text.slice(0, match.index)), mark, ...explained(text.slice(match.index + term.length), known)];
}
