/** The two ways in which Object Lock keeps an object; by themselves, as the command line names them before any store. */

export const LOCK_MODES = ["GOVERNANCE", "COMPLIANCE"] as const;
export type LockMode = (typeof LOCK_MODES)[number];
