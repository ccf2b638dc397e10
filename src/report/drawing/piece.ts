/** One piece of a drawing as SVG elements, from its own upper edge down. */
import { element, type PageElement } from '../page/element.ts';
import { shortened, columns as textColumns } from '../page/quantity.ts';
import type { DrawnArc } from './drawn-arc.ts';
import type { DrawnPart } from './drawn-part.ts';
import { boxHeight, boxLines, boxTop, type Columns, columnsOf, counted, loopsOf, type Piece } from './layout.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { type FactsIn, stripMarks } from './strip.ts';
import { type Anchor, arcLabel, arcLines, box, loop, number, spine } from './wires.ts';

/** What a piece shows, its lines first. `facts` is where a dense block's layers say what they are. */
export function pieceMarks(piece: Piece, drawing: NetworkDrawing, facts: FactsIn): PageElement[] {
  const columns = columnsOf(drawing);
  const { marks, anchor } = shapes[piece.kind](piece, columns, drawing, facts);
  const labels = drawing.arcs.flatMap((arc) =>
    piece.kind === 'layer' && piece.first === Math.floor((arc.start + arc.end) / 2)
      ? arcLabel(arc, columns, piece.height / 2)
      : [],
  );
  return [...arcLines(piece, drawing.arcs, columns, anchor), ...marks, ...labels];
}

interface Shape {
  readonly marks: readonly PageElement[];
  readonly anchor: Anchor;
}

type ShapeOf = (piece: Piece, columns: Columns, drawing: NetworkDrawing, facts: FactsIn) => Shape;

const noAnchor: Anchor = { above: 0, at: 0, x: 0 };

const shapes: Readonly<Record<Piece['kind'], ShapeOf>> = {
  gap: ({ height }, columns) => ({ marks: spine(columns, 0, height), anchor: noAnchor }),

  input: ({ height }, columns, { input }) => ({
    marks: [...spine(columns, 26, height), ...pill(columns, 2, 24, 'end', `image ${input.join('×')}`)],
    anchor: noAnchor,
  }),

  output: (_, columns, { classes }) => ({
    marks: [...spine(columns, 0, 12, true), ...pill(columns, 12, 24, 'end', `${classes} logits`)],
    anchor: { above: 4, at: 24, x: columns.centre - pillWidth / 2 },
  }),

  heading: (piece, columns) => {
    const { name, kind, parts, strip } = piece.part as DrawnPart;
    const what = kind === 'dense' ? `${strip?.rows.length} layers` : counted(parts);
    const shown = shortened(name, 24);
    const { left, centre } = columns;
    // the name left of the spine and the rest right of it; a longer name takes the spine's place
    const fits = left + 8.6 * textColumns(shown) < centre - 6;
    const note = element('tspan', { class: 'note', ...(fits ? { x: number(centre + 10) } : { dx: '8' }) }, what);
    return {
      marks: [
        ...(fits ? spine(columns, 0, piece.height) : [...spine(columns, 0, 5), ...spine(columns, 28, piece.height)]),
        element('text', { class: 'title', x: number(left), y: '21' }, shown, note),
      ],
      anchor: noAnchor,
    };
  },

  layer: ({ part, height }, columns) => {
    const { op = '', label, name } = part as DrawnPart;
    const words = named.test(name) ? label : `${name}: ${label}`;
    const sort = op === 'conv2d' || op === 'matmul' ? 'weighty' : /pool|^sum$/i.test(op) ? 'pool' : 'light';
    return {
      marks: [...spine(columns, 0, 7, true), ...pill(columns, 7, height - 7, sort, words)],
      anchor: { above: 2, at: 7 + (height - 7) / 2, x: columns.centre - pillWidth / 2 },
    };
  },

  join: ({ part, height }, columns) => {
    const { op = '' } = part as DrawnPart;
    return {
      marks: [...spine(columns, 0, 8, true), ...joinSign(columns, 16, op), ...spine(columns, 24, height)],
      anchor: { above: 2, at: 16, x: columns.centre - 8 },
    };
  },

  strip: (piece, columns, _, facts) => ({
    marks: stripMarks(piece.part as DrawnPart, columns, facts),
    anchor: { above: 2, at: piece.height / 2, x: columns.left },
  }),

  box: (piece, columns, { arcs }) => closedBox(piece, columns, arcs),
};

function closedBox({ part, height }: Piece, columns: Columns, arcs: readonly DrawnArc[]): Shape {
  const own = part as DrawnPart;
  const { name, label, kind, parts } = own;
  const around = loopsOf(own, arcs);
  const one = around.at(-1);
  const deep = kind === 'run' ? 8 : 0;
  const [top, tall] = [boxTop(own, arcs), boxHeight(own)];
  const sort = /pool/.test(label) ? 'pool' : /\d×\d/.test(label) ? 'weighty' : 'light';
  const { left, box: width, centre } = columns;
  const marks: PageElement[] = [...spine(columns, 0, top, true)];
  for (let sheet = deep; sheet > 0; sheet -= 4)
    marks.push(
      element('rect', { class: `block ${sort}`, ...box(left + sheet, top + sheet, width - sheet * 2, tall), rx: '6' }),
    );
  marks.push(
    element('rect', { class: `block ${sort}`, ...box(left, top, width, tall), rx: '6' }),
    text('name', left + 12, top + 16, shortened(name, kind === 'run' ? 24 : 28)),
    ...boxLines(own).map((words, line) => text('words', left + 12, top + 31 + 14 * line, words)),
  );
  if (kind === 'run') marks.push(text('times', left + width - 26, top + 16, `${parts.length}×`));
  const bottom = top + tall + deep;
  if (one) {
    const sum = height - 10;
    const target = centre - 7;
    const op = one.kind === 'concat' ? 'concat' : 'add';
    marks.push(
      ...spine(columns, bottom, sum - 7),
      ...loop(one, columns, 5, sum, target, around.length),
      ...joinSign(columns, sum, op, 7),
      ...spine(columns, sum + 7, height),
    );
  } else marks.push(...spine(columns, bottom, height));
  return { marks, anchor: { above: one ? 5 : 3, at: top + tall / 2, x: left } };
}

const pillWidth = 214;

function pill({ centre }: Columns, y: number, height: number, sort: string, words: string): PageElement[] {
  return [
    element('rect', {
      class: `pill ${sort}`,
      ...box(centre - pillWidth / 2, y, pillWidth, height),
      rx: sort === 'end' ? '12' : '5',
    }),
    text('label', centre, y + height / 2 + 4, shortened(words, 33)),
  ];
}

const signs: Readonly<Record<string, string>> = { add: '+', concat: 'C', multiply: '×', subtract: '−', divide: '÷' };

/** The circle in which ways join. */
function joinSign({ centre }: Columns, y: number, op: string, radius = 8): PageElement[] {
  return [
    element('circle', { class: 'join', cx: number(centre), cy: number(y), r: number(radius) }),
    text('sign', centre, y + 4, signs[op] ?? '?'),
  ];
}

/** Names that layers get by themselves say nothing that their label does not. */
const named = /^(conv|norm|relu|linear|maxPool|averagePool|sum|add|concat|pad|slice|reshape|sigmoid|multiply)\d+$/;

const text = (kind: string, x: number, y: number, words: string): PageElement =>
  element('text', { class: kind, x: number(x), y: number(y) }, words);
