/** The manifest of a target held against what is known to be kept there, to take over what is not. */

import { ListsCompared } from "./compare-lists.ts";
import { CHUNK, inPages } from "./database.ts";
import { type KeptRow, keptRowOf, type Row, text, whole } from "./rows.ts";

/** What a manifest says of a photo, held against what lies on the target and what is listed. */
export interface Claim extends KeptRow {
  /** Bytes of the file that lies there; null where none does. */
  readonly found: number | null;
  /** True when a later line gives the path to other bytes. */
  readonly superseded: boolean;
  /** The object of this key in this run's listing; null where there is none. */
  readonly listed: { readonly etag: string; readonly size: number } | null;
}

/** What the lists of one target say, for as long as they are held against each other and the catalogue. */
export class Adoption extends ListsCompared {
  /** The lines about each object (key and ETag) that is not known to be kept, the newest last; in chunks. */
  async *claims(): AsyncGenerator<readonly (readonly Claim[])[]> {
    this.index("object");
    this.index("name");
    const page = this.db.statement(
      `SELECT a.*, o.etag AS now_etag, o.size AS now_size,
         EXISTS (SELECT 1 FROM lines b
           WHERE b.folded = a.folded AND b.line > a.line AND b.sha256 <> a.sha256) AS superseded
       FROM lines a LEFT JOIN objects o ON o.key = a.key AND o.seen = $run
       WHERE (a.key, a.etag, a.line) > ($key, $etag, $line)
         AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = a.key AND k.etag = a.etag)
       ORDER BY a.key, a.etag, a.line LIMIT ${CHUNK}`,
    );
    const { target, run } = this;
    const rows = inPages<Row>((last) => {
      const after = last === null ? NOWHERE : { key: text(last, "key"), etag: text(last, "etag") };
      return page.all({ target, run, line: last === null ? -1 : whole(last, "line"), ...after });
    });
    let open: Claim[] = [];
    for await (const chunk of rows) {
      const groups = grouped([...open, ...chunk.map(claimOf)]);
      open = groups.pop() ?? [];
      yield groups;
    }
    if (open.length > 0) yield [open];
  }

  /** Photos that are known to be kept, of which the last line about them says more or gives another date; in chunks. */
  renewed(): AsyncIterable<readonly KeptRow[]> {
    this.index("object");
    const page = this.db.statement(
      `SELECT a.* FROM lines a JOIN kept k ON k.target = $target AND k.key = a.key AND k.etag = a.etag
       WHERE (a.key, a.etag) > ($key, $etag) AND k.sha256 = a.sha256 AND k.path = a.path
         AND (a.captured, a.target_etag, a.original) IS NOT (k.captured, k.target_etag, k.original)
         AND NOT EXISTS (SELECT 1 FROM lines b WHERE b.key = a.key AND b.etag = a.etag AND b.line > a.line)
       ORDER BY a.key, a.etag LIMIT ${CHUNK}`,
    );
    return inPages<KeptRow>((last) => {
      const { key, etag } = last?.entry ?? NOWHERE;
      return page.all({ target: this.target, key, etag }).map(keptRowOf);
    });
  }
}

/** Before every object. */
const NOWHERE = { key: "", etag: "" };

function grouped(claims: readonly Claim[]): Claim[][] {
  const groups: Claim[][] = [];
  for (const claim of claims) {
    const last = groups.at(-1);
    const entry = last?.[0]?.entry;
    const same = entry?.key === claim.entry.key && entry.etag === claim.entry.etag;
    if (last !== undefined && same) last.push(claim);
    else groups.push([claim]);
  }
  return groups;
}

function claimOf(row: Row): Claim {
  const { now_etag, now_size } = row;
  return {
    ...keptRowOf(row),
    found: row.found === null ? null : whole(row, "found"),
    superseded: whole(row, "superseded") === 1,
    listed:
      now_etag === null || now_size === null ? null : { etag: text(row, "now_etag"), size: whole(row, "now_size") },
  };
}
