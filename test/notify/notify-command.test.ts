import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runNotifyCommand } from "../../src/notify/notify.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-notify-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the summary is on its standard input", async () => {
  const file = join(folder, "heard");
  expect(await runNotifyCommand(`cat > '${file}'`, '{"exit":0}')).toBeNull();
  expect(readFileSync(file, "utf8")).toBe('{"exit":0}\n');
});

test("a command that reads nothing, fails, or is none, is told and does no harm", async () => {
  const long = "x".repeat(1_000_000);
  expect(await runNotifyCommand("true", long)).toBeNull();
  expect(await runNotifyCommand("exit 7", long)).toBe("--notify-command ended with 7");
  expect(await runNotifyCommand("photohaul-no-such-command 2>&-", "")).toMatch(/ended with 127/);
});

test("a command that hangs is ended, and what it started with it", async () => {
  const file = join(folder, "late");
  const hanging = `(sleep 1; touch '${file}') & sleep 60`;
  expect(await runNotifyCommand(hanging, "", 200)).toBe("--notify-command ended by SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(existsSync(file)).toBe(false);
});
