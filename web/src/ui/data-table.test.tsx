import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Column, DataTable } from "./data-table.tsx";

test("a change of one row renders that row alone", () => {
  const rendered: string[] = [];
  const columns: readonly Column<{ name: string; state: string }>[] = [
    {
      label: "Name",
      cell: ({ name, state }) => {
        rendered.push(name);
        return `${name} ${state}`;
      },
    },
  ];
  const [first, second] = [
    { name: "first", state: "old" },
    { name: "second", state: "old" },
  ];
  const table = (rows: readonly { name: string; state: string }[]) => (
    <DataTable caption="Things" columns={columns} rows={rows} rowKey={({ name }) => name} />
  );
  const { rerender } = render(table([first, second]));
  rendered.length = 0;
  rerender(table([first, { ...second, state: "new" }]));
  expect(screen.getByRole("cell", { name: "second new" })).toBeDefined();
  expect(rendered).toEqual(["second"]);
});

test("of two hundred rows those in view are rendered alone, each with its place among all", () => {
  const columns: readonly Column<string>[] = [{ label: "Name", cell: (name) => name }];
  const names = Array.from({ length: 200 }, (_, index) => `thing-${index}`);
  const { rerender } = render(<DataTable caption="Things" columns={columns} rows={names} rowKey={(name) => name} />);
  expect(screen.getByRole("table", { name: "Things" }).getAttribute("aria-rowcount")).toBe("201");
  expect(screen.getByRole("row", { name: "thing-0" }).getAttribute("aria-rowindex")).toBe("2");
  expect(screen.getAllByRole("row").length).toBeLessThan(40);

  rerender(<DataTable caption="Things" columns={columns} rows={names.slice(0, 100)} rowKey={(name) => name} />);
  expect(screen.getAllByRole("row")).toHaveLength(101);
  expect(screen.getByRole("table", { name: "Things" }).hasAttribute("aria-rowcount")).toBe(false);
});
