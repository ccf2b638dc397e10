/**
 * A dense block as a staircase: a row for each layer, as wide as the channels that it reads, and at its end those that it adds.
 * What a layer adds stays above the same place in all rows below, so a connection is a line straight down.
 */
import { path } from 'd3-path';
import { element, type PageElement, titleElement } from '../page/element.ts';
import type { DrawnPart } from './drawn-part.ts';
import { rowFacts } from './facts.ts';
import { type Columns, stripRow } from './layout.ts';
import { box, number, spine } from './wires.ts';

const top = 14;

/** Where a row says what it is: in a title, which any viewer shows, or in an attribute, for the page's script. */
export type FactsIn = 'title' | 'data-tip';

/** The strip without its heading. */
export function stripMarks(part: DrawnPart, columns: Columns, facts: FactsIn): PageElement[] {
  const { rows, inputChannels } = part.strip ?? { rows: [], inputChannels: 0 };
  const height = stripRow(part);
  const { left, box: width } = columns;
  const total = inputChannels + rows.reduce((sum, { growth }) => sum + growth, 0) || 1;
  const x = (channels: number) => left + (width * channels) / total;
  const columnsAt = rows.map(({ reads, growth }) => [reads, reads + growth / 2] as const);
  const bottom = top + rows.length * height;
  const gap = height > 8 ? 2 : 1;
  const marks: PageElement[] = [...spine(columns, 0, top - 3, true)];
  // the light fan of all connections: in a column, every row below the one that added it
  const fan = path();
  columnsAt.forEach(([, middle], row) => {
    if (row === rows.length - 1) return;
    fan.moveTo(Math.round(x(middle) * 10) / 10, top + row * height + height);
    fan.lineTo(Math.round(x(middle) * 10) / 10, bottom - gap);
  });
  const inputX = x(inputChannels / 2);
  fan.moveTo(inputX, top);
  fan.lineTo(inputX, bottom - gap);
  rows.forEach((layer, row) => {
    const { reads, growth, sources, name } = layer;
    const y = top + row * height;
    const input = Math.min(inputChannels, reads);
    marks.push(
      element(
        'g',
        {
          class: 'dense-row',
          ...(facts === 'data-tip' && { 'data-tip': rowFacts(layer) }),
          'data-from': sources.join(' '),
          'data-x': number(x(reads + growth / 2)),
          'data-y': number(y + (height - gap) / 2),
        },
        ...(facts === 'title' ? [titleElement(rowFacts(layer))] : []),
        element('rect', { class: 'hit', ...box(left, y, width, height) }),
        element('rect', { class: 'kept', ...box(left, y, x(input) - left, height - gap) }),
        element('rect', { class: 'read', ...box(x(input), y, x(reads) - x(input), height - gap) }),
        element('rect', {
          class: 'grown',
          ...box(x(reads), y, Math.max(1.5, x(reads + growth) - x(reads)), height - gap),
        }),
        ...(isNumbered(row, rows.length, height)
          ? [
              element(
                'text',
                { class: 'count', x: number(left - 6), y: number(y + height / 2 + 3) },
                shortName(name, row),
              ),
            ]
          : []),
      ),
    );
  });
  marks.push(
    element('path', { class: 'fan', d: fan.toString(), 'data-input': number(inputX), 'data-top': String(top) }),
    ...spine(columns, bottom, bottom + 8),
  );
  return marks;
}

const isNumbered = (row: number, rows: number, height: number) =>
  height >= 10 || row === 0 || row === rows - 1 || ((row + 1) % 8 === 0 && rows - row > 2);

const shortName = (name: string, row: number) => /\d+$/.exec(name)?.[0] ?? String(row + 1);
