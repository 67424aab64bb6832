/** The command lines that are compared, each as its users would type it for speed. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./measure.ts";

const root = join(import.meta.dirname, "..");
/** Debian's; not the one that npm put on the path. */
const EXIFTOOL = "/usr/bin/exiftool";

/** Where a run happens: which server, and a fresh folder for whatever it writes. */
export interface Place {
  readonly endpoint: string;
  readonly folder: string;
  /** OpenSSH on loopback, where the scenario wants one: its address, and a home with the key that it lets in. */
  readonly ssh?: { readonly url: string; readonly home: string };
}

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "benchbench",
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
};

export function photohaul(place: Place, verb: string, ...args: readonly string[]): Command {
  const source = verb === "mirror" || verb === "inventory";
  const options = source ? ["--endpoint", place.endpoint, "--catalogue", join(place.folder, "catalogue.sqlite")] : [];
  return {
    argv: [process.execPath, join(root, "bin", "photohaul"), verb, ...args, ...options],
    env: {
      ...CREDENTIALS,
      XDG_STATE_HOME: place.folder,
      ...(place.ssh === undefined ? {} : { HOME: place.ssh.home, SSH_AUTH_SOCK: "" }),
    },
    output: join(place.folder, "photohaul.out"),
  };
}

export function rclone(place: Place, ...args: readonly string[]): Command {
  return {
    argv: ["rclone", ...args],
    env: {
      RCLONE_CONFIG: "/dev/null",
      // rclone's transport cannot take a bundle of the machine; plain HTTP on loopback needs none.
      AWS_CA_BUNDLE: "",
      RCLONE_CONFIG_BENCH_TYPE: "s3",
      RCLONE_CONFIG_BENCH_PROVIDER: "Other",
      RCLONE_CONFIG_BENCH_ENDPOINT: place.endpoint,
      RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: CREDENTIALS.AWS_ACCESS_KEY_ID,
      RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      RCLONE_CONFIG_BENCH_LIST_VERSION: "2",
      ...sshFor(place),
    },
    output: join(place.folder, "rclone.out"),
  };
}

function sshFor({ ssh }: Place): Record<string, string> {
  if (ssh === undefined) return {};
  const { hostname, port, username } = new URL(ssh.url);
  return {
    RCLONE_CONFIG_SSH_TYPE: "sftp",
    RCLONE_CONFIG_SSH_HOST: hostname,
    RCLONE_CONFIG_SSH_PORT: port,
    RCLONE_CONFIG_SSH_USER: username,
    RCLONE_CONFIG_SSH_KEY_FILE: join(ssh.home, ".ssh", "id_ed25519"),
    RCLONE_CONFIG_SSH_KNOWN_HOSTS_FILE: join(ssh.home, ".ssh", "known_hosts"),
    // Else it starts a program on the server for each file, to read it once more.
    RCLONE_CONFIG_SSH_DISABLE_HASHCHECK: "true",
  };
}

/** Sets the file times of a whole tree from the dates in the photos. */
export function exiftool(place: Place, folder: string): Command {
  return {
    argv: [EXIFTOOL, "-q", "-r", "-FileModifyDate<DateTimeOriginal", folder],
    output: join(place.folder, "exiftool.out"),
  };
}

/** What is here, with its version; null where it is not. */
export function versions(): Readonly<Record<"photohaul" | "rclone" | "exiftool", string | null>> {
  return {
    photohaul: existsSync(join(root, "src", "main.ts")) ? `on Node ${process.versions.node}` : null,
    rclone: firstLine("rclone", ["version"]),
    exiftool: firstLine(EXIFTOOL, ["-ver"]),
  };
}

function firstLine(program: string, args: string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" }).split("\n")[0] ?? null;
  } catch {
    return null;
  }
}
