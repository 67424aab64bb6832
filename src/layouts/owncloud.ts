/** ownCloud 10 object store: s3-native. Read in owncloud/core. No key joins. */

import { defineLayout } from "./layout.ts";

export const owncloud = defineLayout({
  id: "owncloud",
  title: "ownCloud 10 object store",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
      examples: ["urn:oid:15", "urn:oid:90210", "urn:oid:123456"],
    },
  ],
  originalTrust: "byte-exact",
});
