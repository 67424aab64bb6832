/**
 * The service that the tools of AWS are told of, where none is typed ("Service-specific endpoints", AWS SDKs and Tools
 * Reference Guide). The SDK reads it of AWS_PROFILE alone: with the keys of a profile that was typed it would ask the
 * service of another.
 */

import { HaulError } from "../../errors.ts";
import { type Environment, hasSharedFiles, sharedFiles } from "./address.ts";

/**
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
