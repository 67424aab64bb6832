import { expect, test } from "vitest";
import { proxyFor } from "../../../src/stores/http/connections.ts";

const PROXY = "http://me:word@proxy.test:3128";
const through = (address: string, env: Record<string, string>) => proxyFor(new URL(address), env)?.host ?? null;

test.each<[string, Record<string, string>, string | null]>([
  ["https://s3.test", {}, null],
  ["https://s3.test", { HTTPS_PROXY: PROXY }, "proxy.test:3128"],
  ["https://s3.test", { https_proxy: "http://low.test", HTTPS_PROXY: PROXY }, "low.test"],
  ["https://s3.test", { HTTP_PROXY: PROXY }, null],
  ["http://s3.test", { HTTP_PROXY: PROXY }, "proxy.test:3128"],
  ["http://s3.test", { HTTPS_PROXY: PROXY }, null],
  ["http://s3.test", { http_proxy: "proxy.test:3128" }, "proxy.test:3128"],
  ["https://s3.test", { ALL_PROXY: PROXY }, "proxy.test:3128"],
  ["http://s3.test", { all_proxy: "socks5://x.test", HTTP_PROXY: PROXY }, "proxy.test:3128"],
  ["http://s3.test", { ALL_PROXY: "socks5://x.test", NO_PROXY: "s3.test" }, null],
  // As curl does it: a loopback address is one like any other.
  ["http://127.0.0.1:9000", { HTTP_PROXY: PROXY }, "proxy.test:3128"],
  ["http://localhost:9000", { HTTP_PROXY: PROXY }, "proxy.test:3128"],
])("%s with %j goes through %s", (address, env, host) => {
  expect(through(address, env)).toBe(host);
});

test.each<[string, string, boolean]>([
  ["http://s3.test", "*", true],
  ["http://s3.test", "s3.test", true],
  ["http://s3.test", "S3.Test", true],
  ["http://photos.s3.test", "s3.test", true],
  ["http://photos.s3.test", ".s3.test", true],
  ["http://photos.s3.test", "*.s3.test", true],
  ["http://mys3.test", "s3.test", false],
  ["http://s3.test", "other.test, s3.test", true],
  ["http://s3.test:9000", "s3.test:9000", true],
  ["http://s3.test:9001", "s3.test:9000", false],
  ["http://s3.test", "s3.test:80", true],
  ["http://127.0.0.1:9000", "localhost,127.0.0.1", true],
  ["http://127.0.0.1:9000", "localhost", false],
  ["http://127.0.0.1:9000", "127.0.0.0/8", true],
  ["http://10.2.3.4", "10.0.0.0/8", true],
  ["http://11.2.3.4", "10.0.0.0/8", false],
  ["http://[::1]:9000", "::1", true],
  ["http://[::1]:9000", "[::1]:9000", true],
  ["http://[fd00::1]", "fd00::/8", true],
  ["http://s3.test", "", false],
])("%s is exempt by NO_PROXY=%s: %s", (address, list, exempt) => {
  expect(through(address, { HTTP_PROXY: PROXY, NO_PROXY: list }) === null).toBe(exempt);
});

test.each(["HTTP_PROXY", "ALL_PROXY"])(
  "a proxy of another kind in %s is refused in words that hold no password",
  (name) => {
    const asked = () => through("http://s3.test", { [name]: "socks5h://me:secret@proxy.test" });
    expect(asked).toThrow(/_PROXY names no proxy that is reached by http/);
    expect(asked).toThrow(new RegExp(`^${name} `));
    expect(asked).toThrow(/no SOCKS/);
    expect(asked).not.toThrow(/secret/);
  },
);
