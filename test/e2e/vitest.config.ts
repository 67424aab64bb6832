import { mergeConfig } from "vitest/config";
import all from "../vitest.config.ts";

/** Whole mirrors, crashes and faults alone. */
const config = mergeConfig(all, {});
config.test.include = ["test/e2e/**/*.test.ts"];
export default config;
