/** Before the first test: every server whose packages are here, all at once. After the last: none. */

import type { TestProject } from "vitest/node";
import { missingPackages, type Running, type ServerKind, startServer } from "./start.ts";

/** A server that runs, or why it does not. */
export type Found = { readonly running: Running } | { readonly absent: string };

declare module "vitest" {
  interface ProvidedContext {
    ceph: Found;
    swift: Found;
  }
}

const CEPH: ServerKind = {
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
};

const SWIFT: ServerKind = {
  name: "swift",
  script: "swift.sh",
  ports: 5,
  programs: {
    "swift-proxy-server": "swift-proxy",
    "swift-account-server": "swift-account",
    "swift-container-server": "swift-container",
    "swift-object-server": "swift-object",
    memcached: "memcached",
    curl: "curl",
  },
};

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
  const [ceph, swift] = await Promise.allSettled([start(CEPH), start(SWIFT)]);
  if (ceph.status === "fulfilled" && swift.status === "fulfilled") {
    project.provide("ceph", ceph.value);
    project.provide("swift", swift.value);
    return stopAll;
  }
  await stopAll();
  throw ceph.status === "rejected" ? ceph.reason : Object(swift).reason;
}
