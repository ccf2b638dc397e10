/** Colours by which networks and other series are told apart on a page, the same in all of its charts. */
import { element, named, type PageElement } from './element.ts';

/** Of the stylesheet: `--series-0` and so on. */
const colours = 8;

/** The CSS colour of a series, by its place. */
export const seriesColour = (place: number): string => `var(--series-${place % colours})`;

/** A name after a dot of its colour. */
export const seriesName = (name: string, place: number): PageElement =>
  element(
    'span',
    {},
    element('i', {
      class: 'swatch',
      style: `width: 10px; height: 10px; margin-right: 8px; border: 0; border-radius: 50%; vertical-align: 0; background: ${seriesColour(place)}`,
      'aria-hidden': 'true',
    }),
    named(name),
  );

/** A line of what is which. */
export const seriesLegend = (names: readonly string[]): PageElement =>
  element('p', { class: 'legend' }, ...names.map((name, i) => seriesName(name, i)));
