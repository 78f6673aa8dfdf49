import { token } from "../theme";
import { areaWithin, nameLines, pixelsOf, type Point } from "./curveNames";
import type { Figure, Margins } from "./figure";

/** A height that matters, and what it is. */
export interface Level {
  at: number;
  text: string;
  /** The name of its colour. */
  color: string;
}

/** The line of a level. */
export const levelAt = (at: number, color: string, width: number): object => ({
  yAxis: at,
  lineStyle: { color: token(color), type: "solid", width },
  label: { show: false },
});

/** Names a level of a picture, clear of its other lines (in numbers of its axes); not where it is out of the picture. */
export function nameLevel(figure: Figure, margins: Margins, { at, text, color }: Level, lines: Point[][]): void {
  nameLines(figure, () => {
    const pixel = pixelsOf(figure);
    const area = areaWithin(figure, margins);
    const y = pixel(0, at)[1];
    if (y < margins.top - 1 || y > area.bottom + 1) return [];
    const level: Point[] = [[area.left, y], [area.right, y]];
    const drawn = lines.map((line) => line.map((point) => pixel(...point)));
    return [{ names: [{ text, at: level, color, isLevel: true }], lines: [...drawn, level], area }];
  });
}
