// The page is built of elements and text nodes alone: what users named never becomes markup.

export type Content = Node | string | null | undefined | false | Content[];

type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, content);
  return element;
}

export function append(parent: Node, content: Content): void {
  if (Array.isArray(content)) content.forEach((entry) => append(parent, entry));
  else if (content) parent.appendChild(typeof content === "string" ? document.createTextNode(content) : content);
}

export function replace(parent: Node, ...content: Content[]): void {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  append(parent, content);
}

/** A drawing of 16 × 16 units. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
