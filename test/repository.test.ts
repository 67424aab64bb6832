import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** What a public repository must not name: folders of one machine, and where its packages came from. */
const FOREIGN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a machine path", /(?<![\w.:/-])\/(home|Users|root|work)\/(?!(you|me|user)\/)[\w.-]+\//],
  ["a registry", new RegExp(["registry", "npmjs", "org"].join("\\."))],
  ["a package mirror", /https?:\/\/[\w.-]*(artifactory|nexus|verdaccio|codeartifact)[\w.-]*\//i],
  ["a token", /_authToken|_auth=|AKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}/],
];

function foreign(text: string): string[] {
  return FOREIGN.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
}

/** Tracked files, without what is binary; null in an archive without a repository. */
function tracked(): string[] | null {
  if (!existsSync(join(root, ".git"))) return null;
  const names = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z"], { cwd: root });
  return names
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)));
}

describe("tracked files", () => {
  test.skipIf(tracked() === null)("name no machine, registry or token", () => {
    const found = (tracked() ?? []).flatMap((name) => {
      const bytes = readFileSync(join(root, name));
      if (name === "test/repository.test.ts" || bytes.subarray(0, 8000).includes(0)) return [];
      return foreign(bytes.toString("utf8")).map((what) => `${name}: ${what}`);
    });
    expect(found).toEqual([]);
  });

  test.each([
    ["a machine path", "see /home/someone/photos/x"],
    ["a machine path", '"/work/thing/x.ts"'],
    ["a registry", `https://${["registry", "npmjs", "org"].join(".")}/zod`],
    ["a package mirror", "https://artifactory.example.com/npm/"],
    ["a token", "//host/:_authToken=x"],
  ])("%s would be found", (what, text) => {
    expect(foreign(text)).toEqual([what]);
  });

  test.each(["https://example.com/home/x/", "s3://photos/work/2012/", "./work/2012/x"])(
    "%s is not a machine path",
    (text) => {
      expect(foreign(text)).toEqual([]);
    },
  );
});

/** What CycloneDX says of packages, as far as it is read here. */
interface Bill {
  readonly bomFormat: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly properties?: readonly { readonly name: string }[];
  }[];
}

describe("packages", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");

  test("are pinned to one version each", () => {
    const loose = Object.entries(Object(manifest))
      .filter(([field]) => field.toLowerCase().endsWith("dependencies"))
      .flatMap(([, packages]) => Object.entries(Object(packages)))
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)));
    expect(loose).toEqual([]);
  });

  test("come from the registry that the user has set: the lockfile names none", () => {
    expect(lock).not.toMatch(/"resolved"/);
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  test("stand in the bill of materials, apart from those that only build it", () => {
    const { scripts, dependencies, devDependencies } = Object(manifest);
    expect(scripts.sbom).toMatch(/^npm sbom /);
    const text = execFileSync("npm", ["run", "-s", "sbom"], { cwd: root, encoding: "utf8" });
    const bill: Bill = JSON.parse(text);
    expect(bill.bomFormat).toBe("CycloneDX");
    const builds = ({ properties }: Bill["components"][number]) =>
      properties?.some(({ name }) => name === "cdx:npm:package:development") === true;
    const named = (components: Bill["components"]) => components.map(({ name, version }) => `${name}@${version}`);
    const shipped = named(bill.components.filter((one) => !builds(one)));
    const of = (packages: object) => Object.entries(packages).map(([name, version]) => `${name}@${String(version)}`);
    expect(shipped).toEqual(expect.arrayContaining(of(dependencies)));
    // A package that tests name may be one that the program brings along all the same.
    const locked = Object(JSON.parse(lock)).packages;
    const only = Object.entries(devDependencies).filter(([name]) => locked[`node_modules/${name}`]?.dev === true);
    expect(named(bill.components.filter(builds))).toEqual(expect.arrayContaining(of(Object.fromEntries(only))));
  });

  test("are the same in package.json and the lockfile", () => {
    const locked = Object(Object(JSON.parse(lock)).packages)[""];
    for (const field of ["dependencies", "devDependencies", "optionalDependencies"]) {
      expect(Object(locked)[field], field).toEqual(Object(manifest)[field]);
    }
  });
});

test.each(["LICENSE", "CHANGELOG.md", "README.md"])("%s is there", (name) => {
  expect(readFileSync(join(root, name), "utf8").trim()).not.toBe("");
});
