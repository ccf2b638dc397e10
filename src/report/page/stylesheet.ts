/** The look of all pages: a column of text, charts in pairs where there is room, contents beside it or in a bar on top. */
import { lightColours } from './colours.ts';

const text = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
main { max-width: 1040px; margin: 0 auto; padding: 40px 24px 56px; }
h1, h2, h3, p, dl, figure { margin: 0; }
h1 { font-size: clamp(30px, 6vw, 44px); line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; margin-bottom: 8px; scroll-margin-top: 24px; }
h3 { font-size: 16px; line-height: 1.4; margin: 22px 0 4px; }
section { margin-top: 56px; }
section > p, section > ul { max-width: 72ch; margin: 0 0 14px; overflow-wrap: anywhere; text-wrap: pretty; }
section > ul { padding-left: 20px; }
a { color: var(--train); }
:focus-visible { outline: 2px solid var(--train); outline-offset: 2px; border-radius: 3px; }
.kind { color: var(--muted); font-size: 14px; letter-spacing: 0.04em; text-transform: uppercase; }
.data { font-size: 18px; color: var(--muted); overflow-wrap: anywhere; }
.note { color: var(--muted); font-size: 14px; }
.lead { max-width: 72ch; margin-bottom: 18px; text-wrap: pretty; overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 12px; z-index: 4; padding: 8px 14px; border-radius: 8px; background: var(--ink); color: var(--page); }
`;

const contents = `
.contents { display: flex; font-size: 14px; line-height: 1.4; }
.contents ol { list-style: none; margin: 0; padding: 0; }
.contents a { display: block; padding: 5px 12px; color: var(--muted); text-decoration: none; border-left: 2px solid var(--rule); }
.contents a:hover { color: var(--ink); }
.contents a[aria-current] { color: var(--ink); border-color: var(--train); }
.theme { flex: none; display: grid; place-items: center; width: 32px; height: 32px; padding: 0; border: 0; border-radius: 8px; background: none; color: var(--muted); cursor: pointer; }
.theme[hidden] { display: none; }
.theme:hover { color: var(--ink); background: var(--panel); }
.theme i { width: 15px; height: 15px; border: 1.5px solid; border-radius: 50%; background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
@media (min-width: 1120px) {
  .page { display: grid; grid-template-columns: 190px minmax(0, 1fr); max-width: 1280px; margin: 0 auto; padding-left: 24px; }
  .page > main { width: 100%; padding-left: 40px; }
  .contents { position: sticky; top: 0; align-self: start; flex-direction: column; gap: 14px; max-height: 100vh; overflow-y: auto; padding: 46px 0 24px; }
  .contents summary { display: none; }
}
@media (max-width: 1119px) {
  .contents { position: sticky; top: 0; z-index: 3; justify-content: space-between; align-items: start; gap: 12px; padding: 6px 16px 6px 12px; background: var(--page); border-bottom: 1px solid var(--rule); }
  .contents summary { padding: 6px 12px; border-radius: 8px; color: var(--muted); font-size: 14px; line-height: 20px; cursor: pointer; }
  .contents details { min-width: 0; flex: 1; }
  .contents ol { max-height: 70vh; overflow-y: auto; padding: 4px 0 10px 12px; }
  .contents a { padding: 9px 12px; font-size: 15px; }
  h2 { scroll-margin-top: 68px; }
}
`;

const numbers = `
.stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 24px 0 18px; }
.stat { background: var(--panel); border-radius: 10px; padding: 14px 16px; display: flex; flex-direction: column; }
.stat.first { grid-column: span 2; }
.stat .label { color: var(--muted); font-size: 14px; }
.stat strong { font-size: 27px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.stat.first strong { font-size: 40px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); column-gap: 28px; border-top: 1px solid var(--rule); }
.facts > div { display: grid; grid-template-columns: 112px 1fr; gap: 12px; padding: 7px 0; border-bottom: 1px solid var(--rule); font-size: 14px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.facts > .wide { grid-column: 1 / -1; }
.findings { list-style: none; margin: 0 0 22px; padding: 0; display: grid; gap: 0; max-width: none; border-top: 1px solid var(--rule); }
.findings > li { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 12px; padding: 10px 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
.findings p { margin: 0 0 6px; } .findings p:last-child { margin: 0; }
.findings > li > b { font-weight: 500; color: var(--muted); font-size: 14px; line-height: 24px; }
`;

const charts = `
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
section > .legend { max-width: none; }
.key { display: inline-block; width: 24px; height: 0; border-top: 2.5px solid; margin-right: 7px; vertical-align: middle; }
.key.train { border-top-style: dashed; border-color: var(--train); }
.key.first { border-color: var(--train); }
.key.validation { border-color: var(--validation); }
.key.third { border-color: var(--third); }
.key.fourth { border-color: var(--fourth); }
.key.even { border-top: 1.5px dashed var(--muted); }
.key.best { width: 12px; height: 12px; border: 2.5px solid var(--validation); border-radius: 50%; }
.swatch { display: inline-block; width: 18px; height: 12px; vertical-align: -1px; border: 1px solid var(--rule); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px 28px; margin-bottom: 16px; }
figure { min-width: 0; }
figcaption { font-size: 14px; font-weight: 600; margin-bottom: 4px; }
.chart { --plot-background: transparent; display: block; width: 100%; height: auto; color: var(--ink); font-family: inherit; }
.scroll {
  overflow: auto; max-width: 100%; margin: 12px 0 20px;
  /* a shadow at a side where there is more: the first two go with what scrolls and hide it at the ends */
  background:
    linear-gradient(to right, var(--page) 50%, transparent) left / 36px 100% no-repeat local,
    linear-gradient(to left, var(--page) 50%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to right, color-mix(in srgb, var(--ink) 22%, transparent), transparent) left / 14px 100% no-repeat scroll,
    linear-gradient(to left, color-mix(in srgb, var(--ink) 22%, transparent), transparent) right / 14px 100% no-repeat scroll;
}
.scroll.tall { max-height: 460px; border: 1px solid var(--rule); border-radius: 8px; }
.matrix .chart { width: auto; max-width: none; }
.beside { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 1fr); gap: 8px 32px; align-items: start; }
.beside > * { min-width: 0; }
@media (min-width: 561px) { .beside th, .beside td { padding-left: 8px; padding-right: 8px; } .beside tbody th, .beside tbody td:not(.number), .beside .bar { min-width: 72px; } }
@media (max-width: 1000px), (min-width: 1120px) and (max-width: 1240px) { .beside { grid-template-columns: minmax(0, 1fr); } }
`;

const tables = `
table { border-collapse: collapse; font-size: 14px; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 4px 0 6px; }
caption .note { font-weight: 400; }
.tall caption { padding: 10px 12px 6px; }
th, td { text-align: left; padding: 6px 12px; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { font-weight: 500; }
tbody th, tbody td:not(.number) { overflow-wrap: anywhere; min-width: 108px; }
thead th { color: var(--muted); background: var(--page); white-space: nowrap; }
.tall thead th { position: sticky; top: 0; }
th > button { all: unset; cursor: pointer; }
th > button:hover { color: var(--ink); }
th > button:focus-visible { outline: 2px solid var(--train); outline-offset: 2px; border-radius: 3px; }
th > button::after { content: ''; display: inline-block; width: 0; height: 0; margin-left: 6px; vertical-align: 2px; border: 4px solid transparent; border-bottom-width: 0; border-top-color: currentColor; opacity: 0.4; }
th > button:hover::after, th[aria-sort] > button::after { opacity: 1; }
th[aria-sort] { color: var(--ink); }
th[aria-sort=ascending] > button::after { border-top-width: 0; border-bottom: 4px solid currentColor; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { min-width: 84px; background: linear-gradient(to right, var(--bar) var(--share), transparent var(--share)); }
.bar.good { background-image: linear-gradient(to right, var(--good) var(--share), transparent var(--share)); }
`;

const strips = `
td.strip-cell { width: 40%; min-width: 130px; vertical-align: middle; }
.strip-cell > .strip { position: relative; height: 14px; color: var(--muted); }
.strip-cell > .below { color: var(--validation); }
.strip-cell > .above { color: var(--train); }
.strip-cell > .strip::before { content: ''; position: absolute; left: var(--line); top: -7px; bottom: -7px; border-left: 1px solid var(--rule); }
.strip-cell i { position: absolute; left: var(--low); right: calc(100% - var(--high)); top: 5px; height: 4px; border-radius: 2px; background: currentColor; opacity: 0.4; }
.strip-cell b { position: absolute; left: var(--value); top: 2px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%; background: currentColor; }
`;

const images = `
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 18px 14px; }
.pictures.small { grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 14px 12px; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--panel); }
.pictures .crisp { image-rendering: pixelated; }
.pictures figcaption { font-size: 13px; line-height: 1.35; font-weight: 400; margin: 6px 0 0; overflow-wrap: anywhere; }
.pictures figcaption span { display: block; }
.corruptions { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); gap: 18px 24px; margin: 8px 0 20px; }
.corruptions > figure { display: grid; grid-template-columns: 84px minmax(0, 216px); gap: 8px; align-items: start; }
.corruptions img { display: block; width: 84px; height: 84px; object-fit: cover; border-radius: 6px; background: var(--panel); }
.corruptions .crisp { image-rendering: pixelated; }
.corruptions figcaption { display: flex; justify-content: space-between; gap: 8px; font-size: 13px; line-height: 1.35; margin: 0 8px 2px 0; }
.guess { color: var(--validation); }
.sure { color: var(--muted); font-variant-numeric: tabular-nums; }
.file { color: var(--muted); font-size: 12px; }
`;

const screens = `
@media (max-width: 560px) {
  main { padding: 24px 16px 40px; }
  section { margin-top: 44px; }
  table { font-size: 13px; }
  th, td { padding: 6px 5px; }
  th > button::after { margin-left: 3px; border-width: 3px 3px 0; }
  th[aria-sort=ascending] > button::after { border-width: 0 3px 3px; }
  .bar { min-width: 64px; }
  tbody th, tbody td:not(.number) { min-width: 88px; }
  .stats { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .stat strong { font-size: 24px; }
  .findings > li { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print {
  .scroll, .scroll.tall { max-height: none; overflow: visible; background: none; }
  .contents, .skip, th > button::after { display: none; }
  figure, tr, .stat { break-inside: avoid; }
  h2 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** Of every page; the colours in it are those of light. */
export const stylesheet: string = [lightColours, text, contents, numbers, charts, tables, strips, images, screens].join(
  '',
);
