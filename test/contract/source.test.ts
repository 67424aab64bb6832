import { folderRig } from "../stores/folder-rig.ts";
import { s3Rig } from "../stores/s3-rig.ts";
import { swiftRig } from "../stores/swift-rig.ts";
import { memoryRig } from "./memory-store.ts";
import { embeddedSource } from "./sftp-rig.ts";
import { sourceContract } from "./source.contract.ts";

sourceContract("S3", () => s3Rig());
sourceContract("S3, version 1 of the listing", () => s3Rig({ features: { v1Only: true } }));
sourceContract("S3, version 1 without saying so", () => s3Rig({ features: { v1Only: "silently" } }));
sourceContract("S3, keys written into XML as they are", async () => {
  const rig = await s3Rig({ features: { ignoreEncodingType: true } });
  return { ...rig, takes: (key) => !/\p{Cc}/u.test(key) };
});
sourceContract("S3, a whole answer to every range", () => s3Rig({ features: { ignoreRange: true } }));
sourceContract("Swift", () => swiftRig());
sourceContract("store in memory", () => memoryRig());
sourceContract("SFTP", () => embeddedSource());
sourceContract("folder", () => folderRig());
