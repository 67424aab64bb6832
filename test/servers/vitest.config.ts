import { defineConfig } from "vitest/config";

/** Real servers, one after the other: they are slow to start, and share the machine. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: ["test/servers/**/*.test.ts"],
    globalSetup: ["test/servers/start-all.ts"],
    fileParallelism: false,
    reporters: ["default", "./test/reliability-reporter.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});
