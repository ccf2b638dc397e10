/** Colours by which networks are told apart on a page, the same in all of its charts. */
import { element, named, type PageElement } from '../page/element.ts';
import type { ShownNetwork } from './comparison-data.ts';

/** Of the stylesheet: `--series-0` and so on. */
const colours = 8;

/** The CSS colour of a network, by its place. */
export const seriesColour = (place: number): string => `var(--series-${place % colours})`;

/** A line of what is which. */
export const seriesLegend = (networks: readonly ShownNetwork[]): PageElement =>
  element(
    'p',
    { class: 'legend' },
    ...networks.map(({ name }, i) =>
      element(
        'span',
        {},
        element('i', { class: 'key', style: `border-color: ${seriesColour(i)}`, 'aria-hidden': 'true' }),
        named(name),
      ),
    ),
  );
