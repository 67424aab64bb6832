import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ran, type Rig, type RunOptions, rig } from "../scripts/rig.ts";
import { sample } from "../scripts/sample.ts";

/**
 * Secrets come in by every way there is, and every run leaves whatever it can leave. Then all of it is read,
 * and no secret is in it. What a user types himself (`--ping`, `--notify-command`) stands in the process list
 * as long as the run goes on, and nowhere else.
 */
const SECRET = "c4n4rySecretKey";
const TOKEN = "c4n4rySessionToken";
const OF_PROFILE = "c4n4ryOfTheProfile";
const PASSWORD = "c4n4ryPassword";
const PING = "c4n4ryPingToken";
const COMMAND = "c4n4ryInTheCommand";
const CANARY = /c4n4ry\w*/i;
const KEY = { accessKeyId: "AKIACANARYINENV", secretAccessKey: SECRET, sessionToken: TOKEN };
const PROFILE = { accessKeyId: "AKIACANARYPROFILE", secretAccessKey: OF_PROFILE };

let on: Rig;
/** Takes pings, and refuses everything else as AWS does: with all in the answer that it was sent. */
let other: Server;
let address = "";
let pings: { url: string; authorization: string | undefined }[] = [];
beforeAll(async () => {
  on = await rig({ credentials: [KEY, PROFILE] }, (server) => {
    const few = sample().filter(({ key }) => /\.(mp4|mov)$/i.test(key));
    for (const { key, body, ...facts } of few) server.bucket("photos").put(key, body, facts);
    server.bucket("copies");
  });
  mkdirSync(join(on.folder, ".aws"));
  writeFileSync(
    join(on.folder, ".aws", "credentials"),
    `[holiday]\naws_access_key_id = ${PROFILE.accessKeyId}\naws_secret_access_key = ${OF_PROFILE}\n`,
  );
  other = createServer((request, response) => {
    const { url = "", headers } = request;
    request.resume();
    if (url.includes(PING)) {
      pings.push({ url, authorization: headers.authorization });
      response.writeHead(url.endsWith("/start") ? 200 : 500).end();
      return;
    }
    const sent = `${headers.authorization} ${String(headers["x-amz-security-token"])}`;
    response
      .writeHead(403, { "content-type": "application/xml" })
      .end(
        `<Error><Code>AccessDenied</Code><Message>Access Denied</Message><CanonicalRequest>${sent}</CanonicalRequest></Error>`,
      );
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
});
afterAll(async () => {
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  await on[Symbol.asyncDispose]();
});

const environment = {
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_SESSION_TOKEN: TOKEN,
};
const profile = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

/** Every file below a folder, with its permissions; what goes while it is looked at is passed over. */
function filesBelow(folder: string): { path: string; mode: number; folder: boolean }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? [{ path, mode: stat.mode & 0o777, folder: stat.isDirectory() }] : [];
  });
}

/** Where a secret stands, in what a run printed and in every file that there is. */
function leaks(ran: Ran): string[] {
  const places: [where: string, text: string][] = [
    ["standard output", ran.stdout],
    ["standard error", ran.stderr],
  ];
  for (const { path, folder } of filesBelow(on.folder)) {
    places.push(["a name", path]);
    if (!folder && !path.includes("/.aws/")) places.push([path, readFileSync(path, "latin1")]);
  }
  return places.flatMap(([where, text]) => {
    const found = CANARY.exec(text);
    return found === null ? [] : [`${where} has ${found[0]}`];
  });
}

/** The command lines of all processes; empty where the system shows none. */
function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "latin1").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
}

describe("a secret", () => {
  let made: string;
  let files: string[];
  beforeEach(() => {
    pings = [];
    made = mkdtempSync(join(on.folder, "made-"));
    files = [
      ...["html", "json", "csv", "md"].flatMap((type) => ["--report", join(made, `report.${type}`)]),
      "--log",
      join(made, "log"),
      "--metrics",
      join(made, "metrics.prom"),
    ];
  });
  const told = () => [
    "--ping",
    `http://${PASSWORD}:${PASSWORD}@${address}/${PING}`,
    "--notify-command",
    `cat > '${join(made, "notified")}'; echo told; true ${COMMAND}`,
  ];
  const mirror = (more: string[], options: RunOptions) =>
    on.run(
      [
        "mirror",
        "s3://photos",
        join(made, "photos"),
        "--catalogue",
        join(made, "catalogue", "c.sqlite"),
        ...files,
        ...more,
      ],
      options,
    );

  test("is nowhere after a good run that says all it can, and tells who asked to be told", async () => {
    const ran = await mirror([...on.endpoint, ...told(), "--verbose"], { env: environment });
    expect(ran.exit).toBe(0);
    expect(leaks(ran)).toEqual([]);
    expect(ran.stderr).toMatch(/the ping to 127\.0\.0\.1:\d+ did not arrive: the answer was 500/);
    const pair = Buffer.from(`${PASSWORD}:${PASSWORD}`).toString("base64");
    expect(pings[0]).toEqual({ url: `/${PING}/start`, authorization: `Basic ${pair}` });
    expect(readdirSync(made)).toHaveLength(9);
  });

  test("is in no command line, neither of the run nor of what it starts", async () => {
    const seen: string[] = [];
    const onEvent = () => void seen.push(...commandLines());
    const more = [...on.endpoint, "--profile", "holiday", "--json"];
    const ran = await mirror(more, { env: profile, onEvent });
    expect(ran.exit).toBe(0);
    expect(leaks(ran)).toEqual([]);
    expect(seen.some((line) => line.includes("exiftool"))).toBe(process.platform === "linux");
    expect(seen.filter((line) => CANARY.test(line))).toEqual([]);
  });

  test.each<[string, number, RegExp, () => string[], NonNullable<RunOptions["env"]>]>([
    ["a store that sends all back", 4, /AccessDenied/, () => ["--endpoint", `http://${address}`], environment],
    [
      "a wrong secret",
      4,
      /SignatureDoesNotMatch/,
      () => [...on.endpoint],
      { ...environment, AWS_SECRET_ACCESS_KEY: `${SECRET}Wrong` },
    ],
    [
      "a session that is none",
      4,
      /InvalidToken/,
      () => [...on.endpoint],
      { ...environment, AWS_SESSION_TOKEN: `${TOKEN}Old` },
    ],
    [
      "a password in the variable with the endpoint",
      4,
      /ECONNREFUSED/,
      () => [],
      { ...environment, AWS_ENDPOINT_URL: `http://${PASSWORD}:${PASSWORD}@127.0.0.1:9` },
    ],
    [
      "a target that sends all back",
      5,
      /AccessDenied/,
      () => ["s3://copies", ...on.endpoint, "--target-endpoint", `http://${address}`],
      environment,
    ],
    [
      "a password in the address of the store",
      2,
      /the address of the endpoint holds a user or a password/,
      () => ["--endpoint", `http://${PASSWORD}:${PASSWORD}@${address}`],
      environment,
    ],
    [
      "a password in the address of a target",
      2,
      /the address of the target holds/,
      () => [`s3://k:${PASSWORD}@copies`, ...on.endpoint],
      environment,
    ],
    ["a ping that is no URL", 2, /--ping: a URL such as/, () => [...on.endpoint, "--ping", PING], environment],
  ])("is nowhere after a run that fails: %s", async (_, exit, says, more, env) => {
    const ran = await mirror([...more(), "--verbose"], { env });
    expect(ran.stderr).toMatch(says);
    expect(ran.exit).toBe(exit);
    expect(leaks(ran)).toEqual([]);
  });

  test("is in nothing that the other commands say or write", async () => {
    const photos = join(made, "photos");
    await mirror([...on.endpoint], { env: environment });
    rmSync(join(photos, ".photohaul", "SHA256SUMS"));
    const commands = [
      ["status", "--json"],
      ["status", join(made, "catalogue", "c.sqlite")],
      ["inventory", "s3://photos", ...on.endpoint, "--json"],
      ["verify", photos, "--repair-from", "s3://photos", ...on.endpoint, "--verbose"],
      ["schedule", "s3://photos", photos, ...on.endpoint],
      ["policy", "s3://photos"],
    ];
    for (const command of commands)
      expect(leaks(await on.run(command, { env: environment })), command.join(" ")).toEqual([]);
  });

  test("would be found", async () => {
    writeFileSync(join(made, "planted"), SECRET);
    expect(leaks(await on.run(["--version"]))).toEqual([`${join(made, "planted")} has ${SECRET}`]);
    rmSync(join(made, "planted"));
  });
});

test("what photohaul remembers and logs is for its owner alone, in folders that nobody else may enter", async () => {
  const state = join(on.folder, "private");
  const log = join(on.folder, "a.log");
  const earlier = `{"at":"2026-01-01T00:00:00.000Z","type":"${"x".repeat(10_000_000)}"}\n`;
  writeFileSync(log, earlier, { mode: 0o600 });
  const env = { ...environment, XDG_STATE_HOME: state };
  const during = new Set<string>();
  const wide: string[] = [];
  const look = () => {
    for (const { path, mode, folder } of filesBelow(state)) {
      during.add(path.replace(/^.*[/.-]/, ""));
      const onTheirWay = path.endsWith(".part");
      if (mode !== (folder ? 0o700 : 0o600) && !onTheirWay) wide.push(`${path} ${mode.toString(8)}`);
    }
  };
  const photos = join(on.folder, "kept");
  const targets = [photos, "s3://copies", "--target-endpoint", on.server.endpoint];
  const more = [...on.endpoint, "--json", "--log", log];
  const ran = await on.run(["mirror", "s3://photos", ...targets, ...more], { env, onEvent: look });
  expect(ran.exit).toBe(0);
  await on.run(["verify", photos, "--json"], { env, onEvent: look });
  look();
  expect(wide).toEqual([]);
  for (const kind of ["sqlite", "wal", "shm", "lock", "checks", "spool"]) expect([...during].join()).toContain(kind);
  for (const file of [log, `${log}.1`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});
