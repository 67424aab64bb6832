/**
 * What a store asks for reading, as data to be edited: prices change, and every region has its own. Nothing
 * but an estimate is made of it, which says which table it came from and how old that is.
 */

export interface PriceTable {
  readonly name: string;
  /** When the prices were looked up: "2026-05". */
  readonly asOf: string;
  readonly currency: string;
  readonly listPerThousand: number;
  /** In steps of a month; the last has no end. A gigabyte is 10^9 bytes. */
  readonly egress: readonly {
    readonly upToGigabytes: number | null;
    readonly perGigabyte: number;
  }[];
  /** By storage class; `STANDARD` stands for those that are not named. */
  readonly classes: Readonly<Record<string, ClassPrices>>;
}

export interface ClassPrices {
  readonly getPerThousand: number;
  readonly retrievalPerGigabyte: number;
  /** Of requests to restore from an archive, in bulk, which is the cheapest. */
  readonly restorePerThousand: number;
}

/**
 * List prices of Amazon S3 in us-east-1, without agreements and free tiers but the monthly 100 GB of egress. They stand
 * at https://aws.amazon.com/s3/pricing; taken from two that quote it for May 2026, https://www.usage.ai/blogs/aws/storage-cost/glacier-deep-archive-pricing/
 * (classes and retrieval) and https://www.flowverify.co/blog/cloudflare-r2-vs-s3-vs-backblaze-b2-cost-breakdown (requests
 * and egress). The requests of the colder classes are older: from January 2025.
 */
export const AWS_US_EAST_1: PriceTable = {
  name: "Amazon S3 list prices, us-east-1",
  asOf: "2026-05",
  currency: "USD",
  listPerThousand: 0.005,
  egress: [
    { upToGigabytes: 100, perGigabyte: 0 },
    { upToGigabytes: 10_240, perGigabyte: 0.09 },
    { upToGigabytes: 51_200, perGigabyte: 0.085 },
    { upToGigabytes: 153_600, perGigabyte: 0.07 },
    { upToGigabytes: null, perGigabyte: 0.05 },
  ],
  classes: {
    STANDARD: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    INTELLIGENT_TIERING: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    STANDARD_IA: { getPerThousand: 0.001, retrievalPerGigabyte: 0.01, restorePerThousand: 0 },
    ONEZONE_IA: { getPerThousand: 0.001, retrievalPerGigabyte: 0.01, restorePerThousand: 0 },
    GLACIER_IR: { getPerThousand: 0.01, retrievalPerGigabyte: 0.03, restorePerThousand: 0 },
    GLACIER: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    DEEP_ARCHIVE: {
      getPerThousand: 0.0004,
      retrievalPerGigabyte: 0.0025,
      restorePerThousand: 0.025,
    },
  },
};
