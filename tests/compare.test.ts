/** Comparisons as a user makes them: results, going on after a kill, what is refused, and networks that fail. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Comparison, compare, resnet } from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skein, skeinProcess } from './run-skein.ts';

const library = pathToFileURL(fileURLToPath(new URL('../src/index.ts', import.meta.url))).href;
const side = 8;

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-compare-'));
  await stripes(at('stripes'));
  await module('flat', 'linear(flatten(image), classes)');
  await module('conv', 'linear(globalAveragePool(relu(conv(image, 4, { kernel: 3, bias: true }))), classes)');
});
afterAll(() => rm(folder, { recursive: true }));

/** A network of one's own. `first` runs where the module is imported. */
const module = (name: string, body: string, first = '') =>
  writeFile(
    at(`${name}.mjs`),
    `import { conv, defineNetwork, flatten, globalAveragePool, linear, relu } from '${library}';
     ${first}
     export const network = defineNetwork('${name}', (image, { classes }) => ${body});`,
  );

/** Stripes across or down with noise: 40 to train on, 16 to test. */
async function stripes(path: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, 'classes.txt'), 'across\ndown\n');
  const words = (...numbers: number[]) => Buffer.from(numbers.flatMap((n) => [n >> 24, n >> 16, n >> 8, n & 255]));
  for (const [split, count] of [['train', 40] as const, ['t10k', 16] as const]) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
    const pixels = Uint8Array.from({ length: count * side * side }, (_, at) => {
      const [i, y, x] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
      const position = (i % 2 === 1 ? x : y) + (i % 4);
      return (position % 4 < 2 ? 200 : 40) + ((i * 31 + at * 17) % 50);
    });
    await writeFile(join(path, `${split}-images-idx3-ubyte`), Buffer.concat([words(0x803, count, side, side), pixels]));
    await writeFile(join(path, `${split}-labels-idx1-ubyte`), Buffer.concat([words(0x801, count), labels]));
  }
}

const options = () => ({
  models: [at('flat.mjs'), at('conv.mjs')],
  data: at('stripes'),
  epochs: 2,
  seeds: 2,
  lr: 0.05,
  batchSize: 9,
  engine: 'evaluator',
});

/** Without clocks, memory and paths. */
const comparable = ({ networks, differences, left, split, images, seeds, target }: Comparison) => ({
  networks: networks.map(({ name, top1, params, macs, epochs, runs }) => ({
    name,
    top1,
    params,
    macs,
    epochs,
    runs: runs.map(({ seed, outcome, failure }) => ({
      seed,
      failure,
      best: outcome?.best,
      score: outcome?.score,
      epochs: outcome?.epochs.map(({ seconds: _, ...epoch }) => epoch),
    })),
  })),
  differences,
  left,
  split,
  images,
  seeds,
  target,
});

describe('a comparison', () => {
  let whole: Comparison;
  beforeAll(async () => {
    whole = await compare({ ...options(), out: at('whole') });
  });

  it('trains each network with each seed, and says what that comes to', async () => {
    expect(whole).toMatchObject({ stopped: 'finished', left: 0, split: 'test', images: 16, seeds: [0, 1] });
    expect(whole.networks.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['flat', 2],
      ['conv', 2],
    ]);
    // 64 pixels to 2 classes; 4 kernels of 3×3 with their biases, and 4 features to 2 classes
    expect(whole.networks.map(({ params, macs }) => [params, macs])).toEqual([
      [64 * 2 + 2, 64 * 2],
      [4 * 10 + 4 * 2 + 2, 64 * 36 + 8],
    ]);
    for (const { runs, top1, pareto, imagesPerSecond = 0, peakBytes = 0 } of whole.networks) {
      const scores = runs.map(({ outcome }) => outcome?.score.top1 ?? Number.NaN);
      expect(top1?.mean).toBeCloseTo((scores[0] as number) / 2 + (scores[1] as number) / 2, 12);
      expect(top1?.over).toBe('seeds');
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(peakBytes).toBeGreaterThan(1e6);
      expect(runs.every(({ outcome }) => outcome?.epochs.length === 2)).toBe(true);
      expect(pareto).toBeDefined();
    }
    const [difference] = whole.differences;
    expect(whole.differences.length).toBe(1);
    expect(difference).toMatchObject({ a: 'flat', b: 'conv', seeds: 2 });
    expect(difference?.mean).toBeCloseTo(
      (whole.networks[0]?.top1?.mean ?? 0) - (whole.networks[1]?.top1?.mean ?? 0),
      12,
    );
  });

  it('leaves a run folder for each, a table, a page and what it goes on from', async () => {
    expect((await readdir(at('whole'))).sort()).toEqual([
      'comparison.csv',
      'comparison.html',
      'comparison.json',
      ...['conv-seed-0', 'conv-seed-1', 'flat-seed-0', 'flat-seed-1'],
    ]);
    const rows = (await readFile(at('whole', 'comparison.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows.length).toBe(5);
    expect(rows[1]).toMatch(/^flat,0,finished,test,/);
    expect(await readFile(at('whole', 'comparison.html'), 'utf8')).toContain('Which differences are real');
  });

  it('gives each seed the same split, and the weights that skein train gives', async () => {
    const split = (run: string) => readFile(at('whole', run, 'split.csv'), 'utf8');
    expect(await split('flat-seed-1')).toBe(await split('conv-seed-1'));
    expect(await split('flat-seed-0')).not.toBe(await split('flat-seed-1'));
    const words = ['--data', at('stripes'), '--epochs', '2', '--lr', '0.05', '-b', '9', '--engine', 'evaluator'];
    expect((await skein('train', at('flat.mjs'), ...words, '--seed', '1', '--out', at('alone'))).code).toBe(0);
    const weights = (path: string) => readFile(join(path, 'best.safetensors'));
    expect((await weights(at('alone'))).equals(await weights(at('whole', 'flat-seed-1')))).toBe(true);
  });

  it('comes to the same after it was stopped in the middle of a run', async () => {
    const out = at('stopped');
    const stop = new AbortController();
    const begun: [number, boolean][] = [];
    const onRun = ({ number, isResumed }: { number: number; isResumed: boolean }) => {
      begun.push([number, isResumed]);
    };
    const onEpoch = ({ number }: { number: number }) => {
      if (number === 2) stop.abort();
    };
    const first = await compare({ ...options(), out, signal: stop.signal, callbacks: [{ onRun, onEpoch }] });
    expect(first).toMatchObject({ stopped: 'interrupted', left: 3 });
    const second = await compare({ ...options(), out, callbacks: [{ onRun }] });
    expect(begun).toEqual([
      [1, false],
      [2, false],
      [2, true],
      [3, false],
      [4, false],
    ]);
    expect(comparable(second)).toEqual(comparable(whole));
  });

  it('ends a run that was begun when the minutes are up, and begins no other', async () => {
    const out = at('up');
    const stop = new AbortController();
    const onEpoch = ({ number }: { number: number }) => {
      if (number === 2) stop.abort();
    };
    await compare({ ...options(), out, signal: stop.signal, callbacks: [{ onEpoch }] });
    // what the folder of a run tells of its epochs counts, also where everything was killed before it was added up
    const metrics = join(out, 'conv-seed-0', 'metrics.jsonl');
    const long = (await readFile(metrics, 'utf8')).replace(/(?<="kind":"epoch".*"seconds":)[^,}]+/, '3600');
    await writeFile(metrics, long);
    const ended = await compare({ ...options(), out, maxMinutes: 30 });
    expect(ended).toMatchObject({ stopped: 'time', left: 2 });
    const [, second] = comparable(ended).networks;
    expect(second?.runs[0]).toEqual(comparable(whole).networks[1]?.runs[0]);
    const { runs } = JSON.parse(await readFile(join(out, 'comparison.json'), 'utf8'));
    expect(runs[1].seconds).toBeGreaterThanOrEqual(3600);
  });

  it('comes to the same after everything was killed, with the same command again', async () => {
    const words = [
      '--data',
      at('stripes'),
      '--epochs',
      '2',
      '--seeds',
      '2',
      '--lr',
      '0.05',
      '-b',
      '9',
      '--engine',
      'evaluator',
    ];
    const command = ['compare', at('flat.mjs'), at('conv.mjs'), ...words, '--json'];
    const killed = await skeinProcess(command, {
      cwd: folder,
      onErrorOutput: (child, text) => {
        if (text.includes('2/4  conv  seed 0  epoch 1/2')) child.kill('SIGKILL');
      },
    });
    expect(killed.code).toBeNull();
    const { code, stdout, stderr } = await skeinProcess(command, { cwd: folder });
    expect([code, stderr.includes('1 of 4 runs are done')]).toEqual([0, true]);
    expect(comparable(JSON.parse(stdout))).toEqual(JSON.parse(JSON.stringify(comparable(whole))));
    expect(await readdir(at('runs'))).toEqual(['comparison-1']);
  });

  it('goes on with the batch size that it began with where that is to fit the memory', async () => {
    await mkdir(at('open'));
    const out = at('open', 'runs', 'comparison-1');
    const stop = new AbortController();
    const onRunEnd = () => stop.abort();
    const begun = { ...options(), seeds: 1, epochs: 1, out };
    // 36 samples would have it be 8
    await compare({ ...begun, batchSize: 4, signal: stop.signal, callbacks: [{ onRunEnd }] });
    await expect(compare({ ...begun, batchSize: 8 })).rejects.toThrow('was started with `batchSize` 4');
    const words = ['--data', at('stripes'), '--epochs', '1', '--seeds', '1', '--lr', '0.05', '--engine', 'evaluator'];
    const command = ['compare', at('flat.mjs'), at('conv.mjs'), ...words, '-b', 'auto', '--json'];
    const { code, stdout } = await skeinProcess(command, { cwd: at('open') });
    expect([code, JSON.parse(stdout).left]).toEqual([0, 0]);
    expect(await readdir(at('open', 'runs'))).toEqual(['comparison-1']);
    expect(await readFile(join(out, 'conv-seed-0', 'config.yaml'), 'utf8')).toContain('batchSize: 4\n');
  });

  it('is refused with other settings, naming what differs', async () => {
    const out = at('whole');
    await expect(compare({ ...options(), out, lr: 0.1 })).rejects.toThrow(
      /was started with `schedule` .*lr=0.05.* but is to go on with .*lr=0.1/,
    );
    await expect(compare({ ...options(), out, seeds: 3 })).rejects.toThrow(
      'was started with 2 seeds from 0 on, but is to go on with 3 seeds from 0 on',
    );
    await expect(compare({ ...options(), out, models: [at('conv.mjs')] })).rejects.toThrow(
      'was started with the networks flat conv, but is to go on with conv',
    );
    await cp(at('whole'), at('damaged'), { recursive: true });
    await writeFile(at('damaged', 'comparison.json'), '{"version":1}');
    await expect(compare({ ...options(), out: at('damaged') })).rejects.toThrow('comparison.json: expected what');
  });

  it('is read from its folder by --resume, and has nothing left to do', async () => {
    const { code, stdout } = await skein('compare', '--resume', at('whole'), '--json');
    expect(code).toBe(0);
    expect(comparable(JSON.parse(stdout))).toEqual(JSON.parse(JSON.stringify(comparable(whole))));
    expect(await skein('compare', '--resume', at('stripes'))).toMatchObject({ code: 1 });
  });
});

it('a network that fails is reported, and ends no other', async () => {
  await module(
    'dying',
    'linear(flatten(image), classes)',
    "if (process.argv[1].includes('run-child')) process.exit(7);",
  );
  const words = ['--data', at('stripes'), '--epochs', '1', '--seeds', '1', '--engine', 'evaluator'];
  const out = at('failing');
  const { code, stdout, stderr } = await skein(
    'compare',
    at('dying.mjs'),
    at('flat.mjs'),
    ...words,
    '--out',
    out,
    '--json',
  );
  expect(code).toBe(1);
  const { networks, differences, left } = JSON.parse(stdout) as Comparison;
  expect(networks.map(({ name, seeds }) => [name, seeds])).toEqual([
    ['dying', 0],
    ['flat', 1],
  ]);
  expect([differences, left]).toEqual([[], 0]);
  expect(networks[1]?.top1?.over).toBe('images');
  expect(stderr).toContain('dying, seed 0, failed: its process ended with code 7');
});

it('the time is shared among the runs, and what it had no room for is left', async () => {
  const out = at('short');
  const found = await compare({ ...options(), seeds: 1, epochs: 1000, maxMinutes: 0.01, out });
  expect(found).toMatchObject({ stopped: 'time', left: 2 });
  expect(existsSync(join(out, 'flat-seed-0'))).toBe(false);
});

describe('it refuses, before any run begins,', () => {
  it.each([
    [{ models: [] }, 'expected at least one network'],
    [{ models: ['resnet8', 'resnet8'] }, 'two are called resnet8'],
    [{ models: ['resnet21'] }, 'unknown model `resnet21`; did you mean resnet20?'],
    [{ models: ['resnet8:depth=9'] }, '`depth` makes it what it is'],
    [{ models: ['resnet8:dropout'] }, 'expected options such as dropout=0.2, but got `dropout`'],
    [{ seeds: 0 }, '`seeds` must be a whole number from 1 to 1000, but is 0'],
    [{ maxMinutes: -1 }, '`maxMinutes` must be a number above 0, but is -1'],
    [{ models: [{ ...resnet({ depth: 8 }), name: 'own' }] }, 'the network `own` is not one of Skein'],
    [{ batchSize: 500 }, '`batchSize` 500 is larger than the 36 training samples'],
  ])('%j', async (more, message) => {
    await expect(compare({ ...options(), models: ['resnet8'], ...more, out: at('refused') })).rejects.toThrow(message);
    expect(existsSync(at('refused'))).toBe(false);
  });

  it.each([
    [['--find-lr'], '--find-lr: not possible in a comparison'],
    [['--folds', '3'], '--folds: not possible in a comparison'],
  ])('%j', async (flags, message) => {
    const { code, stderr } = await skein('compare', 'resnet8', '--data', 'x', ...flags);
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });
});
