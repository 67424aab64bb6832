import { folderRig } from "./folder-rig.ts";
import { targetContract } from "./target.contract.ts";

targetContract("folder", () => folderRig());
