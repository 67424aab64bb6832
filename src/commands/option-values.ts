/** From what was typed to what is meant: sizes in bytes, times in milliseconds, dates in UTC. Pure but for zod. */

import { z } from "zod";
import { isZone } from "../dates/zone.ts";

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };

/** `5M`, `1.5G`, `800K`, `12345`: bytes, by powers of 1024 as rclone and restic count. */
export const sizeOrNothing = z
  .string()
  .regex(/^\d+(\.\d+)?\s*[KMGT]?(i?B)?$/i, "a size such as 5M or 50G")
  .transform((text) => {
    const [, number = "", unit = ""] = /^([\d.]+)\s*([KMGT]?)/i.exec(text) ?? [];
    return Math.round(Number(number) * (FACTORS[unit.toUpperCase()] ?? 1));
  });

/** The same, where 0 has no meaning. */
export const size = sizeOrNothing.refine((bytes) => bytes > 0, "a size above nothing");

/** `90s`, `15m`, `6h`, `1h30m`, `2d`: milliseconds. */
export const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h|d))+$/, "a time such as 90s, 15m or 6h")
  .transform((text) =>
    [...text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)].reduce(
      (sum, [, number = "", unit = ""]) => sum + Number(number) * (UNITS[unit] ?? 0),
      0,
    ),
  );

/** `2014`, `2014-07`, `2014-07-31`, `2014-07-31T12:00Z`: the instant in UTC, as ISO 8601 with milliseconds. */
export const date = z
  .string()
  .regex(
    /^\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/,
    "a day such as 2014-07-31, a month such as 2014-07, a year, or 2014-07-31T12:00Z",
  )
  .transform((text, context) => {
    const zoned = /[T ]/.test(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
    const instant = new Date(zoned.replace(" ", "T"));
    const rolled = Number(text.slice(8, 10) || 1) !== new Date(text.slice(0, 10)).getUTCDate();
    if (!Number.isNaN(instant.getTime()) && !rolled) return instant.toISOString();
    context.addIssue("there is no such date");
    return z.NEVER;
  });

/** A whole number from 1 on. */
export const whole = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, "a whole number from 1 on")
  .transform(Number);

/** `auto`, or how many at once. */
export const concurrency = z
  .string()
  .refine(
    (text) => text === "auto" || (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 256),
    "auto, or a whole number from 1 to 256",
  )
  .transform((text) => (text === "auto" ? text : Number(text)))
  .default("auto");

/** An IANA zone name such as Europe/Berlin. */
export const zone = z.string().refine((name) => isZone(name), "a zone such as Europe/Berlin or UTC");

/** The address of a service, without the way to its buckets. */
export const serviceUrl = z.url({
  protocol: /^https?$/,
  error: "a URL such as https://s3.example.com",
});

/** Where a repeatable option was given once, yargs still answers an array. */
export const texts = z.array(z.string()).default([]);

/** Given or not. */
export const flag = z.boolean().default(false);

/** Any text, or none. */
export const text = z.string().nullable().default(null);

/** The program for places that are reached by rclone, source and targets alike. */
export const RCLONE_OPTION = {
  rclone: text.meta({
    group: "Places of rclone:",
    description: "the program for rclone:remote:path, 1.75.2 or newer; the one on the path when absent",
  }),
};
