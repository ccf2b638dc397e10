/** A value with its interval as a drawing in a table's cell, on a scale that all rows share. */
import { element, type PageElement } from './element.ts';

/** What a row's strip shows. */
export interface Strip {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The scale of a column of strips. */
export interface StripScale {
  readonly from: number;
  readonly to: number;
  /** Where a line stands in every row: what the values are compared with. */
  readonly line: number;
}

/** The least scale with round ends that has room for all strips and the line. @param step the ends are multiples of it */
export function stripScale(strips: readonly Strip[], line: number, step = 0.1): StripScale {
  const ends = [line, ...strips.flatMap(({ low, high }) => [low, high])].filter(Number.isFinite);
  const from = Math.floor(Math.min(...ends) / step + 1e-9) * step;
  const to = Math.ceil(Math.max(...ends) / step - 1e-9) * step;
  return { from, to: to > from ? to : from + step, line };
}

/** A dot at the value and a bar over its interval. @param words what it shows, for those who do not see it */
export function intervalCell({ value, low, high }: Strip, { from, to, line }: StripScale, words: string): PageElement {
  const at = (x: number) => `${Math.max(0, Math.min(100, (100 * (x - from)) / (to - from))).toFixed(1)}%`;
  const side = low > line ? 'above' : high < line ? 'below' : 'even';
  const style = `--low: ${at(low)}; --high: ${at(high)}; --value: ${at(value)}; --line: ${at(line)}`;
  return element(
    'td',
    { class: 'strip-cell', 'data-value': Number.isFinite(value) ? String(value) : '' },
    element(
      'div',
      { class: `strip ${side}`, role: 'img', 'aria-label': words, title: words, style },
      element('i', {}),
      element('b', {}),
    ),
  );
}
