/** The one table from an error to what it means for the photos, what to do next, and the exit code. */

import { HaulError, type PlaceKind, type RunErrorCode } from "./errors.ts";
import { redacted } from "./secrets.ts";

export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  someFailed: 3,
  source: 4,
  target: 5,
  full: 6,
  locked: 7,
  limit: 8,
  interrupted: 130,
} as const;

/** What each exit code means, for people. */
export const EXITS: readonly (readonly [number, string])[] = [
  [EXIT.ok, "all is well, also when nothing was new"],
  [EXIT.bug, "a bug in photohaul"],
  [EXIT.usage, "wrong use: an unknown option, a bad template, a bad layout file"],
  [EXIT.someFailed, "the run ended, and something needs a look: some photos failed, or lists were mended"],
  [EXIT.source, "the source cannot be read, or is empty where it was not"],
  [EXIT.target, "a target must not be written, or cannot be reached"],
  [EXIT.full, "the drive is full, or the photos do not fit"],
  [EXIT.locked, "another run is going on"],
  [EXIT.limit, "a limit was reached, or photos wait for an archive: run again for the rest"],
  [EXIT.interrupted, "interrupted; what is stored is whole"],
];

const WELL: ReadonlySet<number | null> = new Set([EXIT.ok, EXIT.limit]);

/** How a run ended, as far as that tells whether it went well. */
interface Ended {
  readonly exit: number | null;
  readonly archive?: { readonly undecided?: number | undefined } | undefined;
}

/**
 * True for a run that did what it meant to: all is well, or a limit was reached that was asked for. Photos in an archive
 * of which nobody decided whether they are to come are in no copy, and no health check is to be green over them for ever.
 */
export function wentWell({ exit, archive }: Ended): boolean {
  return WELL.has(exit) && (archive?.undecided ?? 0) === 0;
}

interface ErrorWords {
  readonly exit: number;
  /** What it means for the photos. */
  readonly meaning: string;
  /** What to do next. */
  readonly hint: string;
  /** Instead of that, where the kind of place is known. */
  readonly hints?: Readonly<Partial<Record<PlaceKind, string>>>;
}

const UNTOUCHED = "Nothing was changed; what was kept before is as it was.";
const SO_FAR = "What was stored before this is whole and written down.";

const SWIFT_LOGIN = "set ST_AUTH, ST_USER and ST_KEY, or the OS_* variables";
const S3_LOGIN =
  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws with --profile or AWS_PROFILE; a public bucket needs --no-sign-request. Where the AWS tools can use a profile and photohaul cannot, set what `aws configure export-credentials --profile NAME --format env` prints";
const SSH_LOGIN =
  "give the agent a key that the server knows (ssh-add), name one with --ssh-identity FILE, or set PHOTOHAUL_SSH_PASSWORD; `ssh-copy-id user@host` makes a key known. `sftp user@host` shows whether it works";
const RCLONE_LOGIN =
  "See whether rclone itself gets there: `rclone lsd REMOTE:`; `rclone config reconnect REMOTE:` logs in anew";
const RUN_AGAIN = "Then run the same line again.";

const MESSAGES: Readonly<Record<RunErrorCode, ErrorWords>> = {
  usage: {
    exit: EXIT.usage,
    meaning: UNTOUCHED,
    hint: "`photohaul <command> --help` shows what there is, with examples.",
  },
  credentials: {
    exit: EXIT.source,
    meaning: SO_FAR,
    hint: `For S3, ${S3_LOGIN}. For Swift, ${SWIFT_LOGIN}.`,
    hints: {
      s3: `For S3, ${S3_LOGIN}.`,
      swift: `For Swift, ${SWIFT_LOGIN}.`,
      sftp: `To log in, ${SSH_LOGIN}. Then run the same line again.`,
      rclone: `${RCLONE_LOGIN}.`,
    },
  },
  denied: {
    exit: EXIT.source,
    meaning: SO_FAR,
    hint: "These credentials may not list or read this bucket. `photohaul policy <source>` prints the permissions that are needed.",
    hints: {
      folder: "Make the folder readable for this user, then run the same line again.",
      sftp: "Make the folder on the server readable for the user that logs in, then run the same line again.",
      rclone: `The account that rclone uses may not list or read this. ${RCLONE_LOGIN}.`,
    },
  },
  "no-bucket": {
    exit: EXIT.source,
    meaning: UNTOUCHED,
    hint: "Check the name of the bucket or container, and --endpoint if a bucket is not on AWS.",
    hints: {
      folder: "Check how the folder is spelled, and that the drive it lies on is plugged in.",
      s3: "Check the name of the bucket, and --endpoint if it is not on AWS.",
      swift: "Check the name of the container, and the project that you are logged in to.",
      sftp: "Check the path: after the host it begins at the server's root, or with /~/ in the home folder. `sftp user@host` shows what lies where.",
      rclone: "`rclone listremotes` shows which remotes there are, and `rclone lsd REMOTE:` the folders of one.",
    },
  },
  unreachable: {
    exit: EXIT.source,
    meaning: SO_FAR,
    hint: "Check the network and --endpoint, then run the same line again.",
    hints: { rclone: `Check the network. ${RCLONE_LOGIN}.` },
  },
  quota: {
    exit: EXIT.source,
    meaning: SO_FAR,
    hint: "Look at the service's console for a cap on downloads or an unpaid bill; once it is raised, or its time is over, run the same line again.",
  },
  listing: {
    exit: EXIT.source,
    meaning: `The listing is not whole, so it was not used. ${SO_FAR}`,
    hint: "Run the same line again. If it breaks off at the same place, please report it with the log.",
  },
  "looks-empty": {
    exit: EXIT.source,
    meaning: `${UNTOUCHED} Nothing is ever deleted.`,
    hint: "Check the bucket, the prefix and the credentials.",
    hints: { folder: "Check how the folder is spelled, and that the drive it lies on is plugged in." },
  },
  "no-target": {
    exit: EXIT.target,
    // A target may be missed at the end of a run that kept photos on the others.
    meaning: SO_FAR,
    hint: "Plug the drive in or make the folder; for a bucket or container, check its name, its credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), the network, --target-endpoint and --target-profile, or the ST_* and OS_* variables of Swift. Then run the same line again.",
    hints: {
      folder: `Plug the drive in, or make the folder; what is in the way, move away. ${RUN_AGAIN}`,
      s3: `Check the name of the bucket, its credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --target-profile), the network and --target-endpoint. ${RUN_AGAIN}`,
      swift: `Check the name of the container, the network, and the ST_* or OS_* variables. ${RUN_AGAIN}`,
      sftp: `Check the server's name, the network, and the path: after the host it begins at the server's root, or with /~/ in the home folder. To log in, ${SSH_LOGIN}. ${RUN_AGAIN}`,
      rclone: `\`rclone listremotes\` shows which remotes there are. ${RCLONE_LOGIN}. ${RUN_AGAIN}`,
      tahoe: `See that the Tahoe node runs (\`tahoe run\`) and that its page shows enough connected servers; its address is in ~/.tahoe/node.url or TAHOE_NODE_URL. ${RUN_AGAIN}`,
    },
  },
  "wrong-drive": {
    exit: EXIT.target,
    meaning: SO_FAR,
    hint: "Mount the drive that was used before. Where that one is gone for good and a new drive is in its place, add --new-drive to the same line once: everything is brought to the new one.",
  },
  "read-only": {
    exit: EXIT.target,
    meaning: SO_FAR,
    hint: "Make the target writable; on a bucket these credentials need to list, read and write objects. Then run the same line again.",
    hints: { rclone: `The account that rclone uses has to list, read and write there. ${RCLONE_LOGIN}. ${RUN_AGAIN}` },
  },
  full: {
    exit: EXIT.full,
    meaning: SO_FAR,
    hint: "Free some space or use a larger drive, then run the same line again: it goes on where it stopped.",
    hints: {
      rclone:
        "Free some space at the service or raise its quota (`rclone about REMOTE:`), then run the same line again: it goes on where it stopped.",
    },
  },
  locked: {
    exit: EXIT.locked,
    meaning: SO_FAR,
    hint: "Wait until the other run has ended, then run the same line again.",
  },
  sealed: {
    exit: EXIT.target,
    meaning: UNTOUCHED,
    hint: "Add --identity FILE with the key that opens it to the same line.",
  },
  catalogue: {
    exit: EXIT.someFailed,
    meaning: "The photos on the target are not concerned: the catalogue is only an index of them.",
    hint: "Run the `photohaul mirror` line again: the damaged file is set aside, and the catalogue rebuilt from what lies on the target, without fetching it again. A file that photohaul did not make is set aside with --adopt only.",
  },
  "catalogue-full": {
    exit: EXIT.full,
    meaning: SO_FAR,
    hint: "Free some space on this computer's disk, or name another place with --catalogue FILE or in XDG_STATE_HOME; then run the same line again.",
  },
  "catalogue-unwritable": {
    exit: EXIT.usage,
    meaning: SO_FAR,
    hint: "See whether that disk is well and the folder yours, or name another place with --catalogue FILE or in XDG_STATE_HOME.",
  },
  interrupted: {
    exit: EXIT.interrupted,
    meaning: SO_FAR,
    hint: "Run the same line again for the rest.",
  },
};

export interface Explained {
  /** What happened, what it means, what to do: three lines. */
  readonly lines: readonly string[];
  readonly exit: number;
}

/** Anything thrown → what a person is told. What is not a HaulError is a bug, and says so. */
export function explainError(error: unknown): Explained {
  // What came first: nothing that failed when all was closed hides it.
  if (error instanceof SuppressedError) return explainError(error.suppressed);
  if (error instanceof HaulError) {
    const words = messageWords(error);
    const hint = error.hint ?? (error.place && words.hints?.[error.place]) ?? words.hint;
    return { lines: [error.message, words.meaning, hint], exit: words.exit };
  }
  const message = redacted(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return {
    lines: [
      `This is a bug in photohaul: ${message}`,
      SO_FAR,
      "Please report it with the lines above and the command you typed.",
    ],
    exit: EXIT.bug,
  };
}

/** Of an error that concerns one photo only. */
const OF_ONE_PHOTO: ErrorWords = {
  exit: EXIT.someFailed,
  meaning: SO_FAR,
  hint: "Run the same line again; it fetches only what is missing.",
};

function messageWords({ code }: HaulError): ErrorWords {
  return new Map<string, ErrorWords>(Object.entries(MESSAGES)).get(code) ?? OF_ONE_PHOTO;
}
