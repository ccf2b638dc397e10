/** The page's look: a column of text, charts in pairs where there is room, and colours for light and dark. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #fcfcfb; --panel: #f3f4f2; --ink: #1c2024; --muted: #5b646d; --rule: #dcdfdd;
  --train: #0f6cbd; --validation: #c2500a; --bar: #f6d3b8; --good: #cfe2f5; --empty: #f3f4f2;
  --right-0: #e4eef8; --right-1: #c3daf0; --right-2: #93bce3; --right-3: #3f82c2; --right-4: #145a9c; --on-right: #fff;
  --wrong-0: #fdf0e4; --wrong-1: #fbdcc0; --wrong-2: #f5b988; --wrong-3: #d0661a; --wrong-4: #a3430a; --on-wrong: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --panel: #1d2125; --ink: #e8eaec; --muted: #a0a9b2; --rule: #343a40;
    --train: #6cb2f7; --validation: #ff9f58; --bar: #5a351a; --good: #1d4166; --empty: #1d2125;
    --right-0: #1a2c3f; --right-1: #1f3e5e; --right-2: #275a8c; --right-3: #6fb1ee; --right-4: #9ccbf7; --on-right: #0e1215;
    --wrong-0: #33241a; --wrong-1: #53341d; --wrong-2: #7d4a20; --wrong-3: #f0954d; --wrong-4: #ffbb85; --on-wrong: #0e1215;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
main { max-width: 1040px; margin: 0 auto; padding: 40px 24px 56px; }
h1, h2, p, dl, figure { margin: 0; }
h1 { font-size: clamp(30px, 6vw, 44px); line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; margin-bottom: 8px; }
section { margin-top: 52px; }
section > p { max-width: 72ch; margin-bottom: 14px; overflow-wrap: anywhere; }
.kind { color: var(--muted); font-size: 14px; letter-spacing: 0.04em; text-transform: uppercase; }
.data { font-size: 18px; color: var(--muted); overflow-wrap: anywhere; }
.note { color: var(--muted); font-size: 14px; }
.stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 24px 0 18px; }
.stat { background: var(--panel); border-radius: 10px; padding: 14px 16px; display: flex; flex-direction: column; }
.stat.first { grid-column: span 2; }
.stat .label { color: var(--muted); font-size: 14px; }
.stat strong { font-size: 27px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.stat.first strong { font-size: 40px; }
.lead { max-width: 72ch; margin-bottom: 18px; text-wrap: pretty; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); column-gap: 28px; border-top: 1px solid var(--rule); }
.facts > div { display: grid; grid-template-columns: 112px 1fr; gap: 12px; padding: 7px 0; border-bottom: 1px solid var(--rule); font-size: 14px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.facts > .wide { grid-column: 1 / -1; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; color: var(--muted); font-size: 14px; }
section > .legend { max-width: none; }
.key { display: inline-block; width: 24px; height: 0; border-top: 2.5px solid; margin-right: 7px; vertical-align: middle; }
.key.train { border-top-style: dashed; border-color: var(--train); }
.key.validation { border-color: var(--validation); }
.key.best { width: 12px; height: 12px; border: 2.5px solid var(--validation); border-radius: 50%; }
.swatch { display: inline-block; width: 18px; height: 12px; vertical-align: -1px; border: 1px solid var(--rule); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px 28px; margin-bottom: 16px; }
figure { min-width: 0; }
figcaption { font-size: 14px; font-weight: 600; margin-bottom: 4px; }
.chart { --plot-background: transparent; display: block; width: 100%; height: auto; color: var(--ink); font-family: inherit; }
.scroll { overflow: auto; max-width: 100%; margin: 12px 0 20px; }
.scroll:focus-visible { outline: 2px solid var(--train); outline-offset: 2px; }
.scroll.tall { max-height: 460px; border: 1px solid var(--rule); border-radius: 8px; }
.matrix .chart { width: auto; max-width: none; }
.beside { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 1fr); gap: 8px 32px; align-items: start; }
.beside > * { min-width: 0; }
@media (max-width: 980px) { .beside { grid-template-columns: minmax(0, 1fr); } }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 4px 0 6px; }
caption .note { font-weight: 400; }
.tall caption { padding: 10px 12px 6px; }
th, td { text-align: left; padding: 6px 12px; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { font-weight: 500; }
tbody th, tbody td:not(.number) { overflow-wrap: anywhere; min-width: 108px; }
thead th { color: var(--muted); position: sticky; top: 0; background: var(--page); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { min-width: 84px; background: linear-gradient(to right, var(--bar) var(--share), transparent var(--share)); }
.bar.good { background-image: linear-gradient(to right, var(--good) var(--share), transparent var(--share)); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 18px 14px; }
.pictures.small { grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 14px 12px; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--panel); }
.pictures .crisp { image-rendering: pixelated; }
.pictures figcaption { font-size: 13px; line-height: 1.35; font-weight: 400; margin: 6px 0 0; overflow-wrap: anywhere; }
.pictures figcaption span { display: block; }
.guess { color: var(--validation); }
.sure { color: var(--muted); font-variant-numeric: tabular-nums; }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 13px; }
@media (max-width: 560px) {
  main { padding: 24px 16px 40px; }
  section { margin-top: 40px; }
  table { font-size: 13px; }
  th, td { padding: 6px 5px; }
  .bar { min-width: 64px; }
  tbody th, tbody td:not(.number) { min-width: 88px; }
}
@media print { .scroll.tall { max-height: none; } }
`;
