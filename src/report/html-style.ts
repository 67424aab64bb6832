/** How the HTML report looks: light and dark by the reader's setting, from a phone's width up. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f5f1; --card: #ffffff; --ink: #1d1f23; --soft: #62666e; --line: #e4e2db;
  --accent: #1f6feb; --good: #1a7f4b; --warn: #a15c00; --bad: #c0271d; --bad-back: #fdf0ee;
  --c0: #1f6feb; --c1: #e08a1e; --c2: #1f9d8a; --c3: #a35bc9; --c4: #c94f6d; --c5: #7a869a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #111317; --card: #1a1d23; --ink: #e8e8e6; --soft: #9da3ad; --line: #2d323b;
    --accent: #6aa8ff; --good: #55c48a; --warn: #e3a84f; --bad: #ff7b70; --bad-back: #2b1a1a;
    --c0: #5b9dff; --c1: #f0a64a; --c2: #41c4ae; --c3: #c388e6; --c4: #ea7f99; --c5: #8c97aa;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; letter-spacing: -0.01em; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; }
p.sub { color: var(--soft); margin: .4rem 0 1.4rem; overflow-wrap: anywhere; }
.badge {
  display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .85rem; font-weight: 600;
  border: 1px solid currentColor; color: var(--accent); margin-right: .4rem;
}
.badge.good { color: var(--good); } .badge.warn { color: var(--warn); } .badge.bad { color: var(--bad); }
.sheet { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.25rem;
  min-width: 0;
}
.halves { columns: 2; column-gap: 1rem; }
.halves:has(> :only-child) { columns: 1; }
.halves section { break-inside: avoid; margin-bottom: 1rem; } .halves section:last-child { margin-bottom: 0; }
section.bad { border-color: var(--bad); background: var(--bad-back); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr)); gap: 1rem 1.25rem; }
.figure .label { color: var(--soft); font-size: .85rem; }
.figure .value { font-size: 1.55rem; white-space: nowrap; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.figure .note { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.figure.warn .value { color: var(--warn); } .figure.bad .value { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; margin: 0 0 .75rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
dd.warn { color: var(--warn); } dd.bad { color: var(--bad); } dd.good { color: var(--good); } dd.faint { color: var(--soft); }
.figures + dl { margin-top: 1rem; }
.figures + p { margin-top: 1rem; } section p:last-child { margin-bottom: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--soft); font-weight: 500; white-space: nowrap; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td { overflow-wrap: break-word; }
td:first-child, td:last-child { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.name { min-width: 7rem; }
td .bar { display: block; height: .3rem; border-radius: .2rem; background: var(--c0); margin-top: .15rem; min-width: 2px; }
.more, .axis, .legend, figcaption, .hint { color: var(--soft); font-size: .8rem; }
.more { margin-top: .5rem; }
.plot { position: relative; margin-top: 1.4rem; border-bottom: 1px solid var(--line); }
.plot svg { display: block; width: 100%; overflow: visible; }
.plot .top { position: absolute; top: -1.3rem; left: 0; }
.axis { position: relative; height: 1.4rem; }
.axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; padding-top: .15rem; }
.axis span.first { transform: none; } .axis span.last { transform: translateX(-100%); }
.whole { display: flex; gap: 2px; height: 1.1rem; border-radius: .3rem; overflow: hidden; margin-bottom: .6rem; }
.whole i { display: block; min-width: 2px; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-bottom: 1rem; }
.legend b { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
.dot { display: inline-block; width: .65rem; height: .65rem; border-radius: .2rem; margin-right: .35rem; }
.ridge { display: grid; grid-template-columns: 9rem minmax(0, 1fr); align-items: end; }
.ridge .who { font-size: .85rem; padding: 0 .75rem .1rem 0; overflow-wrap: anywhere; line-height: 1.25; }
.ridge .who span { display: block; color: var(--soft); font-size: .78rem; }
.ridge .hill { border-bottom: 1px solid var(--line); padding-top: .5rem; }
.ridge svg { display: block; width: 100%; height: 2.6rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h3 span { color: var(--soft); font-weight: 400; font-size: .85rem; margin-left: .35rem; }
.pairs + h3 { margin-top: 1.75rem; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.25rem 1rem; }
.pair { margin: 0; min-width: 0; }
.pair .two { display: grid; grid-template-columns: 1.6fr 1fr; gap: .4rem; align-items: end; }
.pair img { display: block; width: 100%; max-height: 12rem; object-fit: contain; object-position: left bottom; border-radius: .3rem; }
.pair .cap { font-size: .75rem; color: var(--soft); overflow-wrap: anywhere; line-height: 1.3; margin-top: .25rem; }
.pair .cap b { color: var(--ink); display: block; }
figcaption { margin-top: .35rem; }
footer { color: var(--soft); font-size: .8rem; margin-top: 1.5rem; }
@media (max-width: 60rem) {
  .halves { columns: 1; }
}
@media (max-width: 44rem) {
  main { padding: 1.25rem .75rem 2rem; }
  h1 { font-size: 1.35rem; }
  section { padding: .9rem; }
  .halves section { margin-bottom: .75rem; }
  .sheet { gap: .75rem; }
  td.name { min-width: 5rem; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem 1rem; }
  .figure .value { font-size: 1.35rem; }
  .ridge { grid-template-columns: 1fr; }
  .ridge .who { padding: .5rem 0 0; } .ridge .who span { display: inline; margin-left: .4rem; }
  .ridge .hill { padding-top: 0; } .ridge .gap { display: none; }
  table.wide, .wide tbody { display: block; }
  .wide thead { display: none; }
  .wide tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .wide tr:last-child { border-bottom: 0; }
  .wide td, .wide td.number { border: 0; padding: .05rem 0; text-align: left; white-space: normal; }
  .wide td[data-is]::before { content: attr(data-is) " "; color: var(--soft); }
  .wide td:empty { display: none; }
  .wide td.name { font-weight: 600; flex-basis: 100%; min-width: 0; }
  .wide td:last-child { flex-basis: 100%; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`;
