/** Where everything stands: a drawing is a stack of pieces, each of a fixed height, that share a spine and the lanes beside it. */
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnPart } from './drawn-part.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { wrapped } from './wrapped.ts';

/** What is drawn of a part: all of it in one box, a heading over its opened parts, or one layer. */
export type PieceKind = 'input' | 'output' | 'gap' | 'box' | 'heading' | 'strip' | 'layer' | 'join';

/** One piece of the stack. */
export interface Piece {
  readonly kind: PieceKind;
  readonly part?: DrawnPart;
  /** The layers that it stands for; a heading and a gap stand before `first` and have `last` = `first` − 1. */
  readonly first: number;
  readonly last: number;
  readonly height: number;
}

export interface PlacedPiece extends Piece {
  /** Its upper edge. */
  readonly y: number;
  /** How many opened parts it stands in. */
  readonly level: number;
}

/** A frame around an opened part. */
export interface PlacedFrame {
  readonly part: DrawnPart;
  readonly y: number;
  readonly height: number;
  readonly level: number;
}

export interface Layout {
  readonly pieces: readonly PlacedPiece[];
  readonly frames: readonly PlacedFrame[];
  readonly height: number;
}

/** Widths that all pieces of a drawing share. */
export interface Columns {
  /** Left edge of the boxes. */
  readonly left: number;
  readonly box: number;
  /** The spine. */
  readonly centre: number;
  readonly width: number;
}

const laneStep = 11;

/** Room for the lanes, then the boxes. */
export function columnsOf({ lanes }: Pick<NetworkDrawing, 'lanes'>): Columns {
  const left = 24 + laneStep * Math.max(2, lanes);
  const box = 236;
  return { left, box, centre: left + box / 2, width: left + box + 10 };
}

/** Where a lane's line stands. */
export const laneX = ({ left }: Columns, lane: number): number => left - 14 - laneStep * lane;

const joins = new Set(['add', 'concat', 'multiply', 'subtract', 'divide']);

const isJoin = ({ op, params }: DrawnPart): boolean => op !== undefined && joins.has(op) && params === 0;

/** Which parts are opened; the level is the number of parts that it stands in. */
export type IsOpen = (part: DrawnPart, level: number) => boolean;

/** Where nothing else is asked for: groups are open, what a box can say is not. */
export const openAtFirst: IsOpen = ({ kind }) => kind === 'group';

/** Parts that a reader can open. */
export const canOpen = ({ parts }: DrawnPart): boolean => parts.length > 0;

const rowHeight = (rows: number) => Math.max(6, Math.min(16, Math.round(240 / rows)));

/** The height of a row of a dense block's strip. */
export const stripRow = ({ strip }: DrawnPart): number => rowHeight(strip?.rows.length ?? 1);

/** A part in one piece. */
export function closedPiece(part: DrawnPart, { arcs }: NetworkDrawing): Piece {
  const { kind, first, last } = part;
  if (kind === 'dense')
    return { kind: 'strip', part, first, last, height: stripRow(part) * (part.strip?.rows.length ?? 0) + 22 };
  if (kind === 'layer')
    return { kind: isJoin(part) ? 'join' : 'layer', part, first, last, height: isJoin(part) ? 24 : 29 };
  const isAround = loopsOf(part, arcs).length > 0;
  const height = boxTop(part, arcs) + boxHeight(part) + (isAround ? 20 : 4) + (kind === 'run' ? 8 : 0);
  return { kind: 'box', part, first, last, height };
}

/** The lines below a closed part's name. */
export const boxLines = ({ kind, label, parts }: DrawnPart): string[] =>
  kind === 'group' ? [counted(parts)] : wrapped(label, 34, 3);

/** `3 blocks`, `4 layers`. */
export function counted(parts: readonly DrawnPart[]): string {
  const blocks = parts.reduce((sum, { kind, parts: inner }) => sum + (kind === 'run' ? inner.length : 1), 0);
  const all = (...kinds: string[]) => parts.every(({ kind }) => kinds.includes(kind));
  const what = all('block', 'run') ? 'block' : all('layer') ? 'layer' : 'part';
  return `${blocks} ${what}${blocks === 1 ? '' : 's'}`;
}

/** Where a closed part's box begins in its piece: a shortcut needs room above it. */
export const boxTop = (part: DrawnPart, arcs: readonly DrawnArc[]): number => (loopsOf(part, arcs).length > 0 ? 14 : 8);

/** The height of a closed part's box. */
export const boxHeight = (part: DrawnPart): number => 24 + 14 * boxLines(part).length;

/** The shortcuts that a closed block shows around its box, the longest last; a closed stage shows none. */
export function loopsOf({ kind, first, last }: DrawnPart, arcs: readonly DrawnArc[]): DrawnArc[] {
  if (kind !== 'block' && kind !== 'run') return [];
  return arcs
    .filter(({ kind: way, start, end }) => way !== 'inner' && start >= first && end <= last)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
}

/** What stands over an opened part, or over the strip of a dense block. */
export const headingPiece = (part: DrawnPart): Piece => ({
  kind: 'heading',
  part,
  first: part.first,
  last: part.first - 1,
  height: 34,
});

/** The end of a frame, or the space before a part. */
export const gapPiece = (first: number, height = 10): Piece => ({ kind: 'gap', first, last: first - 1, height });

export const inputPiece: Piece = { kind: 'input', first: -1, last: -1, height: 34 };

export const outputPiece = ({ parts }: NetworkDrawing): Piece => {
  const after = (parts.at(-1)?.last ?? -1) + 1;
  return { kind: 'output', first: after, last: after, height: 40 };
};

/** All pieces from the image to the logits, with the parts opened that `isOpen` names. */
export function layOut(drawing: NetworkDrawing, isOpen: IsOpen = openAtFirst): Layout {
  const pieces: PlacedPiece[] = [];
  const frames: PlacedFrame[] = [];
  let y = 0;
  const put = (piece: Piece, level: number) => {
    pieces.push({ ...piece, y, level });
    y += piece.height;
  };
  const putPart = (part: DrawnPart, level: number) => {
    const opened = canOpen(part) && isOpen(part, level);
    const framed = opened || part.kind === 'dense';
    if (!framed) {
      put(closedPiece(part, drawing), level);
      return;
    }
    put(gapPiece(part.first, 6), level);
    const top = y;
    const at = frames.push({ part, y: top, height: 0, level }) - 1;
    put(headingPiece(part), level + 1);
    if (opened) for (const inner of part.parts) putPart(inner, level + 1);
    else put(closedPiece(part, drawing), level + 1);
    put(gapPiece(part.last + 1, 8), level + 1);
    frames[at] = { part, y: top, height: y - top, level };
    put(gapPiece(part.last + 1, 6), level);
  };
  put(inputPiece, 0);
  for (const part of drawing.parts) putPart(part, 0);
  put(outputPiece(drawing), 0);
  return { pieces, frames, height: y };
}
