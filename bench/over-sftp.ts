/** Mirrors to a real OpenSSH on loopback. */

import { files } from "./checks.ts";
import { named, out } from "./layout.ts";
import { photohaul, rclone } from "./programs.ts";
import type { Scenario } from "./scenarios.ts";

/** What goes to a server with SFTP lies in a folder of this computer, where it is looked at. */
export function overSftp(name: string, title: string, bucket: string, count: number): Scenario {
  const ours = "photohaul mirror";
  const theirs = "rclone copy --transfers 16";
  return {
    name,
    title,
    server: [],
    ssh: true,
    contenders: [
      {
        name: ours,
        program: "photohaul",
        run: (place) =>
          photohaul(place, "mirror", `s3://${bucket}`, `${place.ssh?.url}${out(place)}`, "--json", ...named(place)),
        check: (place) => files(out(place), count, true),
      },
      {
        name: theirs,
        program: "rclone",
        run: (place) =>
          rclone(place, "copy", `bench:${bucket}/original`, `ssh:${out(place)}`, "--transfers", "16", "--fast-list"),
        check: (place) => files(out(place), count, false),
      },
    ],
    goals: [{ ours, against: [theirs], most: 1 / 0.8 }],
    bulky: true,
  };
}
