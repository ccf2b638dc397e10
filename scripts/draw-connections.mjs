/**
 * Draws docs/connections.svg: how a plain, a residual and a dense block pass features on.
 * usage: node scripts/draw-connections.mjs
 */
import { writeFileSync } from 'node:fs';

const layers = 5;
const top = 92;
const step = 66;
const box = { width: 96, height: 30 };
const ink = '#24292f';
const arcs = { plain: '#8c959f', residual: '#d1570a', dense: '#0a66c2' };

const y = (i) => top + i * step;
const label = (x, at, text, extra = '') => `<text x="${x}" y="${at}" text-anchor="middle" ${extra}>${text}</text>`;

function layer(x, i, text) {
  return `<rect x="${x - box.width / 2}" y="${y(i) - box.height / 2}" width="${box.width}" height="${box.height}" rx="6" fill="#fff" stroke="${ink}"/>${label(x, y(i) + 4.5, text)}`;
}

const straight = (x, i, color) =>
  `<line x1="${x}" y1="${y(i) + box.height / 2}" x2="${x}" y2="${y(i + 1) - box.height / 2 - 6}" stroke="${color}" stroke-width="1.6" marker-end="url(#tip)"/>`;

/** From below layer i around to above layer j; what starts `late` starts below what ends there. */
function arc(x, i, j, color, lane, late) {
  const [from, to] = [y(i) + box.height / 2 + (late ? 25 : 7), y(j) - box.height / 2 - 19];
  const out = x + box.width / 2 + lane;
  return `<path d="M ${x} ${from} C ${out} ${from}, ${out} ${from}, ${out} ${(from + to) / 2} S ${out} ${to}, ${x + 5} ${to}" fill="none" stroke="${color}" stroke-width="1.6" marker-end="url(#tip)"/>`;
}

function panel(x, title, formula, color, shortcuts, names) {
  const parts = [
    label(x, 30, title, 'font-weight="600" font-size="17"'),
    label(x, 54, formula, 'font-size="13" fill="#57606a"'),
  ];
  for (let i = 0; i < layers; i++) parts.push(straight(x, i, ink));
  for (const [from, to, lane, late] of shortcuts) parts.push(arc(x, from, to, color, lane, late));
  for (let i = 0; i <= layers; i++) parts.push(layer(x, i, names[i]));
  return parts.join('\n');
}

const names = ['input', 'layer 1', 'layer 2', 'layer 3', 'layer 4', 'output'];
const residual = [
  [0, 3, 34, false],
  [2, 5, 34, true],
];
const dense = [];
for (let from = 0; from < layers - 1; from++)
  for (let to = from + 2; to <= layers; to++) dense.push([from, to, 8 + 15 * (to - from - 1) + 3 * from, false]);

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 450" font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" font-size="14" fill="${ink}" role="img" aria-label="Plain, residual and dense connections between layers">
<title>Plain, residual and dense connections</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>
<rect width="780" height="450" rx="10" fill="#f6f8fa"/>
${panel(130, 'plain', 'x₂ = F(x₀)', arcs.plain, [], names)}
${panel(375, 'residual', 'x₂ = x₀ + F(x₀)', arcs.residual, residual, names)}
${panel(620, 'dense', 'x₂ = H([x₀, x₁])', arcs.dense, dense, names)}
</svg>
`;
writeFileSync(new URL('../docs/connections.svg', import.meta.url), svg);
