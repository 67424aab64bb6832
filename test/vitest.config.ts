import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts", "fixtures/**/*.test.ts"],
    exclude: ["test/servers/**", "node_modules/**"],
    reporters: ["default", "./test/reliability-reporter.ts"],
    // Whoever runs them may have a terminal of any width.
    env: { COLUMNS: "" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Half the time goes to processes that the tests start; one worker would leave a core idle.
    maxWorkers: 2,
    // Else each of the 180 files would load all anew: 0.6 s of CPU for one of pure code, 2 s more for a command line (measured).
    isolate: false,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary"],
      reportsDirectory: "coverage",
    },
  },
});
