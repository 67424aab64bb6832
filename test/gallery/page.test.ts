import { readdirSync, readFileSync } from "node:fs";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { fixedFiles, indexText, pageText } from "../../src/gallery/page-files.ts";

type Row = readonly [string, string, number, number, number, string, number, string];
interface Line {
  readonly y: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}
interface Shape {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  readonly head: number;
}
interface Plan {
  readonly lines: readonly Line[];
  readonly heads: readonly { readonly y: number; readonly month: string; readonly at: number }[];
  readonly height: number;
}
interface Layout {
  layOut(rows: readonly Row[], shape: Shape): Plan;
  lineAt(lines: readonly Line[], y: number): number;
  tilesOf(rows: readonly Row[], line: Line, gap: number): readonly { readonly x: number; readonly width: number }[];
  headingsOf(
    rows: readonly Row[],
    plan: Plan,
    shape: Shape,
  ): readonly { readonly x: number; readonly photos: number }[];
}
interface Rows {
  addressOf(path: string): string;
  dateWords(local: string): string;
  labelOf(row: Row): string;
  kindOf(row: Row): string;
  wanted(text: string, marks: number): ((row: Row) => boolean) | null;
}

const moduleOf = async <T>(name: string) =>
  (await import(new URL(`../../src/gallery/page/${name}.js`, import.meta.url).href)) as T;
const layout = await moduleOf<Layout>("layout");
const words = await moduleOf<Rows>("rows");
const row = (path: string, local = "", width = 4, height = 3, marks = 0): Row => [
  path,
  local,
  width,
  height,
  1,
  "0",
  marks,
  "",
];
const SHAPE = { width: 1000, height: 160, gap: 4, head: 34 };

test("all photos lie in lines as wide as the page, none over another", () => {
  const rows = Array.from({ length: 500 }, (_, at) =>
    row(`${at}.jpg`, `2012-${at < 300 ? "06" : "05"}-01`, 3 + (at % 5), 3),
  );
  const plan = layout.layOut(rows, SHAPE);
  let [at, y] = [0, 0];
  for (const line of plan.lines) {
    expect(line.from).toBe(at);
    expect(line.y).toBeGreaterThanOrEqual(y);
    const last = layout.tilesOf(rows, line, SHAPE.gap).at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThan(SHAPE.width + 1);
    [at, y] = [line.to, line.y + line.height];
    expect(layout.lineAt(plan.lines, line.y + 1)).toBe(plan.lines.indexOf(line));
  }
  expect(at).toBe(500);
  expect(plan.height).toBeGreaterThanOrEqual(y);
  expect(plan.heads.map(({ month, at: first }) => [month, first])).toEqual([
    ["2012-06", 0],
    ["2012-05", 300],
  ]);
});

test("short months stand side by side, each below its own heading", () => {
  const rows = ["2012-06", "2012-05", "2012-04"].map((month) => row(`${month}.jpg`, `${month}-01`));
  const plan = layout.layOut(rows, SHAPE);
  expect(plan.lines).toHaveLength(1);
  const headings = layout.headingsOf(rows, plan, SHAPE);
  expect(headings.map(({ photos }) => photos)).toEqual([1, 1, 1]);
  expect(headings.map(({ x }) => Math.round(x))).toEqual([0, 217, 435]);
});

test("whatever a path holds is an address that means it", () => {
  const path = '100% #1?/a b\\"<ä>/\u2028.jpg';
  const address = words.addressOf(path);
  expect(decodeURIComponent(new URL(address, "file:///x/").pathname)).toBe(`/x/${path}`);
  expect(address).not.toMatch(/[#?<>" ]/);
  expect(words.addressOf("javascript:alert(1)")).toBe("javascript%3Aalert(1)");
});

test("dates are said as far as they are known, and a screen reader is told what is doubtful", () => {
  expect(words.labelOf(row("x/\u202egpj.exe\u2028.jpg"))).toBe("\\u{202e}gpj.exe\\u{2028}.jpg");
  const said = ["2012", "2012-06", "2012-06-28", "2012-06-28T14:03:22", ""].map((local) => words.dateWords(local));
  expect(said).toEqual(["2012", "June 2012", "28 June 2012", "28 June 2012, 14:03", ""]);
  expect(words.labelOf(row("x/a.mp4", "2012-06-28", 0, 0, 2))).toBe("video a.mp4, 28 June 2012, doubtful date");
});

test("a search goes by all words, in any case and without accents", () => {
  const finds = (text: string, marks = 0) => words.wanted(text, marks)?.(row("2012/Zürich See/IMG_1.jpg", "", 1, 1, 8));
  expect([finds("zurich img"), finds("ZÜRICH"), finds("bern"), finds("", 8), finds("see", 2)]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(words.wanted("  ", 0)).toBeNull();
});

test("the modules are one script that every browser reads, and share no name", async () => {
  const files = new Map(await fixedFiles());
  const app = files.get("app.js") ?? "";
  expect(app).not.toMatch(/^\s*(?:import|export)\b/m);
  expect(() => new Script(app)).not.toThrow();
  const names = Array.from(app.matchAll(/^(?:const|let|(?:async )?function) (\w+)/gm), ([, name]) => name);
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  const folder = new URL("../../src/gallery/page/", import.meta.url);
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".js"))) {
    expect(app, name).toContain(readFileSync(new URL(name, folder), "utf8").split("\n")[0]);
  }
  expect(files.get("photoswipe.js")).toContain("5.4.4");
});

test("page and index hold what strangers named as text only", () => {
  const hostile = '/media/"><script>alert(1)</script>';
  const page = pageText(".photohaul/gallery/", hostile);
  expect(page).not.toContain(hostile);
  expect(page.match(/<script/g)).toHaveLength(3);
  const index = indexText({ target: hostile, photos: 0, bytes: 0, originals: true, parts: [] });
  expect(index).not.toContain("<");
});
