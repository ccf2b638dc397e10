/** Drawings as one HTML file: parts open and close, numbers show on hover, and nothing is fetched. */
import { darkColours } from '../page/colours.ts';
import { themeButton } from '../page/contents.ts';
import { type Child, element, named, type PageElement } from '../page/element.ts';
import { htmlFile } from '../page/html-file.ts';
import { themeScript } from '../page/page-script.ts';
import { count } from '../page/quantity.ts';
import { stats } from '../page/stats.ts';
import { stylesheet } from '../page/stylesheet.ts';
import { drawingScript } from './drawing-script.ts';
import { darkDrawing, drawingRules } from './drawing-style.ts';
import type { DrawingOptions } from './drawing-svg.ts';
import { cellHeads, totalsOf } from './facts.ts';
import { foldable } from './foldable.ts';
import { columnsOf, type IsOpen, openAtFirst } from './layout.ts';
import { legendOf } from './legend.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { pageStyle } from './page-style.ts';

/** One network, or several beside each other at the same scale. @param version of Skein, for the foot of the page */
export function drawingPage(
  drawings: readonly NetworkDrawing[],
  version: string,
  { isOpen = openAtFirst }: DrawingOptions = {},
): string {
  const title = drawings.map(({ name }) => name).join(' and ');
  const bar = element('div', { class: 'bar-of-controls' }, legend(drawings), controls(), themeButton());
  const main = element(
    'main',
    { class: drawings.length > 1 ? 'drawing pair-of-networks' : 'drawing' },
    ...(drawings.length > 1 ? [bar] : []),
    element(
      'div',
      { class: 'networks' },
      ...drawings.map((drawing) => network(drawing, isOpen, drawings.length > 1 ? [] : [bar])),
    ),
    element(
      'footer',
      {},
      `skein ${version} · MACs and activations are for one image · memory is planned · bars compare the rows that are shown`,
    ),
  );
  const tip = element('div', { id: 'tip', role: 'status', hidden: '' });
  return htmlFile({
    title,
    style: stylesheet + drawingRules + pageStyle,
    dark: darkColours + darkDrawing,
    script: themeScript + drawingScript,
    body: [main, tip],
  });
}

function network(drawing: NetworkDrawing, isOpen: IsOpen, above: readonly PageElement[]): PageElement {
  const { name, input, classes, depth } = drawing;
  const { left, box, width } = columnsOf(drawing);
  const style = `--piece: ${width}px; --left: ${left}px; --box: ${box}px; --centre: ${left + box / 2}px`;
  return element(
    'article',
    { class: 'network', style },
    element('h1', {}, named(name)),
    element(
      'p',
      { class: 'data' },
      `images of ${input.join('×')}, ${count(classes)} classes, ${count(depth)} layers deep`,
    ),
    stats(
      totalsOf(drawing).map(([label, value, note]) => ({ label, value, note })),
      { isFirstLarge: false },
    ),
    ...above,
    element(
      'div',
      { class: 'net' },
      element(
        'div',
        { class: 'row heads' },
        element('span', {}),
        ...cellHeads.map((words) => element('span', { class: 'c' }, words)),
      ),
      ...foldable(drawing, isOpen),
    ),
  );
}

function legend(drawings: readonly NetworkDrawing[]): PageElement {
  const entries = legendOf(drawings).map(({ kind, words }): Child => {
    const sample =
      kind === 'dense'
        ? [
            element('rect', { class: 'read', y: '4', width: '18', height: '8' }),
            element('rect', { class: 'grown', x: '18', y: '4', width: '8', height: '8' }),
          ]
        : [element('path', { class: `wire ${kind}`, d: 'M0,8H26' })];
    return element('span', {}, element('svg', { width: '26', height: '16', 'aria-hidden': 'true' }, ...sample), words);
  });
  return element('div', { class: 'legend' }, ...entries);
}

const controls = () =>
  element(
    'div',
    { class: 'controls', hidden: '' },
    element('button', { type: 'button', 'data-fold': 'open' }, 'open all'),
    element('button', { type: 'button', 'data-fold': 'close' }, 'close all'),
    element('button', { type: 'button', 'data-fold': 'first' }, 'as at first'),
  );
