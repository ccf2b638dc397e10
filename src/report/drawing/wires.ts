/** The lines of a piece: its stretch of the spine, and what the arcs of the network do beside it. */
import { path } from 'd3-path';
import { element, type PageElement } from '../page/element.ts';
import type { DrawnArc } from './drawn-arc.ts';
import { type Columns, laneX, type Piece } from './layout.ts';

const corner = 8;

/** Where a piece's shape stands, for lines that end at it. */
export interface Anchor {
  /** Arcs that begin here leave the spine at this height. */
  readonly above: number;
  /** Arcs that end here arrive at this height, … */
  readonly at: number;
  /** … and at this x. */
  readonly x: number;
}

/** Lines of arcs that begin, end or pass beside a piece; those within it are its own matter. */
export function arcLines(piece: Piece, arcs: readonly DrawnArc[], columns: Columns, anchor: Anchor): PageElement[] {
  const { first, last, height } = piece;
  return arcs.flatMap((arc) => {
    const x = laneX(columns, arc.lane);
    const [begins, ends] = [arc.start >= first && arc.start <= last, arc.end >= first && arc.end <= last];
    const line = path();
    if (begins && ends) return [];
    if (begins) {
      const inside = arc.start > first;
      const y = inside ? anchor.at : anchor.above;
      line.moveTo(inside ? columns.left : columns.centre, y);
      line.lineTo(x + corner, y);
      line.quadraticCurveTo(x, y, x, Math.min(y + corner, height));
      line.lineTo(x, height);
    } else if (ends) {
      line.moveTo(x, 0);
      line.lineTo(x, anchor.at - corner);
      line.quadraticCurveTo(x, anchor.at, x + corner, anchor.at);
      line.lineTo(anchor.x - 5, anchor.at);
      return [wire(arc.kind, line.toString(), 1), arrow(arc.kind, anchor.x, anchor.at)];
    } else if (arc.start < first && arc.end > last) {
      line.moveTo(x, 0);
      line.lineTo(x, height);
    } else return [];
    return [wire(arc.kind, line.toString())];
  });
}

/** An arc around the box of a closed block: from the spine above it into the join below. */
export function loop(
  arc: DrawnArc,
  columns: Columns,
  from: number,
  to: number,
  target: number,
  count: number,
): PageElement[] {
  const x = laneX(columns, 0);
  const line = path();
  line.moveTo(columns.centre, from);
  line.lineTo(x + corner, from);
  line.quadraticCurveTo(x, from, x, from + corner);
  line.lineTo(x, to - corner);
  line.quadraticCurveTo(x, to, x + corner, to);
  line.lineTo(target - 5, to);
  return [wire(arc.kind, line.toString(), count), arrow(arc.kind, target, to), ...badge(arc, x, (from + to) / 2)];
}

/** A small sign on an arc: the kernel of its projection, or 0 for zero padding. */
function badge({ kind, label }: DrawnArc, x: number, y: number): PageElement[] {
  if (kind !== 'projection' && kind !== 'padding') return [];
  const word = kind === 'padding' ? '0' : (/\d+×\d+(?= conv)/.exec(label)?.[0] ?? 'W');
  const half = word.length > 1 ? 13 : 8;
  return [
    element('rect', { class: `badge ${kind}`, ...box(x - half, y - 8, 2 * half, 16), rx: '4' }),
    element('text', { class: 'sign', x: number(x), y: number(y + 3.5) }, word),
  ];
}

/** What an arc is, along its line. */
export function arcLabel({ label, lane }: DrawnArc, columns: Columns, y: number): PageElement[] {
  if (label === '') return [];
  const x = laneX(columns, lane) - 6;
  const turn = `rotate(-90 ${number(x)} ${number(y)})`;
  return [element('text', { class: 'along', x: number(x), y: number(y), transform: turn }, label)];
}

/** A line of an arc. `count` says how many arcs of the network it completes. */
const wire = (kind: string, d: string, count = 0): PageElement =>
  element('path', { class: `wire ${kind}`, d, ...(count > 0 && { 'data-arcs': String(count) }) });

function arrow(kind: string, x: number, y: number): PageElement {
  const tip = path();
  tip.moveTo(x, y);
  tip.lineTo(x - 7, y - 3.5);
  tip.lineTo(x - 7, y + 3.5);
  tip.closePath();
  return element('path', { class: `tip ${kind}`, d: tip.toString() });
}

/** The spine from one height to another; with a tip where it enters something. */
export function spine({ centre }: Columns, from: number, to: number, tip = false): PageElement[] {
  const line = path();
  line.moveTo(centre, from);
  line.lineTo(centre, tip ? to - 4 : to);
  const drawn = [element('path', { class: 'spine', d: line.toString() })];
  if (!tip) return drawn;
  const head = path();
  head.moveTo(centre, to);
  head.lineTo(centre - 3.5, to - 6);
  head.lineTo(centre + 3.5, to - 6);
  head.closePath();
  return [...drawn, element('path', { class: 'head', d: head.toString() })];
}

/** Coordinates as short text. */
export const number = (n: number): string => String(Math.round(n * 100) / 100);

/** Attributes of a rectangle. */
export const box = (x: number, y: number, width: number, height: number): Record<string, string> => ({
  x: number(x),
  y: number(y),
  width: number(width),
  height: number(height),
});
