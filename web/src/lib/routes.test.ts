import { expect, test } from "vitest";
import { decodeSegment, routes } from "./routes.ts";

test("a global id with every awkward character comes back out of its URL", () => {
  const id = "UHJvdmlzaW9uOmE+/b==";
  const segment = routes.provision(id).slice("/provisions/".length);
  expect(segment).not.toContain("/");
  expect(decodeSegment(segment)).toBe(id);
});

test("a segment that is no valid encoding gives nothing", () => {
  expect(decodeSegment("%E0%A4%A")).toBeUndefined();
});
