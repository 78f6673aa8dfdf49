// The page is built of elements and text nodes alone: what users named never becomes markup.

export type Content = Node | string | null | undefined | false | Content[];

type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...content: Content[]
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
