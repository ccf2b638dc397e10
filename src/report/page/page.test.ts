import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { element } from './element.ts';
import { type PageLayout, page } from './page.ts';
import { defineSection, sectionOf } from './section.ts';
import { barCell, numberCell, row, table } from './table.ts';

interface Fruit {
  readonly name: string;
  readonly weights: readonly number[];
}

const weightsSection = defineSection<readonly number[]>({
  id: 'weights',
  heading: (weights) => `${weights.length} weights`,
  draw: (weights) => [
    table({
      head: ['fruit', 'grams', 'share'],
      numbersFrom: 1,
      rows: weights.map((weight, i) => row(`no. ${i}`, numberCell(`${weight} g`, weight), barCell('–', weight))),
      sorted: { by: 1, direction: 'descending' },
    }),
  ],
});

const layout: PageLayout<Fruit> = {
  kind: 'Fruit',
  title: ({ name }) => `About ${name}`,
  header: ({ name }) => [element('h1', {}, name)],
  sections: [
    sectionOf<Fruit, readonly number[]>(weightsSection, ({ weights }) => (weights.length > 0 ? weights : undefined)),
    defineSection<Fruit>({
      id: 'words',
      heading: 'In words',
      isShown: ({ name }) => name !== '',
      draw: ({ name }) => [name],
    }),
  ],
  footer: () => 'the end',
};

interface Found {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

function open(data: Fruit) {
  const html = page(layout, data);
  const { document } = parseHTML(html) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Found> };
  };
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const texts = (selector: string) => all(selector).map(({ textContent }) => textContent);
  const values = (selector: string, name: string) => all(selector).map((found) => found.getAttribute(name));
  return { html, texts, values };
}

it('shows the sections that have something to show, and lists them', () => {
  const { texts, values } = open({ name: 'apple', weights: [140, 120, 90] });
  expect(texts('main > section > h2')).toEqual(['3 weights', 'In words']);
  expect(texts('nav li')).toEqual(['3 weights', 'In words']);
  expect(values('nav a', 'href')).toEqual(['#weights', '#words']);
  expect(values('main > section > h2', 'id')).toEqual(['weights', 'words']);
  const without = open({ name: 'pear', weights: [] });
  expect(without.texts('main > section > h2')).toEqual(['In words']);
  expect(without.texts('nav li')).toEqual(['In words']);
});

it('has the kind of page above its title, and a way past the contents', () => {
  const { texts, values } = open({ name: 'apple', weights: [] });
  expect(texts('title')).toEqual(['About apple']);
  expect(texts('header > *')).toEqual(['Fruit', 'apple']);
  expect(texts('footer')).toEqual(['the end']);
  expect(values('body > a', 'href')).toEqual(['#content']);
  expect(values('main', 'id')).toEqual(['content']);
});

it('allows the script that it has, by its hash, and nothing from a network', () => {
  const { html, values } = open({ name: 'apple', weights: [] });
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  expect(values('meta[http-equiv]', 'content')).toEqual([
    `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  ]);
  expect(html.match(/<script/g)).toHaveLength(1);
});

it('keeps the value of a number beside its text, and none where nothing was measured', () => {
  const { values, texts } = open({ name: 'apple', weights: [140, Number.NaN, 0.5] });
  expect(values('tbody td:nth-child(2)', 'data-value')).toEqual(['140', '', '0.5']);
  expect(texts('tbody td:nth-child(2)')).toEqual(['140 g', 'NaN g', '0.5 g']);
  expect(values('tbody td:nth-child(3)', 'style')).toEqual(['--share: 100.0%', '--share: 0.0%', '--share: 50.0%']);
  expect(values('thead th', 'aria-sort')).toEqual([null, 'descending', null]);
});

it('offers to sort where there is something to sort', () => {
  expect(open({ name: 'apple', weights: [3, 2, 1] }).texts('table.sortable')).toHaveLength(1);
  expect(open({ name: 'apple', weights: [2, 1] }).texts('table.sortable')).toHaveLength(0);
});
