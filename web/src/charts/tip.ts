import { append, el, replace, type Content } from "../dom";

let tip: HTMLElement | null = null;

/** Shows exact values beside the pointer, inside the window. */
export function showTip(x: number, y: number, ...content: Content[]): void {
  if (!tip) append(document.body, (tip = el("div", { class: "tip", role: "status" })));
  replace(tip, ...content);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 14 + width > innerWidth - 8 ? x - 14 - width : x + 14;
  const top = Math.min(y + 14, innerHeight - height - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

export function hideTip(): void {
  if (tip) tip.hidden = true;
}

/** Rows of a name and a value, as a tip holds them. */
export function tipRows(title: Content, rows: (readonly [Content, Content] | null)[]): Content {
  return [
    el("strong", {}, title),
    el(
      "dl",
      {},
      rows.map((row) => row && [el("dt", {}, row[0]), el("dd", {}, row[1])]),
    ),
  ];
}
