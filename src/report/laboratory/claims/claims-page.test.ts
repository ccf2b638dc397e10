import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { madeUpClaimsPage } from '../../../../tests/made-up-laboratory.ts';
import type { Language } from '../words.ts';
import { claimsPage } from './claims-page.ts';

interface Found {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

function open(language: Language) {
  const html = claimsPage(madeUpClaimsPage(language));
  const { document } = parseHTML(html) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Found> };
  };
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return { html, all, texts: (selector: string) => all(selector).map(({ textContent }) => textContent) };
}

it('counts the verdicts', () => {
  const { texts } = open('en');
  expect(texts('.stat .label')).toEqual(['holds', 'does not hold', 'in part', 'open']);
  expect(texts('.stat strong')).toEqual(['3', '3', '2', '2']);
  expect(texts('.stat .note')[0]).toBe('of 10 claims');
});

it('links each question to the claims that answer it', () => {
  const { all, texts } = open('en');
  const ids = new Set(all('[id]').map((found) => found.getAttribute('id')));
  const links = all('.answers a').map((found) => found.getAttribute('href')?.slice(1));
  expect(links).toHaveLength(18);
  expect(links.filter((id) => !ids.has(id ?? ''))).toEqual([]);
  expect(texts('section[aria-labelledby=questions] tbody tr')).toHaveLength(10);
});

it('says of each number whether it was measured here, and of a claim without one that it was not', () => {
  const { texts } = open('en');
  expect(texts('section[aria-labelledby=claim-error] .numbers td')).toEqual([
    '41.2 %',
    'measured here',
    '–',
    'measured here',
    '28.5 %',
    'He et al. 2015, Table 2',
  ]);
  expect(texts('section[aria-labelledby=claim-ratio] .answer')[0]).toBe('open not measured here');
});

it('gives the commands that repeat a claim with the settings of this page', () => {
  const { texts } = open('en');
  expect(texts('section[aria-labelledby=claim-error] pre')).toEqual([
    'skein lab degradation --full --data cifar10\nskein lab gradients --full --data cifar10',
  ]);
});

it('is Chinese throughout, and quotes the article once', () => {
  const { html, texts, all } = open('zh');
  expect(html).toContain('<html lang="zh-Hans">');
  const words =
    'h1, h2, h3, dt, thead th, .verdict, .stat .label, .stat .note, .answer, blockquote p, figcaption, footer';
  expect(texts(words).filter((text) => !/[\u4e00-\u9fff]/.test(text))).toEqual([]);
  expect(all('blockquote [lang]')).toEqual([]);
  expect(all('nav, button').map((found) => found.getAttribute('aria-label'))).toEqual(['目录', '浅色或深色']);
});
