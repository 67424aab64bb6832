/** What rclone says went wrong, in its own words and those of seventy services, as HaulErrors. */

import { type ErrorCode, HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";

/** What was being done. */
export type Doing = "listing" | "object" | "write";

interface Trouble {
  readonly says: RegExp;
  readonly code: ErrorCode | Readonly<Record<Doing, ErrorCode>>;
  readonly retry?: boolean;
  readonly hint?: string;
}

const CONFIG_PASSWORD =
  "rclone's configuration is encrypted: set RCLONE_CONFIG_PASS, or RCLONE_PASSWORD_COMMAND with a command that prints the password. Then run the same line again.";

/** The first that fits counts. */
const TROUBLES: readonly Trouble[] = [
  { says: /unable to decrypt configuration|configuration password/i, code: "credentials", hint: CONFIG_PASSWORD },
  { says: /didn't find section in config file|didn't find backend called/i, code: "no-bucket" },
  {
    says: /couldn't fetch token|invalid_grant|expired.?(access.?)?token|invalid.?(access.?)?token|empty token|unauthori[sz]ed|\b401\b|InvalidAccessKeyId|SignatureDoesNotMatch|login failed|unable to authenticate/i,
    code: "credentials",
  },
  {
    says: /downloadQuotaExceeded|download quota|transfer.?(quota|limit)|bandwidth.?(quota|limit)|over ?quota/i,
    code: { listing: "quota", object: "quota", write: "full" },
  },
  {
    says: /no space left|disk (is )?full|disk quota|insufficient.?(space|storage)|not enough (disk |free )?(space|storage)|too big for remaining disk space|storageQuota|quotaLimitReached|quota.?exceeded|exceed(s|ed)?.{0,20}quota|out of (space|storage)|\b507\b/i,
    code: { listing: "quota", object: "quota", write: "full" },
  },
  {
    says: /rate ?limit|too ?many ?(requests|write)|too_many|slow ?down|\b429\b|activityLimitReached|retry after/i,
    code: "throttled",
    retry: true,
  },
  {
    says: /directory not found|bucket not found|NoSuchBucket|is a file not a directory|container not found/i,
    code: { listing: "no-bucket", object: "missing", write: "missing" },
  },
  { says: /object not found|no such file|file not found|not_found|itemNotFound/i, code: "missing" },
  {
    says: /name too long|invalid (file ?)?name|(illegal|invalid|restricted|forbidden) (file|character|path)|malformed_path|disallowed_name|restricted_content/i,
    code: { listing: "listing", object: "missing", write: "name" },
  },
  {
    says: /not a directory|is a directory not a file/i,
    code: { listing: "no-bucket", object: "missing", write: "name" },
  },
  {
    says: /file (is )?too (large|big)|too_large|maxFileSize|exceeds.{0,20}(file|size)/i,
    code: { listing: "listing", object: "server", write: "too-large" },
  },
  {
    says: /permission denied|access ?denied|forbidden|insufficient.{0,20}(permission|scope|privilege)|read-?only|not permitted|\b403\b/i,
    code: { listing: "denied", object: "forbidden", write: "forbidden" },
  },
  { says: /corrupted on transfer|(hash|size|md5|sha1)(es|s)? differ/i, code: "wrong-bytes", retry: true },
  {
    says: /no such host|connection refused|network is unreachable|no route to host|dial tcp/i,
    code: "unreachable",
    retry: true,
  },
  { says: /\bEOF\b|timeout|deadline|reset by peer|broken pipe|TLS|context canceled/i, code: "broken", retry: true },
];

export interface Said {
  readonly doing: Doing;
  /** What was asked for, for messages. */
  readonly at: string;
  /** Of HTTP. */
  readonly status: number;
  /** What the question named: `401/IMG 507.jpg` is no answer of a service. */
  readonly names: readonly string[];
}

export function rcloneTrouble(said: string, { doing, at, status, names }: Said): HaulError {
  const plain = names.reduce((text, name) => (name === "" ? text : text.replaceAll(name, "")), said);
  const trouble = TROUBLES.find(({ says }) => says.test(plain));
  const says = `${at}: ${wordsOf(said)}`;
  if (trouble === undefined) {
    const code = doing === "listing" ? "listing" : "server";
    return new HaulError(code, says, { retry: status >= 500, place: "rclone" });
  }
  const code = typeof trouble.code === "string" ? trouble.code : trouble.code[doing];
  return new HaulError(code, says, { retry: trouble.retry ?? false, place: "rclone", hint: trouble.hint });
}

/** What rclone says of its own inside. */
const RCLONE_INSIDE =
  /^(panic received: |fatal error: |Failed to lsjson( with \d+ errors)?: |last error was: |error in ListJSON: )+/;

function wordsOf(said: string): string {
  return `rclone says: ${fromOutside(said.replace(RCLONE_INSIDE, ""))}`;
}

/** What a log in JSON says, one message after the other; lines of another form as they are. */
export function messagesIn(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      try {
        const { msg, object }: { msg?: unknown; object?: unknown } = JSON.parse(line);
        return typeof object === "string" && object !== "" ? `${object}: ${String(msg)}` : String(msg);
      } catch {
        return line;
      }
    });
}
