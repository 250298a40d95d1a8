import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SearchSelect } from "./search-select.tsx";

const groupsOf = (...sizes: readonly string[]) => [
  { value: "", items: sizes.map((size) => ({ value: size, label: size, detail: "2 vCPU" })) },
];

function Sizes() {
  return (
    <SearchSelect
      id="size"
      label="Size"
      groups={groupsOf("Standard_D2s_v5", "Standard_E2s_v5")}
      value="Standard_D2s_v5"
      onChange={() => undefined}
      emptyText="Loading sizes…"
    />
  );
}

test("what is typed stays while the page around it is rendered again", async () => {
  const user = userEvent.setup();
  const { rerender } = render(<Sizes />);
  const field = screen.getByRole<HTMLInputElement>("combobox", { name: "Size" });
  await user.click(field);
  await user.keyboard("E2s");
  expect(field.value).toBe("E2s");
  rerender(<Sizes />);
  expect(field.value).toBe("E2s");
  expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Standard_E2s_v52 vCPU"]);
});
