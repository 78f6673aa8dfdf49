import { el, type Content } from "./dom";

/** A column of a table: its name, what stands in each row, and whether that is a number. */
export interface Column<T> {
  name: string;
  cell: (row: T, index: number) => Content;
  isNumber: boolean;
}

/** A column of words. */
export const inWords = <T>(name: string, cell: Column<T>["cell"]): Column<T> => ({ name, cell, isNumber: false });

/** A column of numbers. */
export const inNumbers = <T>(name: string, cell: Column<T>["cell"]): Column<T> => ({ name, cell, isNumber: true });

interface TableOptions<T> {
  caption?: Content;
  class?: string;
  rowClass?: (row: T) => string;
}

/** A table that scrolls inside itself where it is too wide. */
export function dataTable<T>(columns: Column<T>[], rows: T[], options: TableOptions<T> = {}): HTMLElement {
  const classOf = ({ isNumber }: Column<T>): { class?: string } => (isNumber ? { class: "num" } : {});
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      { class: options.class },
      options.caption ? el("caption", {}, options.caption) : null,
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", classOf(column), column.name)))),
      el(
        "tbody",
        {},
        rows.map((row, i) =>
          el(
            "tr",
            { class: options.rowClass?.(row) || undefined },
            columns.map((column) => el("td", classOf(column), column.cell(row, i))),
          ),
        ),
      ),
    ),
  );
}
