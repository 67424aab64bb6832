/** A target in a container of an OpenStack Swift. */

import { HaulError } from "../errors.ts";
import { retrying } from "../retry.ts";
import { SwiftAccount } from "../stores/swift/account.ts";
import { Container } from "../stores/swift/container.ts";
import { readLimits } from "../stores/swift/limits.ts";
import { type Login, loginFrom } from "../stores/swift/login.ts";
import type { StoreTargetOptions } from "./store/open-store.ts";
import type { Parts, Store } from "./store/store.ts";
import { openStoreTarget } from "./store/store-medium.ts";
import { targetTrouble } from "./store/target-trouble.ts";
import { SwiftStore } from "./swift/store.ts";
import type { Target } from "./target.ts";

export interface SwiftTargetOptions extends StoreTargetOptions {
  /** Who asks; from the environment where absent. */
  readonly login?: Login;
  /** Larger photos go in segments of so many bytes; what the store takes, and 64 MiB, where absent. For tests. */
  readonly parts?: Parts;
}

/**
 * Opens `swift://container/prefix`. The container must exist.
 * @param address without `swift://`
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`, `usage`
 */
export async function openSwift(address: string, options: SwiftTargetOptions): Promise<Target> {
  const [, name = "", path = ""] = /^([^/]*)\/*(.*?)\/*$/s.exec(address) ?? [];
  if (name === "") {
    throw new HaulError("usage", `swift://${address}: name a container, as in swift://photos`);
  }
  const prefix = path === "" ? "" : `${path}/`;
  return openStoreTarget(await openStore(name, prefix, options), path, options);
}

/** Signs in, finds the container, and learns what the store takes. @throws HaulError a target's troubles */
async function openStore(
  name: string,
  prefix: string,
  { login, parts, signal = new AbortController().signal }: SwiftTargetOptions,
): Promise<Store> {
  let account: SwiftAccount | undefined;
  try {
    account = new SwiftAccount(login ?? loginFrom(process.env));
    const container = new Container(name, account);
    await retrying(() => container.mustExist(signal), { signal });
    const limits = await readLimits(account, signal);
    return new SwiftStore(container, { prefix, limits, parts });
  } catch (error) {
    await account?.close();
    throw targetTrouble(error, `swift://${name}`);
  }
}
