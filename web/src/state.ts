// What the reader points at, shared by all pictures.

export interface View {
  /** The depth of the layer under the pointer. */
  hovered: number | null;
  /** The depth of the layer that was clicked. */
  pinned: number | null;
  /** Time steps back, of the place in the sequence that is under the pointer. */
  lag: number | null;
  /** Time steps back, of the place in the sequence that was clicked. */
  pinnedLag: number | null;
  /** The step under the pointer, or that is being played. */
  step: number | null;
  /** The steps that are in sight; null for all. */
  range: [number, number] | null;
}

type Listener = (view: Readonly<View>, changed: keyof View) => void;

export class ViewState {
  readonly view: View = { hovered: null, pinned: null, lag: null, pinnedLag: null, step: null, range: null };
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  set<K extends keyof View>(key: K, value: View[K]): void {
    if (this.view[key] === value) return;
    this.view[key] = value;
    for (const listener of this.#listeners) listener(this.view, key);
  }

  /** Pins a layer or a lag, or lets go of it; one thing is pinned at a time. */
  togglePin(value: number, key: "pinned" | "pinnedLag" = "pinned"): void {
    const isPinned = this.view[key] === value;
    this.unpin();
    if (!isPinned) this.set(key, value);
  }

  unpin(): void {
    this.set("pinned", null);
    this.set("pinnedLag", null);
  }
}
