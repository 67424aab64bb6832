/** What a scheduled run finds in its environment: as good as nothing but what is written into its line. */

import { resolve } from "node:path";
import { isBucket } from "../targets/apart.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where files are that the run reads and writes; each a path, made absolute. */
const PATHS = [
  "XDG_STATE_HOME",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "RCLONE_CONFIG",
];
/** Which service, region, account and zone are meant; no secret is among them. */
const WORDS = [
  "TZ",
  "AWS_PROFILE",
  "AWS_REGION",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_S3",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_USE_FIPS_ENDPOINT",
  "ST_AUTH",
  "ST_USER",
  "OS_AUTH_URL",
  "OS_STORAGE_URL",
  "OS_USERNAME",
  "OS_USER_ID",
  "OS_USER_DOMAIN_ID",
  "OS_USER_DOMAIN_NAME",
  "OS_PROJECT_ID",
  "OS_PROJECT_NAME",
  "OS_PROJECT_DOMAIN_ID",
  "OS_PROJECT_DOMAIN_NAME",
  "OS_TENANT_ID",
  "OS_TENANT_NAME",
  "OS_REGION_NAME",
  "OS_INTERFACE",
  "OS_ENDPOINT_TYPE",
  "OS_APPLICATION_CREDENTIAL_ID",
  "OS_APPLICATION_CREDENTIAL_NAME",
  "TAHOE_NODE_URL",
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
];
/** An address with a user or a password in it is nothing for a crontab. */
const WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@]*@/i;

/**
 * The variables that make the run do what the same line does in this shell, none of them secret.
 * @param home of the user that it runs as, which its scheduler sets
 */
export function carriedOver(env: Env, home: string): Record<string, string> {
  const carried: Record<string, string> = {};
  if (env.HOME && resolve(env.HOME) !== home) carried.HOME = resolve(env.HOME);
  for (const name of PATHS) {
    const path = env[name];
    if (path) carried[name] = resolve(path);
  }
  for (const name of WORDS) {
    const word = env[name];
    // An empty TZ is UTC; of the others it is as good as none.
    const said = name === "TZ" ? word !== undefined : word;
    if (said && word !== undefined && !WITH_PASSWORD.test(word)) carried[name] = word.trim();
  }
  return carried;
}

interface Places {
  readonly source: string;
  readonly targets: readonly string[];
  /** True where the source is read without keys. */
  readonly public: boolean;
  /** Where a profile is typed for source, for targets. */
  readonly profiles: readonly [source: boolean, targets: boolean];
}

/**
 * Of what is written into the job's line, what others on this computer should not read there; a sentence each. A place with
 * a password is refused where it is typed, and the user of a server is no secret: options are looked at.
 */
export function openSecrets(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const [, option, value = ""] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (option === undefined || !WITH_PASSWORD.test(value)) return [];
    return `${option} holds a user or a password, and everybody on this computer can read it in the line of the job, and while that runs (\`ps\`). A ping address of its own needs none; else a script that only you can read may ask for it: --notify-command.`;
  });
}

/** What the run will lack that only this shell has, and where to put it; a sentence or two each. */
export function lacking(env: Env, places: Places): string[] {
  const { source, targets, profiles } = places;
  const ofSource = isBucket(source) && !places.public && !profiles[0];
  const s3 = ofSource || (targets.some(isBucket) && !profiles[1]);
  const isOf = (scheme: RegExp) => [source, ...targets].some((place) => scheme.test(place));
  const passing = [...PATHS, ...WORDS].filter((name) => WITH_PASSWORD.test(env[name] ?? ""));
  return [
    ...(s3 && !env.AWS_PROFILE ? lackingKeys(env) : []),
    ...(isOf(/^swift:/i) ? lackingSwift(env) : []),
    ...(isOf(/^sftp:/i) ? lackingSsh(env) : []),
    ...(isOf(/^rclone:/i) ? lackingRclone(env) : []),
    ...passing.map(
      (name) =>
        `${name} holds a user or a password, so it is not written down: the job runs without it. Set it where the scheduler reads its environment.`,
    ),
  ];
}

const PUT_IT =
  "Put it where the scheduler reads it, for that user alone: a line NAME=value at the head of the crontab, EnvironmentFile= of the systemd service with a file of mode 0600, or EnvironmentVariables of launchd.";

function lackingKeys(env: Env): string[] {
  if (!env.AWS_ACCESS_KEY_ID || !env.AWS_SECRET_ACCESS_KEY) return [];
  const says =
    "The keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) are in the environment of this shell alone, and the job will not have them. Put them into ~/.aws/credentials of the user that it runs as (`aws configure`, or aws_access_key_id = … and aws_secret_access_key = … below [default]), readable by that user alone.";
  if (!env.AWS_SESSION_TOKEN) return [says];
  return [
    `${says} They belong to a session (AWS_SESSION_TOKEN) and end in some hours: a job needs keys that stay, or a profile that renews them.`,
  ];
}

function lackingSsh(env: Env): string[] {
  const word = env.PHOTOHAUL_SSH_PASSWORD
    ? "PHOTOHAUL_SSH_PASSWORD is in the environment of this shell alone, and the job will not have it. "
    : "";
  if (word === "" && !env.SSH_AUTH_SOCK) return [];
  const agent = env.SSH_AUTH_SOCK ? "The agent of this session (SSH_AUTH_SOCK) is not there for the job. " : "";
  return [
    `${word}${agent}It logs in with --ssh-identity FILE, or with a key of ~/.ssh that has no passphrase: best a key of its own, which the server lets do no more than SFTP (\`photohaul policy sftp://…\` prints the line).`,
  ];
}

function lackingRclone(env: Env): string[] {
  const names = ["RCLONE_CONFIG_PASS", "RCLONE_PASSWORD_COMMAND"].filter((name) => env[name]);
  if (names.length === 0) return [];
  return [
    `${names.join(", ")}, which opens rclone's configuration, is in the environment of this shell alone, and the job will not have it. ${PUT_IT}`,
  ];
}

const SWIFT_SECRETS = ["ST_KEY", "OS_PASSWORD", "OS_AUTH_TOKEN", "OS_APPLICATION_CREDENTIAL_SECRET"];

function lackingSwift(env: Env): string[] {
  const names = SWIFT_SECRETS.filter((name) => env[name]);
  if (names.length === 0) return [];
  return [
    `${names.join(", ")} of Swift is in the environment of this shell alone, and the job will not have it. ${PUT_IT}`,
  ];
}
