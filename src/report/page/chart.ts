/** Plot's charts as static SVG in the page's colours. */
import * as Plot from '@observablehq/plot';
import { document, element, type PageElement } from './element.ts';
import { percent } from './quantity.ts';

/**
 * A chart with its caption. `label` says in words what it shows, for those who do not see it; colours are CSS variables, so
 * that light and dark both work.
 */
export function chart(caption: string, label: string, options: Plot.PlotOptions): PageElement {
  return element('figure', {}, element('figcaption', {}, caption), drawing(label, options));
}

/** The chart alone. */
export function drawing(label: string, options: Plot.PlotOptions): PageElement {
  const svg = Plot.plot({
    document,
    className: 'chart',
    width: 440,
    height: 250,
    marginLeft: 46,
    marginRight: 14,
    marginTop: 18,
    marginBottom: 36,
    ...options,
    style: { fontSize: '13px', background: 'none', overflow: 'visible' },
  } as Plot.PlotOptions) as unknown as PageElement;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return svg;
}

/** Grid lines of every chart. */
export const grid = { stroke: 'var(--rule)', strokeOpacity: 1 } as const;

/** A share on an axis, with as many decimals as tell its ticks apart; for Plot's `tickFormat`. */
export function shareTick(share: number, _index?: number, ticks: readonly number[] = [share]): string {
  const isExact = (digits: number) =>
    ticks.every((tick) => Math.abs(Number((100 * tick).toFixed(digits)) - 100 * tick) < 1e-6);
  return percent(share, [0, 1, 2].find(isExact) ?? 3);
}

/** An axis of shares from 0 to 100 %. */
export const shareAxis = {
  domain: [0, 1] as [number, number],
  label: null,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  tickFormat: (share: number) => percent(share, 0),
};
