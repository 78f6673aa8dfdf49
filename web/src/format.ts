// Numbers as people read them: a true minus, thin spaces before units, and no more digits than mean something.

const minus = (text: string): string => text.replace(/-/g, "−");

const superscripts: Record<string, string> = {
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
  "-": "⁻",
  ".": "·",
};

export function special(value: number | null | undefined): string | null {
  if (value === null || value === undefined) return "not measured";
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "−∞";
  return null;
}

/** A count or a step, with commas between thousands, as in the sentences that come with the records. */
export function count(value: number): string {
  return (
    special(value) ??
    minus(
      Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ","),
    )
  );
}

/** Decades, signed: −0.61, or with a given number of decimals. */
export function decades(value: number | null | undefined, decimals?: number): string {
  const text = special(value);
  if (text !== null) return text;
  const size = Math.abs(value!);
  const rounded = value!.toFixed(size >= 100 ? 0 : (decimals ?? (size >= 10 ? 1 : 2)));
  return minus(Number(rounded) === 0 ? rounded.replace("-", "") : rounded);
}

/** Decades per time step, which add up over many: below 0.1 to two digits that count, such as 0.016. */
export function perStep(value: number | null | undefined): string {
  const size = Math.abs(value ?? 0);
  return size >= 1e-6 && size < 0.095 ? decades(Number(value!.toPrecision(2)), 1 - Math.floor(Math.log10(size))) : decades(value);
}

/** A power of ten from its logarithm: 10⁻⁵·⁵. */
export function power(log: number | null | undefined, digits = 1): string {
  if (log === -Infinity) return "0 exactly";
  const text = special(log);
  if (text !== null) return text;
  const exponent = Number(log!.toFixed(digits)).toString();
  return "10" + [...exponent].map((c) => superscripts[c] ?? c).join("");
}

/** A share in per cent: 96.4 %, or with a given number of decimals; one that per cent would round to 0 as 5.5·10⁻⁸. */
export function share(value: number | null | undefined, decimals?: number): string {
  const text = special(value);
  if (text !== null) return text;
  const percent = value! * 100;
  const size = Math.abs(percent);
  if (decimals === undefined && size > 0 && size < 0.005) return quantity(value);
  const digits =
    decimals !== undefined
      ? decimals
      : size === 0 || size >= 99.95 || Number.isInteger(Number(percent.toFixed(6)))
        ? 0
        : size < 1
          ? 2
          : 1;
  return minus(percent.toFixed(digits)) + "\u202f%";
}

/** Any other quantity to three digits that count; very large and small ones as powers of ten. */
export function quantity(value: number | null | undefined): string {
  const text = special(value);
  if (text !== null) return text;
  const size = Math.abs(value!);
  if (size === 0) return "0";
  if (size >= 1e5 || size < 1e-4) {
    const exponent = Math.floor(Math.log10(size));
    const mantissa = value! / 10 ** exponent;
    return Number.isFinite(mantissa) ? `${minus(mantissa.toFixed(1))}·${power(exponent, 0)}` : minus(String(value));
  }
  if (Number.isInteger(value) || size >= 1000) return count(value!);
  return minus(value!.toPrecision(3));
}

/** A round number as axes have them, without digits to fill a column. */
export function tick(value: number): string {
  const text = quantity(value);
  return text.includes("·") ? text : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** Text with its numbers kept on one line: 96.4 % and 0.000 003 don't break. */
export const unbroken = (text: string): string => text.replace(/(\d) (?=%|\d{3}(?!\d))/g, "$1\u202f");

/** A metric, in per cent where it is a share. */
export function metric(value: number | null | undefined, name: string | undefined): string {
  return name === "accuracy" ? share(value) : quantity(value);
}

/** A time: 12 s, 2 min, 1 h 5 min. */
export function duration(seconds: number): string {
  const text = special(seconds);
  if (text !== null) return text;
  if (seconds < 60) return `${Number(seconds.toPrecision(2))}\u202fs`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes}\u202fmin` : `${Math.floor(minutes / 60)}\u202fh ${minutes % 60}\u202fmin`;
}

export const plural = (n: number, one: string, many = one + "s"): string => `${count(n)} ${n === 1 ? one : many}`;

/** "weight-scale" or "decadesPerLayer" as words. */
export function words(id: string): string {
  return id.replace(/[-_]/g, " ").replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
