import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderLive } from "../../../testing/render-live.tsx";
import { buildRegistryFixture } from "./build.fixture.ts";
import { StartBuildForm } from "./start-build-form.tsx";
import { initialImage } from "./start-build-values.ts";
import type { StartedBuild } from "./use-start-builds.ts";

type Images = { image: string; tag: string }[];

function renderForm(startBuilds?: (images: Images) => Record<string, unknown>) {
  const ends: (readonly StartedBuild[])[] = [];
  const user = userEvent.setup();
  const view = renderLive(
    <StartBuildForm
      registry={buildRegistryFixture()}
      initial={initialImage("team/service")}
      onAllStarted={(started) => ends.push(started)}
    />,
  );
  const { api } = view;
  if (startBuilds)
    api.answer("StartImageBuilds", ({ input }) => ({ startBuilds: startBuilds((input as { images: Images }).images) }));
  act(() => api.connect());
  const inputs = () =>
    api.asked.filter((asked) => asked.name === "StartImageBuilds").map((asked) => asked.variables["input"]);
  return { ...view, user, ends, inputs };
}

const success = (results: object[]) => ({ __typename: "StartBuildsSuccess", results });
const begun = ({ image, tag }: { image: string; tag: string }) => ({
  image,
  tag,
  build: { id: `b:${image}`, runId: "ca1", status: "QUEUED" },
  error: null,
});
const start = () => screen.getByRole("button", { name: /^Start/ });

async function fill(user: ReturnType<typeof userEvent.setup>) {
  await user.type(screen.getByLabelText("Tag"), "1.0");
  await user.type(screen.getByLabelText("Git repository"), "https://github.com/o/r.git");
}

test("starts a build of one image, once, however often it is pressed", async () => {
  const { user, ends, inputs } = renderForm((images) => success(images.map(begun)));
  await fill(user);
  await user.dblClick(start());
  await waitFor(() => expect(ends).toEqual([[{ buildId: "b:team/service", name: "team/service:1.0" }]]));
  expect(inputs()).toHaveLength(1);
});

test("checks a field once it has been left, and sends nothing that is wrong", async () => {
  const { user, inputs } = renderForm((images) => success(images.map(begun)));
  await user.type(screen.getByLabelText("Git repository"), "git@github.com:o/r");
  expect(screen.queryByText("Use an https:// address.")).toBeNull();
  await user.tab();
  expect(screen.getByText("Use an https:// address.")).toBeDefined();
  await user.click(start());
  expect(inputs()).toEqual([]);
  expect(document.activeElement).toBe(screen.getByLabelText("Tag"));
});

test("the server's errors stand at their fields", async () => {
  const { user } = renderForm(() => ({
    __typename: "InvalidInputError",
    message: "Some fields need attention.",
    code: "INVALID_INPUT",
    fields: [{ path: "images.0.source.gitUrl", message: "Builds from github.com are not allowed." }],
  }));
  await fill(user);
  await user.click(start());
  expect(await screen.findByText("Builds from github.com are not allowed.")).toBeDefined();
  expect(document.activeElement).toBe(screen.getByLabelText("Git repository"));
});

test("each image has its own outcome: what was started is listed, what was not stays with the reason", async () => {
  const { user, ends } = renderForm((images) =>
    success(
      images.map((image) =>
        image.image === "team/other"
          ? begun(image)
          : {
              ...image,
              build: null,
              error: {
                __typename: "DuplicateBuildError",
                message: "It runs as ca9.",
                code: "DUPLICATE_BUILD",
                build: { id: "b/9", runId: "ca9", status: "RUNNING" },
              },
            },
      ),
    ),
  );
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Add another image" }));
  const second = screen.getByRole("region", { name: "Image 2" });
  await user.type(within(second).getByLabelText("Image"), "team/other");
  await user.click(start());
  expect((await screen.findByRole("link", { name: "Watch it" })).getAttribute("href")).toBe("/builds/b%2F9");
  expect(screen.getByRole("link", { name: "team/other:1.0" })).toBeDefined();
  expect(screen.queryByRole("region", { name: "Image 2" })).toBeNull();
  expect((screen.getByLabelText("Image") as HTMLInputElement).value).toBe("team/service");
  expect(ends).toEqual([]);
});

test("a refusal of the whole request says why and keeps what was typed", async () => {
  const { user } = renderForm(() => ({
    __typename: "ForbiddenError",
    message: "You need the role Slipway.Operator.",
    code: "FORBIDDEN",
  }));
  await fill(user);
  await user.click(start());
  expect(await screen.findByText("You need the role Slipway.Operator.")).toBeDefined();
  expect((screen.getByLabelText("Tag") as HTMLInputElement).value).toBe("1.0");
});

test("a secret build argument is masked and sent as one", async () => {
  const { user, inputs } = renderForm((images) => success(images.map(begun)));
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Add build argument" }));
  const group = screen.getByRole("group", { name: "Build argument argument 1" });
  await user.type(within(group).getByLabelText("Name"), "TOKEN");
  await user.click(within(group).getByLabelText("Secret"));
  expect(within(group).getByLabelText("Value").getAttribute("type")).toBe("password");
  await user.type(within(group).getByLabelText("Value"), "abc");
  await user.click(start());
  await waitFor(() => expect(inputs()).toHaveLength(1));
  expect(inputs()[0]).toMatchObject({ images: [{ buildArgs: [{ name: "TOKEN", value: "abc", secret: true }] }] });
});

test("Start is off without a connection, with the reason", () => {
  const { api } = renderForm();
  act(() => api.disconnect());
  expect(start()).toHaveProperty("disabled", true);
  expect(screen.getByText("Start is off while there is no connection to Slipway.")).toBeDefined();
});

test("opened for one field, it begins there", () => {
  renderLive(
    <StartBuildForm
      registry={buildRegistryFixture()}
      initial={initialImage("team/service")}
      fieldToChange="source.ref"
      onAllStarted={() => undefined}
    />,
  );
  expect(document.activeElement).toBe(screen.getByLabelText(/^Branch, tag or commit/));
});
