/** What is to be run every day, whoever runs it. */

export interface Job {
  /** Letters, digits and hyphens: `photohaul-s3-photos-1a2b3c4d`. */
  readonly name: string;
  /** For people: "photohaul mirror s3://photos /media/usb". */
  readonly title: string;
  /** Program and arguments; all paths in it are absolute. No control character is in it: a crontab holds no newline, and XML hardly any of them. */
  readonly argv: readonly string[];
  /** Variables that the run needs to find what it remembered, none of them secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly hour: number;
  readonly minute: number;
  /** The user that it runs as. */
  readonly user: string;
  readonly home: string;
  /** Folders that must be mounted before it begins. */
  readonly mounts: readonly string[];
  /** Folders that it writes to. */
  readonly writes: readonly string[];
}
