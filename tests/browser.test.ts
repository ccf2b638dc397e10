/** The page of examples/browser in a real browser, as vite serves it and as vite builds it, with a network trained here. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type Classifier, type Dataset, loadClassifier, loadData, Random, resnet, subset, train } from 'skein';
import { build, createServer, type InlineConfig, type Plugin, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { encodePng } from '../src/data/index.ts';
import { onnxruntime } from '../src/engines/index.ts';
import { writeFileAtomic } from '../src/files/index.ts';
import { tensor } from '../src/tensor/index.ts';
import { frozenProgramOf } from '../src/trained/checkpoint-program.ts';
import { networkOnnx } from '../src/trained/index.ts';
import { findChromium, launchChromium, needsChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../examples/browser', import.meta.url));
let folder: string;
let checkpoint: string;
let classifier: Classifier;
/** Files that a visitor has. */
let files: { network: string; picture: string; text: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-browser-'));
  const { train: images, normalisation } = await loadData('fashion-mnist-sample');
  const some = (from: number, length: number): Dataset =>
    subset(
      images,
      Array.from({ length }, (_, i) => from + i),
    );
  const data = { train: some(0, 256), validation: some(256, 32), normalisation };
  const out = join(folder, 'run');
  await train({ model: resnet({ depth: 8 }), data, epochs: 1, batchSize: 16, lr: 0.1, threads: 1, out });
  checkpoint = join(out, 'best.safetensors');
  classifier = await loadClassifier(checkpoint, { threads: 1 });
  files = { network: join(folder, 'net.onnx'), picture: join(folder, 'shoe.png'), text: join(folder, 'notes.txt') };
  await writeFileAtomic(files.network, networkOnnx(checkpoint, await loadCheckpoint(checkpoint)));
  await writeFileAtomic(files.picture, await encodePng((await images.read(300)).image));
  await writeFileAtomic(files.text, 'no picture');
});
afterAll(async () => {
  await classifier.dispose();
  await rm(folder, { recursive: true });
});

/** What every form of the page is served with: nothing of a visitor's, and no trace left in the repository. */
const served = (): InlineConfig => ({
  configFile: join(root, 'vite.config.ts'),
  cacheDir: join(folder, 'cache'),
  publicDir: false,
  logLevel: 'error',
});

async function serveSource() {
  const server = await createServer({ ...served(), server: { port: 0, host: '127.0.0.1', hmr: false, watch: null } });
  await server.listen();
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

async function serveBuilt() {
  const outDir = join(folder, 'built');
  await build({ ...served(), build: { outDir } });
  const server = await preview({ ...served(), build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

describe.skipIf(!findChromium())(`in a browser (${needsChromium})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe.each([
    ['served from its source', serveSource],
    ['built', serveBuilt],
  ])('the page %s', (_, serve) => {
    let site: Awaited<ReturnType<typeof serve>>;
    let page: Page;
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    beforeAll(async () => {
      site = await serve();
      page = await browser.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(site.url) && /^(https?|wss?):/.test(request.url())) elsewhere.push(request.url());
      });
      await page.goto(site.url);
    });
    afterAll(() => site.close());

    it('says with which commands a network comes, while it has none', async () => {
      await expect.poll(() => page.textContent('#error')).toContain('There is no network yet.');
      expect(await page.locator('#error code').allTextContents()).toEqual([
        'npm ci && npm run demo',
        'npx skein export runs/demo-1/resnet14 --onnx examples/browser/public/network.onnx',
      ]);
      // the browser itself notes the file that is not there
      expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
    });

    it('takes a network and a picture, and shows the five labels that Node gives', async () => {
      await page.setInputFiles('#file', [files.network, files.picture]);
      await page.waitForSelector('#labels li');
      const rows = await page.locator('#labels li').allInnerTexts();
      const shown = rows.map((row) => row.split('\n').filter((text) => text !== ''));
      const expected = await classifier.predict(await readFile(files.picture));
      expect(shown.map(([label]) => label)).toEqual(expected.map(({ label }) => label));
      expect(shown.map(([, percent]) => Number.parseFloat(percent ?? ''))).toBeClose(
        expected.map(({ probability }) => 100 * probability),
        { relative: 0, absolute: 0.1 },
      );
      expect(await page.textContent('#network')).toBe('resnet8 tells 10 classes apart in 28×28 grey pixels');
      expect(await page.textContent('#time')).toMatch(/^\d+(\.\d)? ms$/);
      expect(await page.isVisible('#error')).toBe(false);
    });

    it('says in words what is no picture, and stays as it was', async () => {
      await page.setInputFiles('#file', files.text);
      await expect
        .poll(() => page.textContent('#error'))
        .toBe('notes.txt is no picture that this browser can read, and no .onnx file.');
      expect(await page.locator('#labels li').count()).toBe(5);
    });

    it('complains of nothing, and asks no other server', () => {
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
    });
  });

  test('onnxruntime-web computes the logits that the engine computes', async () => {
    const site = await serveSource();
    const page = await browser.newPage();
    await page.goto(site.url);
    const random = new Random('input');
    const shape = [3, 1, 28, 28];
    const images = Float32Array.from({ length: 3 * 28 * 28 }, () => random.normal());
    const bytes = [...(await readFile(files.network))];
    const found = await page.evaluate(
      `import('/network.ts').then(async ({ loadNetwork }) => {
        const network = await loadNetwork(Uint8Array.from(${JSON.stringify(bytes)}));
        return [...await network.logits(Float32Array.from(${JSON.stringify([...images])}))];
      })`,
    );
    await site.close();
    const program = frozenProgramOf(checkpoint, await loadCheckpoint(checkpoint), 3);
    const executable = await onnxruntime.compile({ program }, { threads: 1 });
    const outputs = await executable.run('program', new Map([['image', tensor('float32', shape, images)]]));
    await executable.dispose();
    expect(found).toBeClose(outputs.get('logits')?.data as Float32Array, { relative: 1e-4, absolute: 1e-4 });
  });
});

test('the pure rooms are bundled for a browser as they are', async () => {
  const outDir = join(folder, 'bundle');
  const entry = join(folder, 'rooms.ts');
  const rooms = ['tensor', 'ir', 'metrics', 'autodiff', 'nn', 'onnx', 'models'];
  await writeFileAtomic(entry, rooms.map((room) => `export * from 'skein/${room}';\n`).join(''));
  const external: string[] = [];
  const listen: Plugin = {
    name: 'listen',
    enforce: 'pre',
    resolveId: (id) => void (isBuiltin(id) && external.push(id)),
  };
  const alias = [{ find: /^skein\/([a-z]+)$/, replacement: `${join(root, '../../src')}/$1/index.ts` }];
  const lib = { entry, formats: ['es' as const], fileName: 'rooms' };
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    plugins: [listen],
    resolve: { alias },
    build: { outDir, lib },
  });
  expect(external).toEqual([]);
  expect(await readdir(outDir)).toEqual(['rooms.js']);
  const { findModel } = await import(join(outDir, 'rooms.js'));
  expect(findModel('resnet20').name).toBe('resnet20');
});
