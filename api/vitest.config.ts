import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "arm-emulator/test/**/*.test.ts", "simulator/**/*.test.ts", "test/**/*.test.ts"],
    // Pothos loads graphql's CommonJS build, Vite the ES one: two copies of graphql refuse each other's schemas.
    server: { deps: { inline: [/@pothos/, /graphql/] } },
    testTimeout: 20_000,
    // Tells a busy machine from a defect, as the browser's suite does: what passes only when tried again is to be mended.
    retry: 1,
    // The integration tests wait for Azure's emulator far more than they compute.
    maxWorkers: 3,
  },
});
