/** A drawing's parts as rows of HTML that open and close without a script: each piece is an SVG of its own, one below the other. */
import { element, type PageElement } from '../page/element.ts';
import { type ScaledDrawing, scaled, sharesOf } from './bars.ts';
import type { DrawnPart } from './drawn-part.ts';
import { cellsOf, factsOf, stripNotes } from './facts.ts';
import {
  boxTop,
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
import type { NetworkDrawing } from './network-drawing.ts';
import { partsIn } from './parts-in.ts';
import { pieceMarks } from './piece.ts';

/** Blocks of a longer run are drawn closed only: the first is like all the others, and can be opened. */
const openRun = 60;

/** All rows from the image to the logits. */
export function foldable(given: NetworkDrawing, isOpen: IsOpen): PageElement[] {
  const alwaysClosed = new Set<DrawnPart>();
  for (const { kind, parts } of partsIn(given.parts))
    if (kind === 'run' && parts.length > openRun) for (const part of parts.slice(1)) alwaysClosed.add(part);
  const drawing = scaled(given, (part, level) => !alwaysClosed.has(part) && isOpen(part, level));
  const folding: Folding = { isOpen, alwaysClosed, level: 0 };
  return [
    row(inputPiece, drawing),
    ...drawing.parts.flatMap((part) => rowsOf(part, drawing, folding)),
    row(outputPiece(drawing), drawing),
  ];
}

interface Folding {
  readonly isOpen: IsOpen;
  readonly alwaysClosed: ReadonlySet<DrawnPart>;
  readonly level: number;
}

function rowsOf(part: DrawnPart, drawing: ScaledDrawing, folding: Folding): PageElement[] {
  const { isOpen, alwaysClosed, level } = folding;
  if (!canOpen(part) || alwaysClosed.has(part)) return [row(closedPiece(part, drawing), drawing)];
  const { kind, parts, first, last } = part;
  const inner = parts.flatMap((own) => rowsOf(own, drawing, { ...folding, level: level + 1 }));
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
function row(piece: Piece, drawing: ScaledDrawing, isSummary = false): PageElement {
  const { part, kind, height } = piece;
  const { width, left, box } = columnsOf(drawing);
  const marks = pieceMarks(piece, drawing, 'data-tip');
  if (isSummary) marks.push(sign(piece, left, box, drawing));
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
  const hasBars = kind !== 'heading' || part?.kind === 'dense';
  const shares = part ? sharesOf(part, drawing) : [];
  const amounts = part ? [part.params, part.macs] : [];
  const cells = part
    ? cellsOf(part, kind).map((words, at) => {
        if (at === 0) return outputCell(words);
        return hasBars && (at === 1 || at === 2)
          ? barCell(words, shares[at - 1] ?? 0, amounts[at - 1] ?? 0)
          : cell(words);
      })
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

const cell = (words: string, ...more: readonly PageElement[]): PageElement =>
  element('span', { class: words === '–' ? 'c faint' : 'c' }, words, ...more);

/** A cell with a bar, which the script measures anew when rows open or close; without it a row that is closed later has none. */
function barCell(words: string, share: number, amount: number): PageElement {
  if (amount === 0 || words === '') return cell(words);
  const style = share > 0.004 && share <= 1 ? { style: `--share: ${share.toFixed(3)}` } : {};
  return cell(words, element('i', { 'data-amount': String(amount), ...style }));
}

/** An output's shape: where it does not fit into a line it breaks after the channels, and nowhere else. */
function outputCell(words: string): PageElement {
  const [channels = '', ...map] = words.split('×');
  if (map.length === 0) return cell(words);
  return element('span', { class: 'c shape' }, `${channels}×`, element('wbr', {}), map.join('×'));
}

/** The sign that a part opens or closes. */
function sign({ kind, part }: Piece, left: number, box: number, { arcs }: NetworkDrawing): PageElement {
  const [x, y, d] =
    kind === 'heading'
      ? [left - 14, 14, 'M0,0L4,5L8,0']
      : [left + box - 17, boxTop(part as DrawnPart, arcs) + 8, 'M0,0L5,4L0,8'];
  return element('path', { class: 'fold', transform: `translate(${x} ${y})`, d });
}
