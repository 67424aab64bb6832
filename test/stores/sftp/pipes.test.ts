import { describePipes } from "../../contract/sftp-pipes.contract.ts";
import { embeddedSource, embeddedTarget } from "../../contract/sftp-rig.ts";

describePipes("a server of our own", { source: () => embeddedSource(), target: () => embeddedTarget() });
