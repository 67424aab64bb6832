/** What an object says besides its bytes, as the headers of its write. */

import type { Facts } from "./store.ts";

/** @param prefix what stands before the names of metadata */
export function headersOf(facts: Facts, prefix: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const { contentType, contentDisposition, metadata = {} } = facts;
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (contentDisposition !== undefined) headers["content-disposition"] = contentDisposition;
  for (const [name, value] of Object.entries(metadata)) headers[prefix + name] = value;
  return headers;
}
