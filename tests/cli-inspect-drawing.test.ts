/** The drawings of `skein inspect`, as files and as a browser shows them. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, needsChromium } from './chromium.ts';
import { skein, skeinProcess } from './run-skein.ts';

const source = pathToFileURL(fileURLToPath(new URL('../src', import.meta.url))).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-drawing-'));
});
afterAll(() => rm(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

/** A module whose network has blocks without names, a long way around, and names that are markup. */
const hostile = `
import { add, concat, relu, scope } from '${source}/ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear } from '${source}/nn/index.ts';
const markup = '</title></script><script>document.title = "run"</script><img src=x onerror="document.title=1">';
export const network = defineNetwork(markup.repeat(2), (image, { classes }) => {
  let x = relu(batchNorm(conv(image, 8, { kernel: 3 })));
  const early = x;
  for (let i = 0; i < 3; i++) x = relu(add(x, batchNorm(conv(x, 8, { kernel: 3 }))));
  for (let i = 0; i < 3; i++) x = concat([x, scope(markup.replaceAll('.', ' ') + i, () => conv(relu(x), 4, { kernel: 3 }))]);
  return linear(globalAveragePool(concat([x, early])), classes, { name: markup.replaceAll('.', ' ') });
}, { image: { channels: 3, height: 16, width: 16 }, classes: 10 });
`;

describe('skein inspect --svg --html', () => {
  it('writes the drawing where it is told to, and says where and how large', async () => {
    const { code, stdout } = await skein('inspect', 'resnet20', '--svg', file('a.svg'), '--html', file('a.html'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^drawing {4}.*a\.svg \(\d+ kB\)$/m);
    expect(stdout).toMatch(/^drawing {4}.*a\.html \(\d+ kB\)$/m);
    expect(await readFile(file('a.svg'), 'utf8')).toMatch(/^<\?xml .*<svg .*<title>resnet20<\/title>/s);
    expect(await readFile(file('a.html'), 'utf8')).toMatch(/^<!doctype html>\n<html .*<title>resnet20<\/title>/s);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('names the file after the network where it is given none', async () => {
    const { code, stdout } = await skeinProcess(['inspect', 'resnet8', 'plain8', '--svg'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('resnet8-plain8.svg (');
    expect(await readFile(file('resnet8-plain8.svg'), 'utf8')).toContain('<title>resnet8 and plain8</title>');
  });

  it('opens what --depth and --full ask for', async () => {
    const size = async (...words: string[]) => {
      expect((await skein('inspect', 'resnet8', '--svg', file('d.svg'), ...words)).code).toBe(0);
      return (await readFile(file('d.svg'), 'utf8')).match(/<title>/g)?.length ?? 0;
    };
    const [closed, usual, full] = [await size('--depth', '1'), await size(), await size('--full')];
    expect(closed).toBeLessThan(usual);
    expect(usual).toBeLessThan(full);
  });

  it('refuses another kind of file, and a folder that is not there', async () => {
    const other = await skein('inspect', 'resnet20', '--svg', file('a.png'));
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('drawing.svg') });
    const nowhere = await skein('inspect', 'resnet20', '--svg', file('missing/a.svg'));
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('missing/a.svg') });
    expect(nowhere.stderr).not.toContain('    at ');
  });
});

describe('skein inspect A B', () => {
  it('shows totals and stages of both', async () => {
    const { code, stdout } = await skein('inspect', 'resnet50', 'densenet121');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2} +resnet50 +densenet121$/m);
    expect(stdout).toMatch(/^ {2}parameters +25,557,032 +7,978,856$/m);
    expect(stdout).toMatch(/^ {2}deepest path +50 +121$/m);
    expect(stdout).toMatch(/^ {2}shortcuts +16 +–$/m);
    expect(stdout).toMatch(/^ {2}dense edges +– +535$/m);
    expect(stdout).toMatch(/^ {2}14×14 +stage3 +7\.1 M +1\.46 G +transition2, block3 +3\.0 M +651\.9 M$/m);
  });

  it('gives both to programs, with stages that add up to each', async () => {
    const { code, stdout } = await skein('inspect', 'resnet20', 'densenet-bc100-k12', '--json');
    expect(code).toBe(0);
    const { networks, stages } = JSON.parse(stdout) as {
      networks: { name: string; params: number }[];
      stages: { map?: number[]; networks: ({ params: number } | null)[] }[];
    };
    expect(networks.map(({ name }) => name)).toEqual(['resnet20', 'densenet-bc100-k12']);
    networks.forEach(({ params }, at) => {
      expect(stages.reduce((sum, stage) => sum + (stage.networks[at]?.params ?? 0), 0)).toBe(params);
    });
    expect(stages.map(({ map }) => map)).toEqual([[32, 32], [16, 16], [8, 8], undefined]);
  });
});

const views = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

/** Numbers that leave their card, run into the drawing or are beyond the edge, as the page's own code finds them. */
const cutNumbers = `[
  ...[...document.querySelectorAll('.stat strong')].map((text) => [text, text.closest('.stat'), 8]),
  ...[...document.querySelectorAll('.c')].map((text) => [text, text.closest('.net'), 0]),
].flatMap(([text, around, room]) => {
  const range = document.createRange();
  range.selectNodeContents(text);
  const { left, right, width } = range.getBoundingClientRect();
  if (width === 0) return [];
  const [outer, drawn] = [around.getBoundingClientRect(), text.parentElement.querySelector('svg')?.getBoundingClientRect()];
  const isCut = right > outer.right - room + 0.5 || left < outer.left + room - 0.5 || (drawn && left < drawn.right - 8);
  return isCut ? [text.textContent] : [];
})`;

/** The lengths of the bars in a column that are to be seen, and the numbers above them. */
const barShares = (column: number) => `[...document.querySelectorAll('.c:nth-child(${column}) > i')]
  .filter((bar) => bar.checkVisibility() && bar.offsetWidth > 0)
  .map((bar) => ({
    words: bar.parentElement.textContent,
    share: Math.round(100 * bar.offsetWidth / (bar.parentElement.clientWidth - 12)) / 100,
  }))`;

describe.skipIf(findChromium() === undefined)(`in a browser (${needsChromium})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
    await writeFile(file('net.ts'), hostile);
    const made = [
      await skein('inspect', 'densenet201', '--html', file('densenet201.html')),
      await skein('inspect', 'resnet50', 'densenet121', '--html', file('pair.html')),
      await skein('inspect', 'seresnet50', '--html', file('seresnet50.html')),
      await skein('inspect', 'vgg11-cifar', 'vgg11_bn', '--html', file('vgg.html')),
      await skein('inspect', 'seresnet50', '--depth', '1', '--html', file('shut.html'), '--svg', file('shut.svg')),
      await skein('inspect', file('net.ts'), '--html', file('hostile.html'), '--svg', file('hostile.svg')),
    ];
    for (const { stderr } of made) expect(stderr).toBe('');
  });
  afterAll(() => browser.close());

  /** Looks at a page, and fails where it complains or asks a network for something. */
  async function visit(name: string, view: (typeof views)[number], look: (page: Page) => Promise<void>): Promise<void> {
    const { colorScheme, ...viewport } = view;
    const context = await browser.newContext({ viewport, colorScheme });
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file(name)).href);
    await look(page);
    await context.close();
    expect(complaints).toEqual([]);
  }

  const pageWidth = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

  it.each(['densenet201.html', 'pair.html', 'seresnet50.html', 'hostile.html'])(
    '%s fits wide and narrow screens, all opened too',
    async (name) => {
      for (const view of views)
        await visit(name, view, async (page) => {
          expect(await pageWidth(page)).toBeLessThanOrEqual(view.width);
          await page.getByRole('button', { name: 'open all' }).click();
          expect(await page.locator('details:not([open])').count()).toBe(0);
          expect(await pageWidth(page)).toBeLessThanOrEqual(view.width);
        });
    },
    60_000,
  );

  it('cuts no number, on wide and on narrow screens', async () => {
    for (const name of ['seresnet50.html', 'pair.html', 'vgg.html'])
      for (const view of views)
        await visit(name, view, async (page) => {
          await page.getByRole('button', { name: 'open all' }).click();
          expect(await page.locator('.c').count()).toBeGreaterThan(20);
          expect(await page.evaluate(cutNumbers)).toEqual([]);
        });
  }, 60_000);

  it('measures bars by the rows that are shown, also after some were opened', async () => {
    await visit('shut.html', views[0], async (page) => {
      const shares = async (column: number) =>
        (await page.evaluate(barShares(column))) as { words: string; share: number }[];
      expect((await shares(4)).filter(({ share }) => share > 0.99)).toEqual([{ words: '1.47 G', share: 1 }]);
      expect((await shares(3)).find(({ words }) => words === '7,891,328')?.share).toBeCloseTo(7891328 / 16544128, 1);
      await page.locator('details.of-group').nth(2).locator('> summary').click();
      await expect.poll(async () => (await shares(4)).find(({ share }) => share > 0.99)?.words).toBe('1.03 G');
    });
  });

  it('keeps the bars of a picture within their column', async () => {
    await visit('shut.svg', views[0], async (page) => {
      const bars = (await page.evaluate(
        '[...document.querySelectorAll("rect.bar[rx]")].map((bar) => bar.width.baseVal.value)',
      )) as number[];
      expect(bars.length).toBeGreaterThan(6);
      expect(Math.max(...bars)).toBeLessThanOrEqual(76);
    });
  });

  it('opens and closes a block by the mouse and by the keyboard, and all back to the start', async () => {
    await visit('seresnet50.html', views[0], async (page) => {
      const block = page.locator('details.of-block').nth(1);
      const layer = block.getByText('squeeze: fully connected, 16');
      expect(await layer.isVisible()).toBe(false);
      await block.locator('> summary').click();
      expect(await layer.isVisible()).toBe(true);
      expect(await block.locator('> summary .closed').isVisible()).toBe(false);
      await block.locator('> summary').press('Enter');
      expect(await layer.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'close all' }).click();
      expect(await block.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'as at first' }).click();
      expect(await block.isVisible()).toBe(true);
      expect(await page.locator('details.of-block[open]').count()).toBe(0);
    });
  });

  it('shows numbers on hover, and what a dense layer reads', async () => {
    await visit('densenet201.html', views[0], async (page) => {
      const tip = page.locator('#tip');
      expect(await tip.isVisible()).toBe(false);
      await page.locator('.row.box').first().hover();
      expect(await tip.innerText()).toContain('9,536 parameters');
      const strip = page.locator('.row.strip').nth(2);
      const edges = strip.locator('path.edge');
      expect(await edges.count()).toBe(0);
      await strip.locator('.dense-row').nth(30).scrollIntoViewIfNeeded();
      await strip.locator('.dense-row').nth(30).hover();
      expect(await edges.count()).toBe(31);
      expect(await tip.innerText()).toContain('the input and 30 layers');
      await strip.locator('svg').press('ArrowDown');
      expect(await edges.count()).toBe(32);
    });
  });

  it('shows names that are markup as text, in the page and in the picture', async () => {
    for (const name of ['hostile.html', 'hostile.svg'])
      await visit(name, views[0], async (page) => {
        expect(await page.title()).toContain('<script>');
        expect(await page.locator('img').count()).toBe(0);
      });
  });

  it('keeps two networks beside each other where there is room, and one below the other where not', async () => {
    for (const view of views)
      await visit('pair.html', view, async (page) => {
        const [a, b] = [
          await page.locator('.network').nth(0).boundingBox(),
          await page.locator('.network').nth(1).boundingBox(),
        ];
        expect(a?.y === b?.y).toBe(view.width > 900);
        expect(a?.width).toBeCloseTo(b?.width ?? 0, 0);
      });
  });
});
