/** Colours by which networks are told apart on a page, the same in all of its charts. */
import { element, named, type PageElement } from '../page/element.ts';
import type { ShownNetwork } from './comparison-data.ts';

/** Of the stylesheet: `--series-0` and so on. */
const colours = 8;

/** The CSS colour of a network, by its place. */
export const seriesColour = (place: number): string => `var(--series-${place % colours})`;

/** A network's name after a dot of its colour. */
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
export const seriesLegend = (networks: readonly ShownNetwork[]): PageElement =>
  element('p', { class: 'legend' }, ...networks.map(({ name }, i) => seriesName(name, i)));
