/** A drawing's parts as rows of HTML that open and close without a script: each piece is an SVG of its own, one below the other. */
import { element, type PageElement } from '../element.ts';
import { cellsOf, factsOf, sharesOf, stripNotes } from './facts.ts';
import {
  canOpen,
  closedPiece,
  columnsOf,
  gapPiece,
  headingPiece,
  type IsOpen,
  inputPiece,
  outputPiece,
  type Piece,
} from './layout.ts';
import type { DrawnPart, NetworkDrawing } from './network-drawing.ts';
import { pieceMarks } from './piece.ts';

/** Blocks of a longer run are drawn closed only: the first is like all the others, and can be opened. */
const openRun = 60;

/** All rows from the image to the logits. */
export function foldable(drawing: NetworkDrawing, isOpen: IsOpen): PageElement[] {
  return [
    row(inputPiece, drawing),
    ...drawing.parts.flatMap((part) => rowsOf(part, drawing, { isOpen, level: 0, mayOpen: true })),
    row(outputPiece(drawing), drawing),
  ];
}

interface Folding {
  readonly isOpen: IsOpen;
  readonly level: number;
  readonly mayOpen: boolean;
}

function rowsOf(part: DrawnPart, drawing: NetworkDrawing, folding: Folding): PageElement[] {
  const { isOpen, level, mayOpen } = folding;
  if (!canOpen(part) || !mayOpen) return [row(closedPiece(part, drawing), drawing)];
  const { kind, parts, first, last } = part;
  const isShort = kind !== 'run' || parts.length <= openRun;
  const inner = parts.flatMap((own, at) =>
    rowsOf(own, drawing, { isOpen, level: level + 1, mayOpen: isShort || at === 0 }),
  );
  const gap = (at: number, height: number) => row(gapPiece(at, height), drawing);
  const opened = element(
    'div',
    { class: 'opened' },
    gap(first, 6),
    band('top', row(headingPiece(part), drawing, true)),
  );
  const content = [band('', ...inner), band('bottom', gap(last + 1, 8)), gap(last + 1, 6)];
  const label = { 'aria-label': factsOf(part).replaceAll('\n', ', ') };
  const isDense = kind === 'dense';
  const closed = isDense ? [] : [element('div', { class: 'closed' }, row(closedPiece(part, drawing), drawing, true))];
  const details = element(
    'details',
    { class: `part of-${kind}`, ...(isOpen(part, level) && { open: '' }) },
    element('summary', label, ...closed, opened),
    ...content,
  );
  if (!isDense) return [details];
  const strip = [
    band('', row(closedPiece(part, drawing), drawing)),
    band('bottom', gap(last + 1, 8)),
    gap(last + 1, 6),
  ];
  return [details, element('div', { class: 'closed-strip' }, ...strip)];
}

const band = (end: 'top' | 'bottom' | '', ...rows: readonly PageElement[]) =>
  element('div', { class: `band ${end}`.trim() }, ...rows);

/** A piece and its cells. In a summary, which has a label of its own, they are for the eye alone. */
function row(piece: Piece, drawing: NetworkDrawing, isSummary = false): PageElement {
  const { part, kind, height } = piece;
  const { width, left, box } = columnsOf(drawing);
  const marks = pieceMarks(piece, drawing, 'data-tip');
  if (isSummary) marks.push(sign(piece, left, box));
  const svg = element(
    'svg',
    {
      width: String(width),
      height: String(height),
      viewBox: `0 0 ${width} ${height}`,
      ...(kind === 'strip'
        ? { tabindex: '0', role: 'group', 'aria-label': `${part?.name}: layers, by the arrow keys` }
        : isSummary && { 'aria-hidden': 'true' }),
    },
    ...marks,
  );
  const shares = part && (kind !== 'heading' || part.kind === 'dense') ? sharesOf(part, drawing) : [0, 0];
  const cells = part
    ? cellsOf(part, kind).map((words, at) => cell(words, at === 1 || at === 2 ? (shares[at - 1] ?? 0) : 0))
    : [];
  const beside =
    kind === 'strip' && part
      ? [element('div', { class: 'notes' }, ...stripNotes(part).map((words) => element('p', {}, words)))]
      : cells;
  return element(
    'div',
    { class: `row ${kind}`, ...(part && kind !== 'strip' && { 'data-tip': factsOf(part) }) },
    svg,
    ...beside,
  );
}

const cell = (words: string, share: number): PageElement =>
  element(
    'span',
    { class: words === '–' ? 'c faint' : 'c' },
    words,
    ...(share > 0.004 ? [element('i', { style: `width: ${(100 * share).toFixed(1)}%` })] : []),
  );

/** The sign that a part opens or closes. */
function sign({ kind, height }: Piece, left: number, box: number): PageElement {
  const [x, y, d] =
    kind === 'heading' ? [left - 14, 14, 'M0,0L4,5L8,0'] : [left + box - 17, height > 60 ? 22 : 16, 'M0,0L5,4L0,8'];
  return element('path', { class: 'fold', transform: `translate(${x} ${y})`, d });
}
