/** What breaks between here and the store, as HaulErrors. */

import { HaulError } from "../../errors.ts";

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody answers at this address",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host cannot be looked up now",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no network",
  ENETDOWN: "there is no network",
  EADDRNOTAVAIL: "no port is left for a connection",
  ETIMEDOUT: "the host does not answer",
  UND_ERR_CONNECT_TIMEOUT: "the host does not answer",
};

const UNTRUSTED = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
]);

/** How undici tells what a proxy answered. */
const PROXY = /^Proxy (response|Authentication Required) \(\d{3}\)/;

/**
 * @param at the address or object, for the message
 * @param signal tells an interruption from a break
 */
export function networkTrouble(error: unknown, at: string, signal: AbortSignal): HaulError {
  if (error instanceof HaulError) return error;
  if (signal.aborted) return new HaulError("interrupted", "interrupted", { cause: error });
  if (!(error instanceof Error)) throw error;
  const code = networkCodeOf(error);
  if (code === "TOO_SLOW") {
    const says = `${at}: the line is too slow (${error.message})`;
    return new HaulError("broken", says, { retry: true, cause: error });
  }
  const why = UNREACHABLE[code];
  if (why !== undefined) {
    return new HaulError("unreachable", `${at}: ${why} (${code})`, { retry: true, cause: error });
  }
  if (UNTRUSTED.has(code)) {
    const says = `the certificate of the store is not trusted (${code}: ${error.message}). For a store with its own authority, set NODE_EXTRA_CA_CERTS`;
    return new HaulError("unreachable", `${at}: ${says}`, { cause: error });
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    const says = `no secure connection came about (${error.message}). Is it http:// that the endpoint speaks?`;
    return new HaulError("unreachable", `${at}: ${says}`, { cause: error });
  }
  const proxySays = /\b(\d{3})\b/.exec(PROXY.test(error.message) ? error.message : "")?.[1];
  if (proxySays !== undefined) {
    const login = proxySays === "407" ? "wants a login that it knows" : "does not let it pass";
    const says = `${at}: the proxy ${login} (${proxySays}); see HTTPS_PROXY, HTTP_PROXY and NO_PROXY`;
    return new HaulError("unreachable", says, { retry: proxySays >= "500", cause: error });
  }
  if (code === "UND_ERR_BODY_TIMEOUT" || code === "UND_ERR_HEADERS_TIMEOUT") {
    return new HaulError("broken", `${at}: nothing came for too long`, {
      retry: true,
      cause: error,
    });
  }
  if (code === "OTHER_LENGTH") {
    return new HaulError("broken", `${at}: ${error.message}`, { retry: true, cause: error });
  }
  if (error.name === "HTTPParserError") {
    const says = `${at}: what came is no HTTP (${error.message}). Is it https:// that the endpoint speaks?`;
    return new HaulError("broken", says, { retry: true, cause: error });
  }
  if (code === "") throw error;
  return new HaulError("broken", `${at}: the connection broke (${code})`, {
    retry: true,
    cause: error,
  });
}

/** Of the system or of undici; "" where there is none. */
export function networkCodeOf(error: Error): string {
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && !(error instanceof HaulError)) return code;
  return error.cause instanceof Error ? networkCodeOf(error.cause) : "";
}
