/**
 * The house: which file stands on which floor, and what no file may do. Data and one function; the test
 * beside it runs the function over src and over planted violations.
 */

import { posix } from "node:path";

export interface SourceFile {
  /** Relative to src, `/` between the segments. */
  readonly path: string;
  readonly text: string;
}

/**
 * The rooms by floor. A file imports only from strictly lower floors, types included. A room of several
 * files has stairs, the lowest first, each a line of names; a stair is a little lower than the next one
 * and never reaches the floor above. `*` stands for every other file of the folder.
 */
const HOUSE: readonly (readonly [floor: number, folder: string, stairs: readonly string[]])[] = [
  // What every error passes through.
  [-1, "", ["secrets"]],
  [
    0,
    "",
    [
      "errors folder-place open-files json-text key left-unread model moment once path-inside same-object",
      "entry-line private-file regular-file warning-codes",
    ],
  ],
  [0, "catalogue/", ["pages schema statements"]],
  [0, "pictures/", ["planes", "likeness", "places", "pair"]],
  [0, "targets/", ["memory traits"]],

  [1, "", ["bandwidth error-words events lock pace retry", "redate-events target-events"]],
  [
    1,
    "catalogue/",
    [
      "copy-record rows set-aside",
      "held settings-table zone-lending",
      "catalogue database",
      "comparing-tables connect kept-table object-table plan-table unread-table zone-table",
      "adoption-table",
      "check-log check-log-file check-state date-index last-runs sqlite waiting-dates",
      "check-log-sqlite",
    ],
  ],
  [1, "digest/", ["sums", "digest-work", "digester"]],
  [
    1,
    "http/",
    [
      "encoding exchange header loop-guard network-trouble proxy request-body unless-aborted",
      "wire whole-object",
      "line object-body",
    ],
  ],
  [1, "layouts/", ["layout", "token"]],
  [1, "metadata/", ["tiff", "hidden-zone", "exiftool thumbnail unicode", "jpeg-exif", "head"]],
  [1, "pictures/", ["decode-picture", "picture-process", "picture-comparer"]],
  [
    1,
    "s3/",
    [
      "encoding lock-modes place sign xml",
      "endpoint",
      "client key-forms page-text",
      "list-page",
      "object-head refusal",
      "bucket",
      "put-object read-object retention",
      "copy-object give-up-upload lister",
      "multipart",
    ],
  ],
  [
    1,
    "swift/",
    [
      "login",
      "object-head list-page",
      "refusal",
      "session",
      "account",
      "container limits",
      "put-object read-object",
      "large-object",
    ],
  ],
  [1, "sources/", ["source", "all-refused own-marker"]],
  [1, "targets/", ["target", "spool"]],
  [
    1,
    "targets/store/",
    ["marker target-trouble", "upload-journal", "store", "elsewhere facts-headers object-facts readme"],
  ],
  [
    1,
    "targets/folder/",
    [
      "berth exact-times in-parallel inside lines marker mount-point naming probe readme sums-line temporary trouble until-aborted whole-drive",
      "directories draft drive-work find-folder home-files list-mark undated",
      "drive-thread growing-file",
      "force ledger lost-marker",
    ],
  ],

  [
    2,
    "decide/",
    [
      "date-candidate edited-name family-words file-kinds key-anchors key-decoders key-hash key-parts key-split litter name picture-size posix-zone template verdict web-picture written-time xml-reading zone",
      "size-range film-notes frozen-layout takeout-name xmp-properties",
      "family-proof",
      "pair-sample proven-family",
      "classify date-sanity key-slots name-shape name-time photo-sample sidecar-pairs tag-date zone-file",
      "name-date",
      "adoption beside proven-classifier rewrite date-reading detect-layout group-sample key-sample layout-looks key-date maker-date object-date xmp-date",
      "date-moment family-features lent-zone sidecar-date",
      "date-order date-span",
      "date-doubts",
      "date-choice",
      "capture-date family-belief family-claim family-company family-proposal rewrite-families",
      "found-family",
      "word-families",
      "family-suggestion",
      "date-to-write families late-dates older-dates told-date",
      "layout-choice",
    ],
  ],
  [2, "layouts/", ["*"]],
  [
    2,
    "report/",
    [
      "escape findings html-style media-type own-file prices section tone units whole-file",
      "csv dates-csv estimate html-charts inventory json log-file progress report status-text summary summary-words",
      "inventory-sections troubles",
      "html-pairs",
      "inventory-page report-object run-sections summary-page",
      "html markdown text",
      "console files line-console",
      "dates-text family-question restore-text verify-text",
    ],
  ],
  [2, "notify/", ["notify-command ping", "metrics", "announcer"]],
  [2, "schedule/", ["job", "crontab launchd systemd", "install"]],
  [2, "sources/", ["as-of asking-again below folder-walk", "folder s3 swift"]],
  [2, "targets/", ["drive", "folder-batches folder-lists", "folder"]],
  [2, "targets/s3/", ["object-lock", "store"]],
  [2, "targets/swift/", ["store"]],
  [2, "targets/store/", ["shelf", "parts probe", "ledger", "opening", "store-lists", "store-target"]],

  [3, "decide/", ["plan"]],
  [3, "layouts/", ["all file"]],
  [3, "sources/", ["all"]],
  [3, "targets/", ["s3 swift", "all"]],
  [
    3,
    "steps/",
    [
      "check date entry fates fetch file-times keep layout-report layout-told limit list load meter name packed read-start rebuilt-entry redate-kept stage-proven tee tell-older-dates verify-choice verify-photo verify-shelf",
      "compare-pair",
      "sample-pairs",
      "prove-families",
      "infer-layout",
      "look-beside prove-new-keys",
      "classify lend-zones photo-files redate-told restore-photo settle-lists sidecars too-large verify-repair",
      "adopt catch-up contact-sheet explain plan undo-record write-date",
      "company-path fleet settle-dates",
      "redate-unread",
      "redate-everywhere stage",
      "bring",
    ],
  ],

  [4, "", ["mirror redate-folder restore verify"]],
  [4, "schemas/", ["field", "shared", "haul target"]],
  [
    5,
    "commands/",
    [
      "catalogue-file command dates-file dates-sums error-page explanation-page inventory-rows version",
      "check-log-of computer-zone copies nice options parse voice",
      "asking layouts output policy reports story target-options target-story timetable",
      "apart concern schedule-environment deadline good-bytes kept-dates open-targets survey-setup",
      "remembered taking-over",
      "gather-targets mirror-options",
      "dates explain forget inventory mirror restore status verify",
      "demo schedule",
    ],
  ],
  [6, "", ["cli"]],
  [7, "", ["main"]],
];

/** Packages that one room keeps to itself, so that everything above it can be read without knowing them. */
const OWNED: readonly (readonly [module: RegExp, owners: RegExp])[] = [
  [/^node:sqlite$/, /^(catalogue\/|lock\.ts$)/],
  [/^@(aws-sdk|smithy)\//, /^s3\//],
  [/^(exifreader|exiftool-vendored)$/, /^metadata\//],
  [/^(sharp|libheif-js)/, /^pictures\/decode-picture\.ts$/],
  [/^saxes$/, /^decide\/(xml-reading|xmp-properties)/],
];

const EMPTY_NAMES = /^(utils?|helpers?|common|base|manager|service|handler)s?$/i;
const MOST_LINES = 300;

/** decide/ and pictures/ answer from their arguments alone: no I/O, no clock, no chance. */
const IMPURE_MODULE = /^node:(?!crypto$|buffer$|path(\/posix)?$|util$)|^undici$/;
const IMPURE_CALL = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(/;

/** Everything in these files that the house forbids, one sentence each; empty when all is well. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...shape(file),
    ...purity(file),
    ...importsOf(file.text).flatMap((specifier) => forbidden(file.path, specifier)),
  ]);
}

function shape({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (floorOf(path) === undefined) found.push(`${path} stands on no floor`);
  if (lines > MOST_LINES) found.push(`${path} has ${lines} lines`);
  for (const word of path.replace(/\.ts$/, "").split(/[/-]/)) {
    if (EMPTY_NAMES.test(word)) found.push(`${path} is named "${word}", which says nothing`);
  }
  return found;
}

function purity({ path, text }: SourceFile): string[] {
  if (!/^(?:decide\/|pictures\/(?:planes|likeness|places|pair)\.)/.test(path)) return [];
  const call = IMPURE_CALL.exec(withoutComments(text));
  const modules = importsOf(text).filter((specifier) => IMPURE_MODULE.test(specifier));
  return [...(call === null ? [] : [call[0]]), ...modules].map((it) => `${path} is not pure: ${it}`);
}

function forbidden(path: string, specifier: string): string[] {
  if (specifier === COMPUTED) return [`${path} imports what cannot be read from its text`];
  if (specifier.startsWith(".")) return upward(path, specifier);
  return OWNED.filter(([module, owners]) => module.test(specifier) && !owners.test(path)).map(
    () => `${path} uses ${specifier}, which another room keeps to itself`,
  );
}

function upward(path: string, specifier: string): string[] {
  const imported = posix.join(posix.dirname(path), specifier);
  const here = floorOf(path);
  const there = floorOf(imported);
  // What lies outside src (the sample bucket) is data for the top of the house only.
  if (imported.startsWith("../")) {
    return (here ?? 0) >= 5 ? [] : [`${path} imports ${imported} from outside the house`];
  }
  if (here === undefined || (there !== undefined && there < here)) return [];
  return [`${path} (floor ${here}) imports ${imported} (floor ${there ?? "none"})`];
}

const PLACES: ReadonlyMap<string, number> = new Map(
  HOUSE.flatMap(([floor, folder, stairs]) =>
    stairs.flatMap((names, stair) =>
      names.split(" ").map((name) => [`${folder}${name}.ts`, floor + stair / 100] as const),
    ),
  ),
);

/** The floor of a file, its stair in the hundredths; undefined where the house has no place for it. */
function floorOf(path: string): number | undefined {
  return PLACES.get(path) ?? PLACES.get(posix.join(posix.dirname(path), "*.ts"));
}

const COMPUTED = "\0computed";

/** Every module a file names: static, re-exported, `import type`, `import("…")` as a call or a type. */
function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const statement = /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm;
  const effect = /^\s*import\s*["']([^"']+)["']/gm;
  const call = /\bimport\(\s*(?:["']([^"'`]+)["']\s*\))?/g;
  const required = /\brequire\(\s*(?:["']([^"'`]+)["']\s*\))?/g;
  return [statement, effect, call, required].flatMap((pattern) =>
    Array.from(code.matchAll(pattern), (match) => match[1] ?? COMPUTED),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(^|[\s;{}()])\/\/.*$/gm, "$1");
}
