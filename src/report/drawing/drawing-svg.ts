/** Drawings as one SVG file that any viewer opens: no script, no font, names as text. */
import { element, type PageElement, titleElement } from '../page/element.ts';
import { count, shortened } from '../page/quantity.ts';
import { type ScaledDrawing, scaled, sharesOf } from './bars.ts';
import { drawingStyle } from './drawing-style.ts';
import { cellHeads, cellsOf, factsOf, stripNotes, totalsOf } from './facts.ts';
import {
  boxHeight,
  boxTop,
  columnsOf,
  type IsOpen,
  type Layout,
  layOut,
  openAtFirst,
  type PlacedPiece,
} from './layout.ts';
import { type LegendEntry, legendOf } from './legend.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { pieceMarks } from './piece.ts';
import { box, number } from './wires.ts';

const cellWidths = [92, 92, 74, 82];
const margin = 28;
const head = 104;
const between = 36;

/** Options of `drawingSvg` and `drawingPage`. */
export interface DrawingOptions {
  /** Which parts are opened; default: stages are, blocks are not. */
  readonly isOpen?: IsOpen;
}

/** One network, or several beside each other at the same scale. */
export function drawingSvg(drawings: readonly NetworkDrawing[], { isOpen = openAtFirst }: DrawingOptions = {}): string {
  const layouts = drawings.map((drawing) => layOut(drawing, isOpen));
  const widths = drawings.map((drawing) => columnsOf(drawing).width + sum(cellWidths) + 12);
  const legend = legendOf(drawings);
  const legendHeight = legend.length * 18 + 14;
  const height = margin + head + Math.max(...layouts.map((layout) => layout.height)) + legendHeight + margin;
  const width = 2 * margin + sum(widths) + between * (drawings.length - 1);
  let x = margin;
  const bodies = drawings.map((drawing, at) => {
    const own = widths[at] as number;
    const made = shifted(
      x,
      margin,
      ...header(drawing, own),
      shifted(0, head, ...body(scaled(drawing, isOpen), layouts[at] as Layout, own)),
    );
    x += own + between;
    return made;
  });
  const title = drawings.map(({ name }) => name).join(' and ');
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${number(width)} ${number(height)}`,
      width: number(width),
      height: number(height),
      role: 'img',
    },
    titleElement(title),
    element('style', {}, drawingStyle),
    element('rect', { class: 'page', width: '100%', height: '100%' }),
    ...bodies,
    shifted(margin, height - margin - legendHeight + 14, ...legendMarks(legend)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${wellFormed(svg.outerHTML)}\n`;
}

function header(drawing: NetworkDrawing, width: number): PageElement[] {
  const { name, input, classes, depth } = drawing;
  const totals = totalsOf(drawing).map(([label, value]) => `${value} ${label}`);
  return [
    element('text', { x: '0', y: '22', style: 'font-size:24px;font-weight:680' }, shortened(name, 44)),
    element(
      'text',
      { class: 'subtitle', x: '0', y: '44' },
      `images of ${input.join('×')}, ${count(classes)} classes, ${count(depth)} layers deep`,
    ),
    element('text', { x: '0', y: '64' }, totals.slice(0, 3).join(' · ')),
    ...cellHeads.map((words, i) =>
      element('text', { class: 'cell faint', x: number(cellX(drawing, i)), y: '94' }, words),
    ),
    element('rect', { class: 'bar', ...box(0, 101, width, 0.8) }),
  ];
}

const cellX = (drawing: NetworkDrawing, at: number): number =>
  columnsOf(drawing).width + sum(cellWidths.slice(0, at + 1));

function body(drawing: ScaledDrawing, { pieces, frames }: Layout, width: number): PageElement[] {
  const bands = frames.map(({ y, height, level }) =>
    element('rect', {
      class: level > 0 ? 'frame inner' : 'frame',
      ...box(level * 5, y, width - level * 10, height),
      rx: '8',
    }),
  );
  return [...bands, ...pieces.map((piece) => placed(piece, drawing))];
}

function placed(piece: PlacedPiece, drawing: ScaledDrawing): PageElement {
  const { part, kind, y } = piece;
  const marks = pieceMarks(piece, drawing, 'title');
  if (!part) return shifted(0, y, ...marks);
  const notes = kind === 'strip' ? stripNotes(part) : [];
  const noteMarks = notes.map((words, i) =>
    element('text', { class: 'note', x: number(columnsOf(drawing).width + 22), y: number(24 + 17 * i) }, words),
  );
  const cells = cellsOf(part, kind).flatMap((words, i) => cellMarks(words, i, piece, drawing));
  return shifted(0, y, titleElement(factsOf(part)), ...marks, ...noteMarks, ...cells);
}

function cellMarks(
  words: string,
  at: number,
  { kind, part, height }: PlacedPiece,
  drawing: ScaledDrawing,
): PageElement[] {
  if (words === '' || !part) return [];
  const x = cellX(drawing, at);
  const y =
    kind === 'heading'
      ? 21
      : kind === 'layer'
        ? 7 + (height - 7) / 2 + 4
        : kind === 'box'
          ? boxTop(part, drawing.arcs) + boxHeight(part) / 2 + 4
          : height / 2;
  const strong = kind === 'heading' ? ' strong' : '';
  const share =
    at > 0 && at < 3 && (kind !== 'heading' || part.kind === 'dense') ? (sharesOf(part, drawing)[at - 1] ?? 0) : 0;
  const bar = (cellWidths[at] as number) - 16;
  return [
    element('text', { class: `cell${strong}${words === '–' ? ' faint' : ''}`, x: number(x), y: number(y) }, words),
    ...(share > 0.004
      ? [element('rect', { class: 'bar', ...box(x - bar * share, y + 5, bar * share, 2.5), rx: '1' })]
      : []),
  ];
}

function legendMarks(entries: readonly LegendEntry[]): PageElement[] {
  return entries.flatMap(({ kind, words }, i) => {
    const y = i * 18;
    const sample =
      kind === 'dense'
        ? [
            element('rect', { class: 'read', ...box(0, y - 4, 18, 8) }),
            element('rect', { class: 'grown', ...box(18, y - 4, 8, 8) }),
          ]
        : [element('path', { class: `wire ${kind}`, d: `M0,${y}H26` })];
    return [...sample, element('text', { class: 'note', x: '36', y: number(y + 4) }, words)];
  });
}

const shifted = (x: number, y: number, ...children: readonly PageElement[]) =>
  element('g', { transform: `translate(${number(x)} ${number(y)})` }, ...children);

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/** What HTML allows and XML does not: a named space, and characters that no XML file may hold. */
const wellFormed = (text: string): string =>
  text
    .replaceAll('&nbsp;', '&#160;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
