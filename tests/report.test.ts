/** report.html of a real run, as a browser shows it: on a wide screen and on a phone, in light and in dark. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Dataset, flip, loadData, padCrop, type Run, type Splits, subset, train } from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng, shuffledOrder } from '../src/data/index.ts';
import { linearClassifier } from '../src/models/index.ts';
import { findChromium, launchChromium, needsChromium } from './chromium.ts';

let folder: string;
let run: Run;
const out = () => join(folder, 'run');
const page = () => readFile(join(out(), 'report.html'), 'utf8');

/** 300 images to train on and 200 to test: a linear classifier learns enough of them to be surely wrong at times. */
async function clothes(): Promise<Splits> {
  const { train, test, normalisation } = await loadData('fashion-mnist-sample');
  const first = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
  if (!test) throw new Error('the sample has a test split');
  return { train: subset(train, first(300)), test: subset(test, first(200)), normalisation };
}

const options = async () => ({
  model: linearClassifier(),
  data: await clothes(),
  augment: [padCrop({ pad: 2 }), flip()],
  epochs: 3,
  batchSize: 50,
  lr: 0.05,
  threads: 1,
  out: out(),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-report-'));
  run = await train(await options());
});
afterAll(() => rm(folder, { recursive: true }));

describe('the report of a run', () => {
  it('lies in the run folder and shows the accuracy of the best epoch on the test images', async () => {
    expect(run.report).toBe(join(out(), 'report.html'));
    const html = await page();
    const { correct, total } = run.test?.best ?? { correct: 0, total: 0 };
    expect(total).toBe(200);
    expect(html).toContain(`<strong>${((100 * correct) / total).toFixed(1)} %</strong>`);
    expect(html).toContain(`with the weights of epoch ${run.best?.epoch}, the best of 3.`);
    expect(html).toContain(`${200 - correct} wrong answers on 200 test images`);
    expect(html.match(/<img /g)).toHaveLength(24 + 32);
  });

  it('is written again, and alike, where a finished run is resumed', async () => {
    const [before, last] = [await page(), await readFile(join(out(), 'last.safetensors'))];
    await rm(join(out(), 'report.html'));
    const resumed = await train({ ...(await options()), resume: true });
    expect(resumed.epochs).toEqual([]);
    const memory = /<div><dt>peak memory<\/dt><dd>.*?<\/dd><\/div>/;
    expect(before).toMatch(memory);
    expect((await page()) === before.replace(memory, '')).toBe(true);
    expect(await readFile(join(out(), 'last.safetensors'))).toEqual(last);
  });

  it('comes from the validation images where there is no test split, and says so', async () => {
    const { train: images, test: validation, normalisation } = await clothes();
    const data = { train: images, validation: validation as Dataset, normalisation };
    const own = await train({ ...(await options()), data, augment: [], epochs: 1, out: join(folder, 'no-test') });
    expect(own.test).toBeUndefined();
    const html = await readFile(own.report as string, 'utf8');
    expect(html).toContain('Measured on 200 validation images');
    expect(html).toContain('The data has no test split, and these images also picked the epoch');
    // without augmentation, what the network saw are the images themselves, in the order of the first epoch
    for (const index of shuffledOrder(images.length, 0, 0).slice(0, 32)) {
      const png = await encodePng((await images.read(index)).image);
      expect(html.includes(Buffer.from(png).toString('base64'))).toBe(true);
    }
  });

  it('does not cost the run where it cannot be written', async () => {
    const data = await clothes();
    const { read } = data.train;
    const broken = { ...data, train: { ...data.train, read } };
    // reads fail once the last epoch is over, as on a disk that has gone
    const onEpoch = () => {
      broken.train.read = () => Promise.reject(new Error('the disk is gone'));
    };
    const own = await train({
      ...(await options()),
      data: broken,
      validationFraction: 0.2,
      epochs: 1,
      callbacks: [{ onEpoch }],
      out: join(folder, 'broken'),
    });
    expect(own).toMatchObject({ stopped: 'finished', report: undefined, reportProblem: 'the disk is gone' });
    expect(own.test?.best.total).toBe(200);
  });
});

const views = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 390, height: 844, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

/** What a page says about itself; runs in the browser, whose types these files do not know. */
const inspection = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((value) => {
    const level = value / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const luminance = (colour) => channels(colour).reduce((sum, level, i) => sum + level * [0.2126, 0.7152, 0.0722][i], 0);
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  const contrast = (selector) => {
    const text = luminance(getComputedStyle(document.querySelector(selector)).color);
    return (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05);
  };
  const large = (mark) => { const { width, height } = mark.getBoundingClientRect(); return width > 0 && height > 0; };
  return {
    pageWidth: document.documentElement.scrollWidth,
    wide: [...document.querySelectorAll('h1, h2, p, figure, dd, .scroll')].filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 0.5).map((element) => element.outerHTML.slice(0, 80)),
    charts: [...document.querySelectorAll('svg')].map((svg) => ({
      marks: [...svg.querySelectorAll('path, rect, circle')].filter(large).length,
      width: svg.getBoundingClientRect().width,
    })),
    images: [...document.images].map(({ naturalWidth, width }) => ({ naturalWidth, width })),
    page,
    contrast: ['h1', '.lead', '.note', 'dt', 'td', '.guess', '.legend', 'svg text'].map(contrast),
  };
})()`;

interface Inspection {
  readonly pageWidth: number;
  readonly wide: readonly string[];
  readonly charts: readonly { readonly marks: number; readonly width: number }[];
  readonly images: readonly { readonly naturalWidth: number; readonly width: number }[];
  readonly page: number;
  readonly contrast: readonly number[];
}

describe.skipIf(findChromium() === undefined)(`in a browser (${needsChromium})`, () => {
  let browser: Browser;
  let hostile: string;
  beforeAll(async () => {
    browser = await launchChromium();
    hostile = await reportOn(oddNames);
  });
  afterAll(() => browser.close());

  /** Opens a page, and fails where it complains or asks a network for something. */
  async function inspect(path: string, { colorScheme, ...viewport }: (typeof views)[number]): Promise<Inspection> {
    const context = await browser.newContext({ viewport, colorScheme });
    const complaints: string[] = [];
    const tab = await context.newPage();
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('request', (request) => {
      if (!/^(data|file):/.test(request.url())) complaints.push(request.url());
    });
    await tab.goto(pathToFileURL(resolve(path)).href);
    const seen = (await tab.evaluate(inspection)) as Inspection;
    await context.close();
    expect(complaints).toEqual([]);
    return seen;
  }

  it.each(views)('is whole and legible at $width × $height in $colorScheme', async (view) => {
    const seen = await inspect(join(out(), 'report.html'), view);
    expect(seen.pageWidth).toBeLessThanOrEqual(view.width);
    expect(seen.wide).toEqual([]);
    expect(seen.charts).toHaveLength(6);
    for (const { marks, width } of seen.charts) {
      expect(marks).toBeGreaterThanOrEqual(3);
      expect(width).toBeGreaterThan(250);
    }
    expect(seen.images).toHaveLength(24 + 32);
    for (const { naturalWidth, width } of seen.images) {
      expect(naturalWidth).toBe(28);
      expect(width).toBeGreaterThan(60);
    }
    expect(seen.page > 0.5).toBe(view.colorScheme === 'light');
    for (const contrast of seen.contrast) expect(contrast).toBeGreaterThan(4.5);
  });

  it.each(views)('holds long and hostile names of 150 classes at $width × $height in $colorScheme', async (view) => {
    const seen = await inspect(hostile, view);
    expect(seen.pageWidth).toBeLessThanOrEqual(view.width);
    expect(seen.wide).toEqual([]);
    expect(seen.images.every(({ naturalWidth }) => naturalWidth === 28)).toBe(true);
  });
});

const odd = ['</script><img src=x onerror="alert(1)">', 'x'.repeat(60), '猫'.repeat(40), 'كلب '.repeat(12)];
const oddNames = Array.from({ length: 150 }, (_, i) => `${odd[i % odd.length]}${i}`);

/** The path of the report of one epoch on data with these classes. */
async function reportOn(classes: readonly string[]): Promise<string> {
  const { train: images, test, normalisation } = await clothes();
  const renamed = (split: Splits['train']) => ({ ...split, classes, name: classes[0] as string });
  const data = { train: renamed(images), test: renamed(test as Splits['train']), normalisation };
  const { report } = await train({ ...(await options()), data, epochs: 1, out: join(folder, 'names') });
  return report as string;
}
