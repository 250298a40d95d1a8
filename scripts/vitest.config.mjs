import { defineConfig } from "vitest/config";
import { inRoot } from "./setup/workspace.mjs";

export default defineConfig({
  root: inRoot("scripts"),
  test: { include: ["**/*.test.mjs"], testTimeout: 30_000 },
});
