/**
 * Writes a static large object: segments under names of their own, then the list that makes one object of them,
 * which the store holds against each segment (length and MD5). Never a dynamic one, which would rely on listings.
 * What is left over of one that came to nothing is deleted, by what was written down and by nothing else.
 */

import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { z } from "zod";
import { HaulError } from "../../errors.ts";
import { jsonOf } from "../../manifest-entry.ts";
import { MIB } from "../../measures.ts";
import { retrying } from "../../retry.ts";
import type { Exchanged } from "../http/exchange.ts";
import { bareEtag, one } from "../http/header.ts";
import type { Again, Begun, FileWriting, Put } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Container } from "./account.ts";
import { toError } from "./swift-error-map.ts";
import { deleteSegment, putObject } from "./swift-object.ts";

/** How long it may take to delete what is left over, in milliseconds: also a run that was interrupted waits so long. */
const PATIENCE_MS = 30_000;
const CHUNK = 256 * 1024;

/** What is begun has the id `<folder of the segments>/<how many>`: all that deleting them needs. */
export interface LargeUpload extends FileWriting {
  /** Segments lie below it; ends in a slash. */
  readonly folder: string;
  /** Bytes of a segment. */
  readonly segmentSize: number;
  readonly again: Again;
}

interface Segment {
  readonly key: string;
  readonly md5: string;
  readonly size: number;
}

/** Bytes of a segment: more than wanted where there would be too many of them. */
export function segmentSizeOf(size: number, wanted: number, mostSegments: number): number {
  const least = Math.ceil(size / mostSegments);
  return least <= wanted ? wanted : Math.ceil(least / MIB) * MIB;
}

/**
 * @returns the ETag, found to be that of these segments, or `taken`
 * @throws HaulError `wrong-bytes` when the store made another object of them; as swift-error-map.ts says
 */
export async function putLarge(container: Container, upload: LargeUpload, signal: AbortSignal): Promise<Put> {
  const { key, file, size, segmentSize, again } = upload;
  const count = Math.max(1, Math.ceil(size / segmentSize));
  const begun = { key, id: `${upload.folder}${randomBytes(8).toString("hex")}/${count}` };
  // A list that may be there all the same keeps its segments: the next run looks.
  let listed: "not yet" | "perhaps" | "yes" = "not yet";
  await upload.journal?.begun(begun);
  try {
    const segments: Segment[] = [];
    for (const [index, segmentKey] of segmentKeys(begun).entries()) {
      const from = index * segmentSize;
      const span = { file, from, to: Math.min(from + segmentSize, size) };
      segments.push(await again(() => putSegment(container, segmentKey, span, signal)));
    }
    if ((await upload.isTaken?.()) === true) return "taken";
    listed = "perhaps";
    const put = await again(() => putList(container, upload, segments, signal));
    // Where the first answer was lost, what is there now is this very object.
    const ours = put !== "taken" || (await again(() => isListed(container, begun, signal)));
    listed = ours ? "yes" : "not yet";
    return put === "taken" && ours ? { etag: "", opaque: true } : put;
  } finally {
    const gone = listed === "not yet" && (await deleteSegments(container, begun));
    if (gone || listed === "yes") await upload.journal?.ended(begun);
  }
}

/**
 * Deletes the segments of an upload that came to nothing. Of one that became an object nothing is touched.
 * @returns false when the store could not be told
 */
export async function abortLarge(container: Container, begun: Begun): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const lists = await retrying(() => isListed(container, begun, signal), { signal });
    return lists || (await deleteSegments(container, begun));
  } catch {
    return false;
  }
}

async function deleteSegments(container: Container, begun: Begun): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    for (const key of segmentKeys(begun)) {
      await retrying(() => deleteSegment(container, key, signal), { signal });
    }
    return true;
  } catch {
    return false;
  }
}

/** Numbered from 1. */
function segmentKeys({ id }: Begun): string[] {
  const [, folder = "", count = "0"] = /^(.+\/)(\d{1,6})$/s.exec(id) ?? [];
  return Array.from({ length: Number(count) }, (_, index) => `${folder}${String(index + 1).padStart(6, "0")}`);
}

interface FileSpan {
  readonly file: string;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

async function putSegment(container: Container, key: string, span: FileSpan, signal: AbortSignal): Promise<Segment> {
  const { md5, sha256 } = await digestsOf(span);
  const size = span.to - span.from;
  const body = { size, sha256, open: () => streamOf(span) };
  const put = await putObject(container, { key, body, md5, headers: SEGMENT, onlyNew: false }, signal);
  if (put === "taken" || put.etag.toLowerCase() === md5) return { key, md5, size };
  throw new HaulError("wrong-bytes", `${container.asked("write", key).name} arrived with other bytes`, {
    retry: true,
  });
}

const SEGMENT = { "content-type": "application/octet-stream" };

function streamOf({ file, from, to }: FileSpan) {
  return createReadStream(file, { start: from, end: to - 1, highWaterMark: CHUNK });
}

async function digestsOf(span: FileSpan): Promise<{ md5: string; sha256: string }> {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  let size = 0;
  for await (const chunk of streamOf(span)) {
    const bytes: Buffer = chunk;
    md5.update(bytes);
    sha256.update(bytes);
    size += bytes.length;
  }
  if (size !== span.to - span.from) {
    throw new HaulError("wrong-bytes", `${span.file} has become shorter`);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}

/**
 * With `heartbeat=on` the store may begin its answer (202) before it has looked at each segment, and says in the
 * body how the write ended.
 */
async function putList(
  container: Container,
  { key, headers, onlyNew }: LargeUpload,
  segments: readonly Segment[],
  signal: AbortSignal,
): Promise<Put> {
  const asked = container.asked("write", key);
  const rows = segments.map((segment) => ({
    path: `/${container.name}/${segment.key}`,
    etag: segment.md5,
    size_bytes: segment.size,
  }));
  const list = Buffer.from(JSON.stringify(rows));
  const sha256 = createHash("sha256").update(list).digest("hex");
  const answer = await container.ask(
    {
      asked,
      method: "PUT",
      key,
      query: { "multipart-manifest": "put", heartbeat: "on" },
      body: { size: list.length, sha256, open: () => list },
      headers: {
        ...headers,
        accept: "application/json",
        ...(onlyNew ? { "if-none-match": "*" } : {}),
      },
    },
    signal,
    [412],
  );
  const text = (await readBody(answer, asked, signal)).toString("utf8");
  const { status, etag, says } = outcomeOf(answer, text);
  if (status === 412) return "taken";
  if (status < 200 || status >= 300) throw toError({ status, headers: {} }, says, asked);
  const whole = createHash("md5")
    .update(segments.map(({ md5 }) => md5).join(""))
    .digest("hex");
  if (etag.toLowerCase() === whole) return { etag, opaque: true };
  throw new HaulError("wrong-bytes", `${asked.name}: the store made another object of the segments`);
}

const UploadOutcome = z.object({
  "Response Status": z.string(),
  "Response Body": z.string().default(""),
  Etag: z.string().default(""),
  Errors: z.array(z.unknown()).default([]),
});

function outcomeOf(answer: Exchanged, text: string) {
  if (answer.status !== 202) {
    return { status: answer.status, etag: bareEtag(one(answer.headers, "etag")), says: text };
  }
  const outcome = UploadOutcome.parse(jsonOf(text));
  const says = [outcome["Response Body"], ...outcome.Errors.map((it) => JSON.stringify(it))];
  return {
    status: Number.parseInt(outcome["Response Status"], 10),
    etag: bareEtag(outcome.Etag),
    says: says.join(" ").trim(),
  };
}

const List = z.array(z.object({ name: z.string() }));

/** True where the object is made of the segments that were begun. */
async function isListed(container: Container, begun: Begun, signal: AbortSignal): Promise<boolean> {
  const asked: Asked = container.asked("object", begun.key);
  const query = { "multipart-manifest": "get" };
  const answer = await container.ask({ asked, key: begun.key, query }, signal, [404]);
  const isStatic = one(answer.headers, "x-static-large-object").toLowerCase() === "true";
  if (answer.status === 404 || !isStatic) {
    answer.body.destroy();
    return false;
  }
  const list = List.parse(jsonOf((await readBody(answer, asked, signal)).toString("utf8")));
  const ours = new Set(segmentKeys(begun).map((key) => `/${container.name}/${key}`));
  return list.some(({ name }) => ours.has(name));
}
