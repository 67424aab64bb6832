/** One container of an account: what every request to it has in common. */

import type { Exchanged } from "../http/exchange.ts";
import type { Undoing } from "../http/object-body.ts";
import type { Asked } from "../http/wire.ts";
import type { SwiftAccount, SwiftRequest } from "./account.ts";

export class Container {
  readonly name: string;
  readonly undoing: Undoing = new Map();
  readonly account: SwiftAccount;

  constructor(name: string, account: SwiftAccount) {
    this.name = name;
    this.account = account;
  }

  /** As `SwiftAccount.ask`. */
  ask(
    request: Omit<SwiftRequest, "container">,
    signal: AbortSignal,
    leave: readonly number[] = [],
  ): Promise<Exchanged> {
    return this.account.ask({ ...request, container: this.name }, signal, leave);
  }

  /** One attempt. @throws HaulError `no-bucket` where there is no such container, `denied`, … */
  async mustExist(signal: AbortSignal): Promise<void> {
    const asked = this.asked("listing", "");
    const answer = await this.ask({ asked, method: "HEAD" }, signal);
    answer.body.destroy();
  }

  /** For messages. */
  asked(kind: Asked["kind"], key: string): Asked {
    return { kind, name: `swift://${this.name}${key === "" ? "" : `/${key}`}` };
  }
}
