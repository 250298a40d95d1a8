import { expect, test } from "../fixtures/test.ts";

const PAGES = ["/", "/clusters/new", "/registries", "/activity", "/health", "/nowhere"];

test("every page says that it is not to be framed, sniffed at or told about", async ({ request }) => {
  for (const path of PAGES) {
    const headers = (await request.get(path)).headers();
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "strict-origin-when-cross-origin",
      "permissions-policy": expect.stringContaining("camera=()") as unknown,
    });
    expect(headers["x-powered-by"]).toBeUndefined();
  }
});

test("the web server fetches nothing for whoever asks it to, and believes no header of its own", async ({
  request,
}) => {
  for (const url of ["http://169.254.169.254/metadata/instance", "http://127.0.0.1:1/x.png", "//evil.example/x.png"]) {
    const image = await request.get(`/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`);
    expect(image.status(), url).toBeGreaterThanOrEqual(400);
    expect(image.status(), url).toBeLessThan(500);
  }
  const subrequest = "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware";
  const skipped = await request.get("/", {
    headers: { "x-middleware-subrequest": subrequest, host: "evil.example" },
  });
  expect(skipped.status(), "the gate before every page is not skipped").toBe(421);
});

test("scripts come without their sources", async ({ page, request }) => {
  const scripts: string[] = [];
  page.on("response", (response) => {
    if (/\.js(\?|$)/.test(response.url())) scripts.push(response.url());
  });
  await page.goto("/", { waitUntil: "networkidle" });
  expect(scripts.length).toBeGreaterThan(3);
  for (const url of scripts) {
    expect(await (await request.get(url)).text(), url).not.toContain("sourceMappingURL");
    expect((await request.get(`${url}.map`)).status(), url).toBe(404);
  }
});
