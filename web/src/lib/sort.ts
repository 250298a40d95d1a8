/** By which column a table is sorted. */
export interface Sort<Key extends string = string> {
  key: Key;
  isDescending: boolean;
}

/** Reads `name` or `-name` from an address; the usual order for anything else. */
export function parseSort<Key extends string>(text: string, keys: readonly Key[], usual: Sort<Key>): Sort<Key> {
  const isDescending = text.startsWith("-");
  const name = isDescending ? text.slice(1) : text;
  const key = keys.find((one) => one === name);
  return key === undefined ? usual : { key, isDescending };
}

/** What stands in an address; empty for the usual order, so that addresses stay short. */
export function sortText(sort: Sort, usual: Sort): string {
  if (sort.key === usual.key && sort.isDescending === usual.isDescending) return "";
  return `${sort.isDescending ? "-" : ""}${sort.key}`;
}

/** Numbers by size, texts as people sort them: `np2` before `np10`. */
export function sorted<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => string | number,
  isDescending: boolean,
): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [left, right] = [valueOf(one), valueOf(other)];
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right), "en", { numeric: true, sensitivity: "base" });
  });
}
