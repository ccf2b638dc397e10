/** Drawings as one HTML file: parts open and close, numbers show on hover, and nothing is fetched. */
import { createHash } from 'node:crypto';
import { type Child, element, named, type PageElement, titleElement } from '../element.ts';
import { count } from '../quantity.ts';
import { stylesheet } from '../stylesheet.ts';
import { drawingScript } from './drawing-script.ts';
import { drawingStyle } from './drawing-style.ts';
import type { DrawingOptions } from './drawing-svg.ts';
import { cellHeads, totalsOf } from './facts.ts';
import { foldable } from './foldable.ts';
import { columnsOf, type IsOpen, openAtFirst } from './layout.ts';
import { legendOf } from './legend.ts';
import type { NetworkDrawing } from './network-drawing.ts';
import { pageStyle } from './page-style.ts';

const digest = createHash('sha256').update(drawingScript).digest('base64');
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`;

/** One network, or several beside each other at the same scale. @param version of Skein, for the foot of the page */
export function drawingPage(
  drawings: readonly NetworkDrawing[],
  version: string,
  { isOpen = openAtFirst }: DrawingOptions = {},
): string {
  const title = drawings.map(({ name }) => name).join(' and ');
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    titleElement(title),
    element('style', {}, stylesheet + drawingStyle + pageStyle),
  );
  const bar = element('div', { class: 'bar-of-controls' }, legend(drawings), controls());
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
  const body = element('body', {}, main, tip, element('script', {}, drawingScript));
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body).outerHTML}\n`;
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
    element('div', { class: 'stats' }, ...totalsOf(drawing).map(stat)),
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

const stat = ([label, value, note]: readonly [string, string, string]) =>
  element(
    'div',
    { class: 'stat' },
    element('span', { class: 'label' }, label),
    element('strong', {}, value),
    ...(note === '' ? [] : [element('span', { class: 'note' }, note)]),
  );

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
