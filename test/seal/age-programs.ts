/** The programs that open sealed files without photohaul: on Debian the package age; rage where there is one. */

import { execFileSync } from "node:child_process";

function isThere(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export const PROGRAMS = ["age", "rage"].filter((program) => program === "age" || isThere(program));

/** True where tests of them are passed over; `.ci/run` installs age, and says that it must be there. */
export const LACKS_AGE = !isThere("age") && process.env.PHOTOHAUL_AGE !== "required";
