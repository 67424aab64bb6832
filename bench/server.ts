/**
 * A lean S3 server: what it spends is not measured, but it shares the cores with what is, so it speaks
 * HTTP on bare sockets and checks no signature. GET and HEAD of objects (ranges, If-Match) and both
 * versions of ListObjects. Latencies are waited, not worked.
 *   node bench/server.ts [--page-ms N] [--first-byte-ms N] [--pictures small|large]
 * prints its port, serves until stdin ends
 */

import { createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";
import { type Bucket, openBucket } from "./buckets.ts";
import { listing, lowerBound } from "./listing.ts";

const { values } = parseArgs({
  options: {
    "page-ms": { type: "string", default: "0" },
    "first-byte-ms": { type: "string", default: "0" },
    pictures: { type: "string" },
  },
});
const pageMs = Number(values["page-ms"]);
const firstByteMs = Number(values["first-byte-ms"]);
const MODIFIED = "Sat, 28 Jun 2014 12:00:00 GMT";

const buckets = new Map<string, Bucket | null>();
if (values.pictures !== undefined) {
  const { proofBucket } = await import("./proof-bucket.ts");
  buckets.set("pictures", await proofBucket(values.pictures));
}
function bucketOf(name: string): Bucket | null {
  const known = buckets.get(name);
  if (known !== undefined) return known;
  const opened = openBucket(name);
  buckets.set(name, opened);
  return opened;
}

interface Answer {
  readonly status: string;
  readonly headers: readonly string[];
  readonly body: readonly Buffer[];
  readonly waitMs: number;
}

function answer(method: string, target: string, head: string): Answer {
  const url = new URL(target, "http://bench");
  const [, name = "", ...rest] = url.pathname.split("/");
  const bucket = bucketOf(name);
  if (bucket === null || (method !== "GET" && method !== "HEAD")) return failure("NoSuchBucket");
  const key = decodeURIComponent(rest.join("/"));
  if (key === "") return page(bucket, name, url.searchParams);
  const index = find(bucket, key);
  return index === null ? failure("NoSuchKey") : object(bucket, index, head);
}

function page(bucket: Bucket, name: string, query: URLSearchParams): Answer {
  const body = Buffer.from(listing(bucket, name, query));
  return {
    status: "200 OK",
    headers: ["Content-Type: application/xml"],
    body: [body],
    waitMs: pageMs,
  };
}

function object(bucket: Bucket, index: number, head: string): Answer {
  const etag = `"${bucket.etag(index)}"`;
  const wanted = header(head, "if-match");
  if (wanted !== null && wanted !== etag) return failure("PreconditionFailed", "412 Precondition Failed");
  const pieces = bucket.pieces(index);
  if (pieces === null) return failure("NoSuchKey");
  const common = ["Content-Type: image/jpeg", "Accept-Ranges: bytes", `ETag: ${etag}`, `Last-Modified: ${MODIFIED}`];
  const size = bucket.size(index);
  const range = /bytes=(\d+)-(\d*)/.exec(header(head, "range") ?? "");
  if (range === null) return { status: "200 OK", headers: common, body: pieces, waitMs: firstByteMs };
  const from = Number(range[1]);
  const to = range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
  return {
    status: "206 Partial Content",
    headers: [...common, `Content-Range: bytes ${from}-${to}/${size}`],
    body: [Buffer.concat(pieces).subarray(from, to + 1)],
    waitMs: firstByteMs,
  };
}

function failure(code: string, status = "404 Not Found"): Answer {
  const body = Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  return { status, headers: ["Content-Type: application/xml"], body: [body], waitMs: 0 };
}

/** The index of a key; null where there is none. */
function find(bucket: Bucket, key: string): number | null {
  const at = lowerBound(bucket, Buffer.from(key));
  return at < bucket.count && bucket.key(at) === key ? at : null;
}

function header(head: string, name: string): string | null {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (at < 0) return null;
  const start = at + name.length + 3;
  return head.slice(start, head.indexOf("\r\n", start)).trim();
}

function send(socket: Socket, method: string, { status, headers, body }: Answer): void {
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${length}`, "", ""].join("\r\n");
  socket.cork();
  socket.write(head, "latin1");
  if (method !== "HEAD") for (const piece of body) socket.write(piece);
  socket.uncork();
}

/** One request after the other on each connection; none of them has a body. */
function converse(socket: Socket): void {
  let pending = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
      const head = pending.slice(0, end + 2);
      pending = pending.slice(end + 4);
      const [method = "", target = ""] = head.slice(0, head.indexOf("\r\n")).split(" ");
      const reply = answer(method, target, head);
      if (reply.waitMs === 0) send(socket, method, reply);
      else setTimeout(send, reply.waitMs, socket, method, reply);
    }
  });
}

const server = createServer(converse);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  process.stdout.write(`${address.port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
