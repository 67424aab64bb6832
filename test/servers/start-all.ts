/** Before the first test: every server whose packages are here, all at once. After the last: none. */

import type { TestProject } from "vitest/node";
import { missingPackages, type Running, type ServerKind, startServer } from "./start.ts";

/** A server that runs, or why it does not. */
export type Found = { readonly running: Running } | { readonly absent: string };

declare module "vitest" {
  interface ProvidedContext {
    ceph: Found;
    swift: Found;
    moto: Found;
    sshd: Found;
    tahoe: Found;
  }
}

const CEPH = {
  name: "ceph",
  script: "ceph.sh",
  ports: 2,
  programs: {
    "ceph-mon": "ceph-mon",
    "ceph-osd": "ceph-osd",
    radosgw: "radosgw",
    ceph: "ceph-common",
    curl: "curl",
  },
} as const satisfies ServerKind;

const SWIFT = {
  name: "swift",
  script: "swift.sh",
  ports: 5,
  // So that what is large is so soon.
  environment: { SWIFT_MAX_FILE_SIZE: String(64 * 1024 * 1024) },
  programs: {
    "swift-proxy-server": "swift-proxy",
    "swift-account-server": "swift-account",
    "swift-container-server": "swift-container",
    "swift-object-server": "swift-object",
    memcached: "memcached",
    curl: "curl",
  },
} as const satisfies ServerKind;

const MOTO = {
  name: "moto",
  script: "moto.sh",
  ports: 1,
  programs: { moto_server: "python3-moto", curl: "curl" },
} as const satisfies ServerKind;

const SSHD = {
  name: "sshd",
  script: "sshd.sh",
  ports: 2,
  programs: { sshd: "openssh-server", "ssh-keygen": "openssh-client" },
} as const satisfies ServerKind;

const TAHOE = {
  name: "tahoe",
  script: "tahoe.sh",
  ports: 5,
  programs: { tahoe: "tahoe-lafs", curl: "curl" },
} as const satisfies ServerKind;

export default async function startAll(project: TestProject): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
  const start = async (kind: ServerKind): Promise<Found> => {
    const missing = missingPackages(kind);
    if (missing.length === 0) {
      const { running, stop } = await startServer(kind);
      stops.push(stop);
      return { running };
    }
    const absent = `${kind.name} is not installed: apt-get install ${missing.join(" ")}`;
    if (process.env.CI) throw new Error(absent);
    console.warn(`skipped: ${absent}`);
    return { absent };
  };
  const kinds = [CEPH, SWIFT, MOTO, SSHD, TAHOE] as const;
  const found = await Promise.allSettled(kinds.map(start));
  for (const [at, { name }] of kinds.entries()) {
    const one = found[at];
    if (one?.status === "fulfilled") project.provide(name, one.value);
    else {
      await stopAll();
      throw one?.reason;
    }
  }
  return stopAll;
}
