/**
 * An archive asked for one object (RestoreObject), and how far it has got (S3 User Guide, "Restoring an archived object").
 * Other services have the same verb and fewer words in it: what one does not take is left out.
 */

import { HaulError } from "../../errors.ts";
import { ARCHIVES, type Listed, type Returning } from "../../model.ts";
import { type Headers, one } from "../http/header.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Asking, Thaw } from "../source.ts";
import type { Bucket } from "./bucket.ts";
import { type ErrorResponse, readErrorResponse, toError } from "./s3-error-map.ts";
import { xmlBody } from "./xml-body.ts";

/** What of a request some service may not take. */
interface Wording {
  readonly tier?: Thaw["tier"];
  /** Absent for what comes back to stay. */
  readonly days?: number;
}

type Meant = Pick<Listed, "key" | "storageClass" | "version">;

/** As `Archive.ask`. */
export async function askArchive(bucket: Bucket, object: Meant, thaw: Thaw, signal: AbortSignal): Promise<Asking> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${object.key}` };
  let refused: ErrorResponse | null = null;
  for (const wording of wordings(object, thaw)) {
    const said = await askOnce(bucket, object, wording, asked, signal);
    if (typeof said === "string") return said;
    refused ??= said;
    if (said.status !== 400 && said.status !== 501) throw refusalOf(said, asked, bucket.name);
  }
  throw refused === null ? new TypeError("nothing was asked") : refusalOf(refused, asked, bucket.name);
}

/**
 * From all that was meant to what any service takes. Without a tier one gives back at its usual pace; what is to come
 * within minutes is not asked for so. What comes out of Intelligent-Tiering stays, and takes no days.
 */
function* wordings({ storageClass }: Meant, { tier, days }: Thaw): Generator<Wording> {
  const stays = storageClass === "INTELLIGENT_TIERING" ? {} : { days };
  yield { tier, ...stays };
  if (tier === "expedited") return;
  yield stays;
  if (!ARCHIVES.has(storageClass)) yield "days" in stays ? {} : { days };
}

async function askOnce(
  bucket: Bucket,
  { key, version }: Meant,
  wording: Wording,
  asked: Asked,
  signal: AbortSignal,
): Promise<Asking | ErrorResponse> {
  const leave = [400, 403, 404, 409, 501, 503];
  const answer = await bucket.ask(
    {
      asked,
      method: "POST",
      key,
      query: { restore: "", ...(version === undefined ? {} : { versionId: version }) },
      ...xmlBody(requestText(wording)),
    },
    signal,
    leave,
  );
  const text = await readBody(answer, asked, signal);
  const refusal = readErrorResponse(answer.status, answer.headers, text);
  const meant = MEANT.get(refusal.code);
  if (meant !== undefined) return meant;
  if (refusal.code !== "" || answer.status >= 300) return refusal;
  return answer.status === 200 ? "ready" : "asked";
}

/** What is no trouble, by S3's code. */
const MEANT: ReadonlyMap<string, Asking> = new Map([
  ["RestoreAlreadyInProgress", "ongoing"],
  ["InvalidObjectState", "live"],
  ["GlacierExpeditedRetrievalNotAvailable", "busy"],
]);

function requestText({ tier, days }: Wording): string {
  const named = tier === undefined ? "" : `${tier[0]?.toUpperCase()}${tier.slice(1)}`;
  const pace = named === "" ? "" : `<GlacierJobParameters><Tier>${named}</Tier></GlacierJobParameters>`;
  const stay = days === undefined ? "" : `<Days>${days}</Days>`;
  return `<RestoreRequest xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${stay}${pace}</RestoreRequest>`;
}

function refusalOf(refusal: ErrorResponse, asked: Asked, bucket: string): HaulError {
  const error = toError(refusal, asked);
  if (error.code === "forbidden") {
    const says = `${asked.name}: these credentials may not ask the archive for it (s3:RestoreObject); \`photohaul policy s3://${bucket} --restore\` prints that right`;
    return new HaulError("forbidden", says, { cause: error });
  }
  if (refusal.status !== 400 && refusal.status !== 501) return error;
  const says = `${asked.name}: the archive does not take the request (${refusal.status} ${refusal.code}): its class has no such --restore-tier, or not for so many --restore-days`;
  return new HaulError("server", says, { cause: error });
}

const RESTORE = /ongoing-request="(true|false)"(?:,\s*expiry-date="([^"]*)")?/;

/** What lies in no archive tier of Intelligent-Tiering says so by saying nothing of one (HeadObject, `ArchiveStatus`). */
function isLive(headers: Headers): boolean {
  if (one(headers, "x-amz-archive-status") !== "") return false;
  return ["", "STANDARD", "INTELLIGENT_TIERING"].includes(one(headers, "x-amz-storage-class"));
}

/** As `Archive.look`. */
export async function lookInArchive(bucket: Bucket, object: Meant, signal: AbortSignal): Promise<Returning | null> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${object.key}` };
  const query = object.version === undefined ? {} : { versionId: object.version };
  const answer = await bucket.ask({ asked, method: "HEAD", key: object.key, query }, signal, [404]);
  await readBody(answer, asked, signal);
  if (answer.status === 404) return null;
  const [said, ongoing, until = ""] = RESTORE.exec(one(answer.headers, "x-amz-restore")) ?? [];
  if (said === undefined) return isLive(answer.headers) ? { ongoing: false, until: "" } : null;
  const at = new Date(until);
  return { ongoing: ongoing === "true", until: Number.isNaN(at.getTime()) ? "" : at.toISOString() };
}
