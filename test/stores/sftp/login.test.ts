/** Who is let in, whom photohaul lets itself in to, and what is said otherwise. */

import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SftpServer, type SftpServerOptions, startSftp } from "../../../fixtures/sftp/server.ts";
import { explainError } from "../../../src/error-messages.ts";
import { HaulError } from "../../../src/errors.ts";
import { openSource } from "../../../src/stores/all.ts";
import type { StoreOptions } from "../../../src/stores/store.ts";
import { openTarget } from "../../../src/targets/all.ts";
import { listAll } from "../../contract/source-rig.ts";

const { SSH_AUTH_SOCK: agent, PHOTOHAUL_SSH_PASSWORD: password } = process.env;
let servers: SftpServer[];

beforeEach(() => {
  servers = [];
  delete process.env.SSH_AUTH_SOCK;
  delete process.env.PHOTOHAUL_SSH_PASSWORD;
});
afterEach(async () => {
  for (const server of servers) await server.close();
  if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
  if (password === undefined) delete process.env.PHOTOHAUL_SSH_PASSWORD;
  else process.env.PHOTOHAUL_SSH_PASSWORD = password;
});

async function started(options?: SftpServerOptions): Promise<SftpServer> {
  const server = await startSftp(options);
  servers.push(server);
  return server;
}

/** The error of a listing; fails the test where there is none. */
async function trouble(url: string, options: StoreOptions): Promise<HaulError> {
  const source = await openSource(url, { stallMs: 3000, ...options });
  const error = await listAll(source).then(
    () => new Error("it was listed"),
    (thrown: unknown) => thrown,
  );
  await source.close();
  if (error instanceof HaulError) return error;
  throw error;
}

const photos = (server: SftpServer) => `${server.url}${server.sshFolder}`;

test("a key of the usual name, or one that is named, is let in", async () => {
  const server = await started();
  const { sshFolder } = server;
  const source = await openSource(photos(server), { sshFolder });
  expect((await listAll(source)).map(({ key }) => key)).toEqual(["id_ed25519", "known_hosts"]);
  await source.close();
  const identity = join(sshFolder, "named");
  await writeFile(identity, await readFile(join(sshFolder, "id_ed25519")), { mode: 0o600 });
  await rm(join(sshFolder, "id_ed25519"));
  const named = await openSource(photos(server), { sshFolder, identity });
  expect(await listAll(named)).toHaveLength(2);
  await named.close();
});

test("a server that was never met is refused, with its fingerprint and the line to add, which then is enough", async () => {
  const server = await started();
  const { sshFolder, port } = server;
  const known = join(sshFolder, "known_hosts");
  await writeFile(known, "");
  const error = await trouble(photos(server), { sshFolder });
  expect(error.code).toBe("credentials");
  expect(error.message).toMatch(/never met.*SHA256:[\w+/]{43}$/s);
  const { lines, exit } = explainError(error);
  expect(exit).toBe(4);
  const line = `[127.0.0.1]:${port} ${server.hostKey}`;
  expect(lines.join("\n")).toContain(line);
  expect(server.logins()).toBe(0);
  await appendFile(known, `${line}\n`);
  const source = await openSource(photos(server), { sshFolder });
  expect(await listAll(source)).not.toEqual([]);
  await source.close();
});

test("a server whose key changed is refused, also as a target, with exit 5", async () => {
  const [server, other] = [await started(), await started()];
  const { sshFolder, port } = server;
  await writeFile(join(sshFolder, "known_hosts"), `[127.0.0.1]:${port} ${other.hostKey}\n`);
  const error = await openTarget(`${photos(server)}/photos`, { sshFolder }).catch((thrown: unknown) => thrown);
  expect(explainError(error)).toMatchObject({ exit: 5 });
  expect(explainError(error).lines.join("\n")).toMatch(/shows another key.*ssh-keygen -R/s);
  expect(server.logins()).toBe(0);
});

test("without a key that is let in, what was tried is said", async () => {
  const server = await started();
  const { sshFolder } = server;
  await rm(join(sshFolder, "id_ed25519"));
  const error = await trouble(photos(server), { sshFolder });
  expect(error.message).toMatch(
    /me was not let in. Tried: no agent runs \(SSH_AUTH_SOCK\); the server takes publickey/,
  );
  expect(explainError(error).lines.join("\n")).toContain("ssh-add");
  process.env.SSH_AUTH_SOCK = join(sshFolder, "nobody");
  expect((await trouble(photos(server), { sshFolder })).message).toContain("the agent");
});

test("a password is taken from the environment alone, shown nowhere, and missed in words where nobody can type it", async () => {
  const server = await started({ password: "correct horse" });
  const { sshFolder } = server;
  await rm(join(sshFolder, "id_ed25519"));
  const error = await trouble(photos(server), { sshFolder });
  expect(explainError(error).lines.join("\n")).toMatch(
    /asks for a password, and nobody is here.*PHOTOHAUL_SSH_PASSWORD/s,
  );
  process.env.PHOTOHAUL_SSH_PASSWORD = "wrong password";
  const wrong = await trouble(photos(server), { sshFolder });
  expect(wrong.message).not.toContain("wrong password");
  expect(wrong.message).toContain("PHOTOHAUL_SSH_PASSWORD");
  process.env.PHOTOHAUL_SSH_PASSWORD = "correct horse";
  const source = await openSource(photos(server), { sshFolder });
  expect(await listAll(source)).not.toEqual([]);
  await source.close();
});

test.each([
  ["not there", null, "cannot be read (ENOENT)"],
  ["no key", "hello", "is no key"],
  ["a public key", "public", "is a public key"],
])("a key file that is %s is said", async (_, content, says) => {
  const server = await started();
  const identity = join(server.sshFolder, "key");
  if (content !== null) await writeFile(identity, content === "public" ? server.hostKey : content);
  const error = await trouble(photos(server), { sshFolder: server.sshFolder, identity });
  expect(error.code).toBe("credentials");
  expect(error.message).toContain(says);
});

test("a server that takes the connection and says nothing is given up, and so is one that is not there", async () => {
  const mute = await started({ mute: true });
  const error = await trouble(photos(mute), { sshFolder: mute.sshFolder, stallMs: 50 });
  expect({ code: error.code, retry: error.retry }).toEqual({ code: "unreachable", retry: true });
  await mute.close();
  servers = [];
  expect((await trouble(photos(mute), { sshFolder: mute.sshFolder })).message).toContain("nobody answers");
});
