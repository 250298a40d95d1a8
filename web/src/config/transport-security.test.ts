import { expect, test } from "vitest";
import { strictTransportSecurity } from "./transport-security.ts";

test("browsers that came by HTTPS are told to do so for a year, others nothing", () => {
  expect(strictTransportSecurity("https://slipway.example")).toBe("max-age=31536000");
  expect(strictTransportSecurity("http://localhost:3000")).toBeUndefined();
  expect(strictTransportSecurity(undefined)).toBeUndefined();
});
