/**
 * What the tools of AWS are told: the keys of their chain, or of one profile, in words why there are none, and which
 * service is meant.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "../../errors.ts";
import { keepSecret } from "../../secrets.ts";
import {
  ANYWHERE,
  type Environment,
  type FixedCredentials,
  hasSharedFiles,
  plainCredentials,
  sharedFiles,
} from "./address.ts";

/** A program of a profile (credential_process), or the AWS service that gives keys, has so long to answer (2 minutes). */
const PATIENCE_MS = 120_000;

/** The SDK would write its advice about credentials to the console, into the midst of a report. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/**
 * The profile whose keys are meant; undefined where the whole chain is (environment, default profile, instance). The
 * chain would go on behind a profile that gives no keys, and take those of the machine, which are somebody else's.
 */
export function profileOf(typed: string | undefined): string | undefined {
  return typed ?? (process.env.AWS_PROFILE || undefined);
}

/** What the SDK takes as its `credentials` for a profile: that profile's keys, however it comes by them, or none. */
export async function ofProfile(profile: string) {
  const { fromIni } = await import("@aws-sdk/credential-provider-ini");
  const keys = fromIni({ profile, logger: SILENT });
  return async ({ callerClientConfig }: Parameters<typeof keys>[0] = {}) => {
    if (callerClientConfig === undefined) return await keys();
    // Who gives out the keys of roles is asked in the region of the profile; the tools of AWS do without one.
    const region = async () => (await callerClientConfig.region?.().catch(() => ANYWHERE)) ?? ANYWHERE;
    return await keys({ callerClientConfig: { ...callerClientConfig, region } });
  };
}

/**
 * The keys that a provider finds, known for secrets from now on.
 * @param again true where it had found some before: then it may only have stumbled
 * @throws HaulError `credentials`
 */
export async function foundKeys<T extends FixedCredentials>(
  find: () => Promise<T>,
  { profile, again }: { readonly profile: string | undefined; readonly again: boolean },
): Promise<T> {
  const over = new AbortController();
  try {
    const keys = plainCredentials(await Promise.race([find(), tooLong(over.signal)]));
    keepSecret(keys.secretAccessKey);
    keepSecret(keys.sessionToken);
    return keys;
  } catch (cause) {
    if (cause instanceof HaulError) throw cause;
    const where = profile === undefined ? "" : ` in the profile ${profile}`;
    const says = `No credentials were found${where}${await whyNone(cause, profile)}`;
    throw new HaulError("credentials", says, { place: "s3", cause, retry: again });
  } finally {
    over.abort();
  }
}

async function tooLong(signal: AbortSignal): Promise<never> {
  await sleep(PATIENCE_MS, undefined, { signal });
  throw new Error("nothing was heard of what gives them for two minutes");
}

/** Of the whole chain the SDK says only that none of it had any. */
async function whyNone(cause: unknown, profile: string | undefined): Promise<string> {
  const said = cause instanceof Error ? cause.message.split("\n", 1)[0]?.trim() : "";
  if (profile === undefined || !said) return "";
  const missing = /Could not resolve credentials using profile: \[(.+?)\]/.exec(said)?.[1];
  if (missing !== undefined || cause instanceof TypeError) return `: ${await whatProfileLacks(missing ?? profile)}`;
  if (said.includes("multi-factor")) return ": it wants the code of a device (mfa_serial), and photohaul asks for none";
  // What follows is the command, which may hold a password.
  if (said.startsWith("Command failed")) return ": its credential_process failed";
  return `: ${said}`;
}

const KEYS = ["aws_access_key_id", "aws_secret_access_key"];

/** By the files of AWS, each by its path. */
async function whatProfileLacks(name: string): Promise<string> {
  const { configFilepath, filepath } = sharedFiles(process.env);
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ configFilepath, filepath });
  const found = [
    { file: filepath, settings: credentialsFile[name] },
    { file: configFilepath, settings: configFile[name] },
  ].filter(({ settings }) => settings !== undefined);
  if (found.length === 0) return `${configFilepath} and ${filepath} have no profile ${name}, or nothing in it`;
  const settings = Object.assign({}, ...found.map((one) => one.settings));
  const here = `the profile ${name} in ${found.map(({ file }) => file).join(" and ")}`;
  const session: unknown = settings.sso_session;
  if (typeof session === "string" && configFile[`sso-session.${session}`] === undefined) {
    return `${here} names the sso-session ${session}, which is not in ${configFilepath}`;
  }
  const lacking = KEYS.filter((key) => !settings[key]);
  if (lacking.length === 1) return `${here} has no ${lacking[0]}`;
  return `${here} has nothing that gives keys: no ${KEYS.join(" and ")}, and no other way to them that is complete`;
}

/**
 * The service that the tools of AWS are told of, where none is typed ("Service-specific endpoints", AWS SDKs and Tools
 * Reference Guide). The SDK reads it of AWS_PROFILE alone: with the keys of a profile that was typed it would ask the
 * service of another.
 *
 * | a profile is typed, and names a service itself or by its services section  | that one                           |
 * | AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL                                       | the first of these                 |
 * | the profile of AWS_PROFILE, or the default one, and no profile is typed     | what it names                      |
 * | AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, ignore_configured_endpoint_urls        | none, so AWS itself                |
 *
 * @param profile as typed
 * @returns undefined for AWS itself
 * @throws HaulError `usage` for a profile whose services section is not there
 */
export async function configuredEndpoint(profile: string | undefined, env: Environment): Promise<string | undefined> {
  if (isTrue(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) return undefined;
  const told = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined;
  if (profile === undefined && told !== undefined) return told;
  if (!hasSharedFiles(env)) return told;
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles(sharedFiles(env));
  const name = profile ?? (env.AWS_PROFILE || "default");
  const settings = { ...credentialsFile[name], ...configFile[name] };
  if (isTrue(settings.ignore_configured_endpoint_urls)) return undefined;
  const { services, endpoint_url: own } = settings;
  if (services === undefined) return own || told;
  const section = configFile[`services.${services}`];
  if (section !== undefined) return section["s3.endpoint_url"] || own || told;
  const says = `the profile ${name} names the services section ${services}, which is not in ~/.aws/config`;
  throw new HaulError("usage", says);
}

function isTrue(word: string | undefined): boolean {
  return word?.toLowerCase() === "true";
}
