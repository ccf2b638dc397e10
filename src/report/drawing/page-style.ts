/** The page around a drawing. Its colours are the report's. */
export const pageStyle = `
.drawing { max-width: 800px; }
.pair-of-networks { max-width: 1320px; }
.networks { display: grid; gap: 40px 32px; grid-template-columns: minmax(0, 1fr); }
.pair-of-networks .networks { grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
.network h1 { font-size: clamp(26px, 4vw, 38px); }
.drawing .stats { display: flex; flex-wrap: wrap; gap: 8px; margin: 18px 0; }
.drawing .stat { flex: 1 0 auto; padding: 9px 12px; } .drawing .stat .label { font-size: 13px; } .drawing .stat strong { font-size: 19px; letter-spacing: -0.01em; }
.pair-of-networks .stat { padding: 8px 10px; } .pair-of-networks .stat strong { font-size: 16px; } .drawing .stat .note { font-size: 12px; }
.bar-of-controls { display: flex; flex-wrap: wrap; gap: 10px 24px; justify-content: space-between; align-items: center; margin: 0 0 18px; }
.legend { align-items: center; }
.legend svg { vertical-align: -3px; margin-right: 8px; }
.controls { display: flex; gap: 6px; } .controls[hidden] { display: none; }
button { font: inherit; font-size: 13px; color: var(--ink); background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 3px 10px; cursor: pointer; }
button:hover { border-color: var(--muted); }
button:focus-visible, summary:focus-visible, .strip svg:focus-visible { outline: 2px solid var(--train); outline-offset: -2px; border-radius: 6px; }
.net { overflow-x: auto; overflow-y: hidden; font-size: 12.5px; line-height: 1.2; }
.row { display: grid; grid-template-columns: var(--piece) repeat(4, minmax(66px, 1fr)); align-items: center; padding-right: 12px; }
.row > svg { display: block; overflow: visible; }
.row.heads { color: var(--muted); padding-bottom: 6px; border-bottom: 1px solid var(--rule); margin-bottom: 6px; }
.row.layer > .c { padding-top: 7px; }
.c { position: relative; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 8px; }
.c.faint { color: var(--muted); }
.c i { position: absolute; right: 0; bottom: -5px; width: calc(var(--share, 0) * (100% - 12px)); height: 3px; border-radius: 2px; background: var(--right-2); }
.row.heading .c { font-weight: 600; align-self: start; margin-top: 9px; }
.row.strip { align-items: start; }
.row.box:hover .block, .row.layer:hover .pill { stroke: var(--muted); }
.notes { grid-column: 2 / -1; padding: 12px 0 0 26px; color: var(--muted); } .notes p { margin: 0 0 5px; }
summary { list-style: none; cursor: pointer; } summary::-webkit-details-marker { display: none; }
details[open] > summary > .closed, details:not([open]) > summary > .opened { display: none; }
details.of-dense > summary > .opened { display: block; }
details.of-dense[open] + .closed-strip { display: none; }
.band { background: var(--panel); } .band.top { border-radius: 9px 9px 0 0; } .band.bottom { border-radius: 0 0 9px 9px; }
.band details[open] > summary > .opened > .band, .band details[open] > .band { background: color-mix(in srgb, var(--panel), var(--ink) 5%); }
.fold { fill: none; stroke: var(--muted); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
summary:hover .fold { stroke: var(--ink); }
#tip { position: fixed; z-index: 2; max-width: min(340px, calc(100vw - 16px)); padding: 9px 12px; border-radius: 8px; background: var(--ink); color: var(--page); font-size: 12.5px; line-height: 1.45; pointer-events: none; overflow-wrap: anywhere; }
#tip strong, #tip span { display: block; } #tip[hidden] { display: none; }
.pair-of-networks .row { grid-template-columns: var(--piece) minmax(88px, 1.2fr) minmax(80px, 1fr) minmax(66px, 1fr); }
.pair-of-networks .row > .c:nth-child(n + 5) { display: none; }
@media (max-width: 1180px) { .pair-of-networks .row { grid-template-columns: var(--piece) minmax(76px, 1fr); } .pair-of-networks .row > .c:nth-child(n + 3), .pair-of-networks .notes { display: none; } }
@media (max-width: 900px) { .pair-of-networks .networks { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 620px) {
  .row, .pair-of-networks .row { grid-template-columns: var(--piece) minmax(min-content, 1fr); padding-right: 6px; font-size: 10.5px; }
  .row > .c:nth-child(n + 3), .row .notes { display: none; }
  .drawing { padding-left: 8px; padding-right: 8px; } .c { padding-left: 0; } .c.shape { white-space: normal; }
  .drawing .data { font-size: 15px; }
  .drawing .stat { padding: 8px 10px; } .drawing .stat strong { font-size: 15px; } .drawing .stat .label { font-size: 12px; }
  .drawing .stat .note { font-size: 11px; }
}
@media print {
  .controls, #tip, footer { display: none; }
  main { padding: 0; }
  .row { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
