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
