/** Every kind of page as a browser shows it: wide and on a phone, in light and in dark, by keyboard, and without its script. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  claimsPage,
  comparisonPage,
  evaluationPage,
  explanationPage,
  laboratoryPage,
  replayPage,
  reportPage,
} from '../src/report/index.ts';
import { findChromium, launchChromium, needsChromium } from './chromium.ts';
import { madeUpComparison } from './made-up-comparison.ts';
import { madeUpEvaluation } from './made-up-evaluation.ts';
import { madeUpExplanation } from './made-up-explanation.ts';
import { madeUpClaimsPage, madeUpFigures, madeUpLaboratory } from './made-up-laboratory.ts';
import { madeUpPictures } from './made-up-pictures.ts';
import { madeUpReplay } from './made-up-replay.ts';
import { madeUpRun } from './made-up-run.ts';
import { skein } from './run-skein.ts';

let folder: string;
const file = (name: string) => join(folder, `${name}.html`);

/** A kind of page: how one is written to a file, and how many charts it has. */
interface Kind {
  readonly name: string;
  readonly charts: number;
  readonly write: (path: string) => Promise<unknown>;
}

const kinds: readonly Kind[] = [
  { name: 'report', charts: 6, write: async (path) => writeFile(path, await report()) },
  { name: 'evaluation', charts: 4, write: async (path) => writeFile(path, await evaluation()) },
  // the curves of each map are folded away
  { name: 'explanation', charts: 1, write: async (path) => writeFile(path, await explanation()) },
  { name: 'comparison', charts: 4, write: (path) => writeFile(path, comparisonPage(madeUpComparison())) },
  // two planes, and a table
  {
    name: 'laboratory',
    charts: madeUpFigures.length,
    write: (path) => writeFile(path, laboratoryPage(madeUpLaboratory())),
  },
  { name: 'claims', charts: 6, write: (path) => writeFile(path, claimsPage(madeUpClaimsPage())) },
  {
    name: 'replay',
    charts: 0,
    write: async (path) => writeFile(path, replayPage(madeUpReplay(await madeUpPictures(24)))),
  },
  // a drawing's charts are its pieces: one for each row, and the legend's
  { name: 'drawing', charts: 40, write: (path) => skein('inspect', 'resnet20', '--html', path) },
];

/** The same pages in Chinese, whose words are wider and break elsewhere. */
const chinese: readonly Kind[] = [
  {
    name: 'laboratory in Chinese',
    charts: madeUpFigures.length,
    write: (path) => writeFile(path, laboratoryPage(madeUpLaboratory('zh'))),
  },
  { name: 'claims in Chinese', charts: 6, write: (path) => writeFile(path, claimsPage(madeUpClaimsPage('zh'))) },
];

const longName = 'a class of things whose name is much longer than anybody would like';

async function report(): Promise<string> {
  const pictures = await madeUpPictures(24);
  return reportPage(
    madeUpRun(['cat', 'dog', 'hat', longName], {
      mistakes: pictures.map((picture, i) => ({ picture, label: i % 4, prediction: (i + 1) % 4, probability: 0.9 })),
      batch: pictures.map((picture, i) => ({ picture, label: i % 4 })),
    }),
  );
}

const evaluation = async () => evaluationPage(madeUpEvaluation({}, await madeUpPictures(12)));

const explanation = async () => explanationPage(madeUpExplanation(await madeUpPictures(12)));

const views = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 390, height: 844, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

/** What a page says about itself; runs in the browser, whose types these files do not know. */
const inspection = `(() => {
  const scrolls = '.scroll, .net, .skip';
  const shown = [...document.querySelectorAll('body *')].filter((element) => !element.closest(scrolls));
  const luminance = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((value) => value / 255)
    .map((level) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4))
    .reduce((sum, level, i) => sum + level * [0.2126, 0.7152, 0.0722][i], 0);
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  const contrast = (element) => {
    const text = luminance(getComputedStyle(element).color);
    return (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05);
  };
  const words = (element) => element.outerHTML.slice(0, 90);
  return {
    width: document.documentElement.scrollWidth,
    beyond: shown.filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > document.documentElement.clientWidth + 0.5 || left < -0.5);
    }).map(words),
    cut: [...document.querySelectorAll('p, td, th, dd, li, figcaption, strong, .label')].filter((element) =>
      element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline').map(words),
    charts: [...document.querySelectorAll('main svg')].filter((svg) => {
      const { width, height } = svg.getBoundingClientRect();
      return width > 0 && height > 0 && svg.querySelector('path, rect, circle, line');
    }).length,
    unnamed: [...document.querySelectorAll('svg[role=img]')].filter((svg) => !svg.getAttribute('aria-label')).length,
    page,
    faint: [...document.querySelectorAll('h1, h2, p, .note, td:not(.bar), dt, dd, nav a, footer')]
      .filter((element) => contrast(element) < 4.5).map(words),
  };
})()`;

interface Inspection {
  readonly width: number;
  readonly beyond: readonly string[];
  readonly cut: readonly string[];
  readonly charts: number;
  readonly unnamed: number;
  readonly page: number;
  readonly faint: readonly string[];
}

it('every kind of page is one file, with a policy and nothing to fetch', async () => {
  for (const html of [await report(), await evaluation()]) {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('http-equiv="Content-Security-Policy"');
    expect(html.match(/(src|href)="(?!data:image\/png;base64,|#)[^"]*"/g)).toBeNull();
  }
});

describe.skipIf(findChromium() === undefined)(`in a browser (${needsChromium})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-pages-'));
    browser = await launchChromium();
    for (const { name, write } of [...kinds, ...chinese]) await write(file(name));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens a page, and fails where it complains or asks a network for something. */
  async function visit(
    name: string,
    { colorScheme, ...viewport }: (typeof views)[number],
    look: (page: Page) => Promise<void>,
    javaScriptEnabled = true,
  ): Promise<void> {
    const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled });
    const complaints: string[] = [];
    const tab = await context.newPage();
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('request', (request) => {
      if (!/^(data|file):/.test(request.url())) complaints.push(request.url());
    });
    await tab.goto(pathToFileURL(file(name)).href);
    await look(tab);
    await context.close();
    expect(complaints).toEqual([]);
  }

  it.each([...kinds, ...chinese])(
    '$name: whole and legible on every screen, with its charts',
    async ({ name, charts }) => {
      for (const view of views)
        await visit(name, view, async (tab) => {
          const seen = (await tab.evaluate(inspection)) as Inspection;
          expect(seen.width).toBeLessThanOrEqual(view.width);
          expect(seen.beyond).toEqual([]);
          expect(seen.cut).toEqual([]);
          expect(seen.faint).toEqual([]);
          expect(seen.unnamed).toBe(0);
          expect(seen.charts).toBeGreaterThanOrEqual(charts);
          expect(seen.page > 0.5).toBe(view.colorScheme === 'light');
        });
    },
  );

  it.each(kinds)('$name: a button turns light into dark, and back', async ({ name }) => {
    await visit(name, views[0], async (tab) => {
      const page = async () => ((await tab.evaluate(inspection)) as Inspection).page;
      const button = tab.getByRole('button', { name: 'Light or dark' });
      await button.press('Enter');
      expect(await page()).toBeLessThan(0.1);
      await button.press('Enter');
      expect(await page()).toBeGreaterThan(0.9);
    });
  });

  it('sorts a table by the head that a key presses, numbers as numbers', async () => {
    await visit('evaluation', views[0], async (tab) => {
      const classes = tab.locator('section[aria-labelledby=classes]');
      const column = (at: number) => classes.locator(`tbody td:nth-child(${at})`).allInnerTexts();
      const sorted = () => classes.locator('th[aria-sort]').getAttribute('aria-sort');
      const recall = classes.getByRole('button', { name: 'recall' });
      const numbers = async () => (await column(3)).map(Number.parseFloat);
      await recall.press('Enter');
      expect(await sorted()).toBe('descending');
      expect(await numbers()).toEqual((await numbers()).toSorted((a, b) => b - a));
      await recall.press('Enter');
      expect(await sorted()).toBe('ascending');
      expect(await numbers()).toEqual((await numbers()).toSorted((a, b) => a - b));
      await classes.getByRole('button', { name: 'class' }).press('Space');
      const names = await classes.locator('tbody th').allInnerTexts();
      expect(names).toEqual(names.toSorted());

      const folders = tab.locator('table', { hasText: 'indoor/kitchen' });
      await folders.getByRole('button', { name: 'images' }).press('Enter');
      expect(await folders.locator('tbody td:nth-child(2)').allInnerTexts()).toEqual(['3,500', '210', '80']);
    });
  });

  it('has contents beside it where there is room, and in a bar that opens on a phone', async () => {
    await visit('evaluation', views[0], async (tab) => {
      expect(await tab.locator('nav a').first().isVisible()).toBe(true);
      await tab.keyboard.press('Tab');
      expect(await tab.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    });
    await visit('evaluation', views[2], async (tab) => {
      const link = tab.getByRole('link', { name: 'Class by class' });
      expect(await link.isVisible()).toBe(false);
      await tab.locator('nav summary').press('Enter');
      expect(await link.isVisible()).toBe(true);
      await link.press('Enter');
      expect(await link.isVisible()).toBe(false);
      expect(new URL(tab.url()).hash).toBe('#classes');
      const bar = await tab.locator('nav').boundingBox();
      const heading = await tab.locator('#classes').boundingBox();
      expect(heading?.y).toBeGreaterThanOrEqual(bar?.height ?? 0);
    });
  });

  it('can be read without its script', async () => {
    const look = async (tab: Page) => {
      expect(await tab.locator('nav a').first().isVisible()).toBe(true);
      expect(await tab.locator('button.theme').isVisible()).toBe(false);
      expect(await tab.locator('section[aria-labelledby=classes] tbody tr').count()).toBe(10);
    };
    for (const view of views) await visit('evaluation', view, look, false);
  });
});
