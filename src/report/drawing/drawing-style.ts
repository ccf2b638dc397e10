/** Colours of a drawing, for light and dark; written out instead of as variables, which some viewers of SVG do not know. */

interface Palette {
  readonly page: string;
  readonly panel: string;
  readonly panel2: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly block: string;
  readonly weighty: string;
  readonly weightyRule: string;
  readonly pool: string;
  readonly poolRule: string;
  readonly identity: string;
  readonly projection: string;
  readonly concat: string;
  readonly dense: string;
  readonly denseLight: string;
  readonly kept: string;
}

const light: Palette = {
  page: '#fcfcfb',
  panel: '#f3f4f2',
  panel2: '#eaecea',
  ink: '#1c2024',
  muted: '#5b646d',
  rule: '#c9cecb',
  block: '#ffffff',
  weighty: '#e4eef8',
  weightyRule: '#93bce3',
  pool: '#fdf0e4',
  poolRule: '#f0b98c',
  identity: '#0f6cbd',
  projection: '#c2500a',
  concat: '#1a7f5a',
  dense: '#0f6cbd',
  denseLight: '#d3e5f6',
  kept: '#dfe3e1',
};

const dark: Palette = {
  page: '#14171a',
  panel: '#1d2125',
  panel2: '#262b30',
  ink: '#e8eaec',
  muted: '#a0a9b2',
  rule: '#49515a',
  block: '#14171a',
  weighty: '#1a2c3f',
  weightyRule: '#3d6e9f',
  pool: '#33241a',
  poolRule: '#8a5a35',
  identity: '#6cb2f7',
  projection: '#ff9f58',
  concat: '#5cc99a',
  dense: '#6cb2f7',
  denseLight: '#1f3a56',
  kept: '#343a40',
};

const colours = (p: Palette): string => `
.page { fill: ${p.page}; }
.frame { fill: ${p.panel}; } .frame.inner { fill: ${p.panel2}; }
text { fill: ${p.ink}; } .words, .note, .count, .along, .cell.faint, .subtitle { fill: ${p.muted}; }
.spine, .join { stroke: ${p.muted}; } .head { fill: ${p.muted}; } .join { fill: ${p.block}; }
.block { fill: ${p.block}; stroke: ${p.rule}; }
.weighty { fill: ${p.weighty}; stroke: ${p.weightyRule}; } .pool { fill: ${p.pool}; stroke: ${p.poolRule}; }
.light { fill: ${p.block}; stroke: ${p.rule}; } .pill.end { fill: ${p.block}; stroke: ${p.muted}; }
.wire.identity { stroke: ${p.identity}; } .tip.identity { fill: ${p.identity}; }
.wire.projection, .wire.padding { stroke: ${p.projection}; } .tip.projection, .tip.padding { fill: ${p.projection}; }
.wire.concat { stroke: ${p.concat}; } .tip.concat { fill: ${p.concat}; }
.wire.inner { stroke: ${p.muted}; } .tip.inner { fill: ${p.muted}; }
.badge { fill: ${p.block}; stroke: ${p.projection}; }
.kept { fill: ${p.kept}; } .read { fill: ${p.denseLight}; } .grown { fill: ${p.dense}; } .fan { stroke: ${p.page}; }
.bar { fill: ${p.weightyRule}; } .hairline { stroke: ${p.rule}; }
.dense-row:hover .kept, .dense-row.on .kept { fill: ${p.muted}; } .dense-row:hover .read, .dense-row.on .read { fill: ${p.weightyRule}; }
.edge { stroke: ${p.projection}; } .dot { fill: ${p.projection}; }
`;

/** Rules of the drawing itself, in light colours. */
export const drawingRules = `
svg { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif; }
text { font-size: 12px; }
.title { font-size: 14px; font-weight: 650; } .name { font-size: 12.5px; font-weight: 600; }
.words, .note { font-size: 11.5px; font-weight: 400; } .count { font-size: 9.5px; text-anchor: end; } .along { font-size: 10.5px; text-anchor: middle; }
.label { font-size: 11.5px; text-anchor: middle; } .sign { font-size: 11px; text-anchor: middle; } .times { font-size: 12.5px; font-weight: 650; text-anchor: end; }
.spine, .wire { fill: none; } .spine { stroke-width: 1.4; } .wire { stroke-width: 1.8; }
.wire.projection { stroke-dasharray: 6 3; } .wire.padding { stroke-dasharray: 1.6 3.2; stroke-linecap: round; }
.wire.inner { stroke-width: 1.2; } .join, .block, .pill, .badge { stroke-width: 1.1; }
.fan { fill: none; stroke-width: 0.8; } .hit { fill: transparent; }
.cell { font-size: 11.5px; text-anchor: end; } .cell.strong { font-weight: 600; }
.edge { fill: none; stroke-width: 1.4; }
${colours(light)}`;

/** What is otherwise in the dark. */
export const darkDrawing = colours(dark);

/** Rules of a drawing that is a file of its own. */
export const drawingStyle = `${drawingRules}@media (prefers-color-scheme: dark) {${darkDrawing}}
`;
