import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { ActionButton, ActionLink } from "./action-button.tsx";
import { ReadOnly } from "./read-only.tsx";

const MAY_LOOK = "You may look.";

test("a button with a reason keeps its place, says the reason and does nothing", async () => {
  const act = vi.fn();
  render(
    <ActionButton reason="It runs already." onClick={act}>
      Start
    </ActionButton>,
  );
  const button = screen.getByRole("button", { name: "Start", description: "It runs already." });
  button.focus();
  expect(document.activeElement).toBe(button);
  await userEvent.click(button);
  expect(act).not.toHaveBeenCalled();
});

test("whoever may only look is told so by every action, links and forms included", async () => {
  const submit = vi.fn((event: Event) => event.preventDefault());
  const { container } = render(
    <ReadOnly reason={MAY_LOOK}>
      <form>
        <input aria-label="Name" />
        <ActionButton type="submit">Create</ActionButton>
      </form>
      <ActionLink href="/clusters/new">Create cluster</ActionLink>
    </ReadOnly>,
  );
  container.querySelector("form")?.addEventListener("submit", submit);
  for (const name of ["Create", "Create cluster"]) {
    await userEvent.click(screen.getByRole("button", { name, description: MAY_LOOK }));
  }
  expect(screen.queryByRole("link")).toBeNull();
  expect(submit).not.toHaveBeenCalled();
});

test("with the right to act they are a button and a link like any other", async () => {
  const act = vi.fn();
  render(
    <ReadOnly reason={undefined}>
      <ActionButton onClick={act}>Start</ActionButton>
      <ActionLink href="/clusters/new">Create cluster</ActionLink>
    </ReadOnly>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(act).toHaveBeenCalledOnce();
  expect(screen.getByRole("link", { name: "Create cluster" }).getAttribute("href")).toBe("/clusters/new");
});
