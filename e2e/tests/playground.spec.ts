import { expect, test } from "../fixtures/test.ts";

test("the API's playground loads nothing from elsewhere and streams a provision", async ({ page, stack, api }) => {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  page.on("websocket", (socket) => urls.push(socket.url()));
  const subscription = "subscription { provisionUpdated { clusterName status } }";
  await page.goto(`${stack.apiUrl}/graphql?query=${encodeURIComponent(subscription)}`);
  const run = page.getByRole("button", { name: /Execute query/ });
  await run.click();
  await api.startProvision("from-the-playground");
  await expect(page.getByLabel("Result Window")).toContainText("from-the-playground");
  const asked = urls.map((url) => new URL(url)).filter(({ protocol }) => /^(http|ws)/.test(protocol));
  expect(new Set(asked.map(({ host }) => host))).toEqual(new Set([new URL(stack.apiUrl).host]));
  expect(
    asked.filter(({ protocol }) => protocol === "ws:"),
    "the stream came over a WebSocket",
  ).toHaveLength(1);
});
