import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts", "fixtures/**/*.test.ts"],
    exclude: ["test/servers/**", "node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Half the time goes to processes that the tests start; one worker would leave a core idle.
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary"],
      reportsDirectory: "coverage",
    },
  },
});
