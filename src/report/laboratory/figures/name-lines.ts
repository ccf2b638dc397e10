import { columns, shortened } from '../../page/quantity.ts';

const words = new Intl.Segmenter('zh', { granularity: 'word' });
const most = 2;

/** A name beside a chart in at most two lines of `width` columns; … where something is missing. */
export function nameLines(name: string, width: number): string[] {
  const lines = [''];
  for (const { segment } of words.segment(name)) {
    const last = lines.at(-1) ?? '';
    if (lines.length < most && last !== '' && columns((last + segment).trimEnd()) > width)
      lines.push(segment.trimStart());
    else lines[lines.length - 1] = last + segment;
  }
  return lines.map((line) => shortened(line.trim(), width));
}

/** Pixels of the widest line in a chart's type. */
export const namesWidth = (names: readonly (readonly string[])[]): number =>
  Math.ceil(7.4 * Math.max(0, ...names.flat().map(columns)));
