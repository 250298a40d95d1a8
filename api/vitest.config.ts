import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "arm-emulator/test/**/*.test.ts", "simulator/**/*.test.ts", "test/**/*.test.ts"],
    // Node takes the types off by itself, as it does when the product runs. Vite's own runner took half of the suite's time, and gave
    // Pothos another copy of graphql than the rest.
    experimental: { viteModuleRunner: false },
    // No test mocks a module or leaves a global changed, so files can share a worker and the modules it has loaded.
    isolate: false,
    testTimeout: 60_000,
    // Some hooks start a whole process: Azurite, Redis, the product itself.
    hookTimeout: 120_000,
    // Tells a busy machine from a defect, as the browser's suite does: what passes only when tried again is to be mended.
    retry: 1,
    // The integration tests wait for Azure's emulator far more than they compute.
    maxWorkers: 3,
  },
});
