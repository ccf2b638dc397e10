import { element, named, type PageElement, scrollBox, section } from './element.ts';
import { count, plural } from './quantity.ts';
import type { ReportData } from './report-data.ts';
import { row, table } from './table.ts';

const shown = 200;

/** The images that could not be read; nothing where all could. */
export function badImagesSection({ badImages }: ReportData): PageElement[] {
  if (badImages.length === 0) return [];
  const rows = badImages.slice(0, shown).map(({ split, path, message }) => {
    const why = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
    return row(named(path), element('td', {}, split), element('td', {}, why));
  });
  const more = badImages.length - rows.length;
  const text =
    `${plural(badImages.length, 'image')} could not be read and ${badImages.length === 1 ? 'was' : 'were'} passed over: in training another one ` +
    `of the batch took its place, and no score counts it.${more > 0 ? ` The first ${shown} are here, and ${count(more)} more in metrics.jsonl.` : ''}`;
  const list = table({ head: ['file', 'split', 'what is wrong'], numbersFrom: 3, rows });
  return [
    section(
      'bad-images',
      'Images that could not be read',
      element('p', {}, text),
      rows.length > 10 ? scrollBox('Images that could not be read', list, 'tall') : list,
    ),
  ];
}
