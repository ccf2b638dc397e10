import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import { graphToJson, initialState, layersOf } from '../src/ir/index.ts';
import { describeModels, findModel, models } from '../src/models/index.ts';
import { defineNetwork, type Network } from '../src/nn/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { skein } from './run-skein.ts';

const source = fileURLToPath(new URL('../src', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Described {
  readonly params: number;
  readonly macs: number;
  readonly training?: Record<string, number>;
  readonly prediction: Record<string, number>;
  readonly fits?: Record<string, number>;
  readonly layers: readonly { path: string; output: number[]; params: number; statistics: number; macs: number }[];
}

async function inspected(...words: string[]): Promise<Described> {
  const { code, stdout } = await skein('inspect', ...words, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Described;
}

/** Parameters of the rows at the outermost level together, and of the total. */
function parameters(stdout: string): { rows: number; total: number } {
  const cells = stdout.matchAll(/^ {2}(\w+) .* ([\d,]+|–) +(?:[\d.]+ [kMG]|–) +[\d.]+ [kMG]B$/gm);
  const numbers = [...cells].map(([, , text = '']) => (text === '–' ? 0 : Number(text.replaceAll(',', ''))));
  const total = numbers.pop() ?? Number.NaN;
  return { rows: numbers.reduce((sum, n) => sum + n, 0), total };
}

const save = async (path: string, network: Network, classes: readonly string[], channels: number) => {
  const image = { channels, height: 16, width: 16 };
  const program = predictionProgram({ network, image, classes: classes.length, batchSize: 1 });
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: network.options },
    graph: graphToJson(program),
    classes,
    preprocessing: { ...image, mean: new Array(channels).fill(0.5), std: new Array(channels).fill(0.25) },
    tensors: initialState(program.graph, 0),
  });
};

describe('layers', () => {
  it.each(describeModels().map((model) => [model.name, model] as const))(
    'of %s add up to its parameters and multiply-adds, which are the published ones',
    (name, { params, macs, input: [channels, height, width], classes }) => {
      const image = { channels, height, width };
      const program = predictionProgram({ network: findModel(name), image, classes, batchSize: 1 });
      const layers = layersOf(program);
      expect(layers.reduce((sum, layer) => sum + layer.params, 0)).toBe(params);
      expect(layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(macs);
      expect(new Set(layers.map(({ path }) => path)).size).toBe(layers.length);
      const published = models.get(name)?.published.params;
      if (published !== undefined) expect(params).toBe(published);
    },
  );
});

describe('skein inspect', () => {
  it('prints layers and memory as JSON', async () => {
    const { stdout } = await skein('inspect', 'resnet8', '--json');
    const result = JSON.parse(stdout) as Described;
    expect(Object.keys(result)).toEqual([
      'name',
      'input',
      'classes',
      'params',
      'statistics',
      'macs',
      'activationBytes',
      'receptiveField',
      'batchSize',
      'training',
      'recomputing',
      'prediction',
      'layers',
    ]);
    expect(result).toMatchObject({
      name: 'resnet8',
      input: [3, 32, 32],
      classes: 10,
      params: 75_290,
      statistics: 480,
      batchSize: 128,
      receptiveField: [25, 25],
      training: { parameterBytes: 4 * 75_290, statisticBytes: 4 * 480, optimiserBytes: 4 * 75_290 },
      prediction: { optimiserBytes: 0 },
    });
    expect(result.layers[0]).toEqual({
      path: 'stem.conv1',
      output: [16, 32, 32],
      params: 432,
      statistics: 0,
      macs: 432 * 32 * 32,
      activationBytes: 4 * 16 * 32 * 32,
      receptiveField: [3, 3],
    });
    const { training = {} } = result;
    const { parameterBytes = 0, statisticBytes = 0, optimiserBytes = 0, peakResultBytes = 0 } = training;
    expect(training.totalBytes).toBe(parameterBytes + statisticBytes + optimiserBytes + peakResultBytes);
  });

  it('plans more memory for larger batches, in proportion', async () => {
    const [small, large] = [await inspected('resnet8', '-b', '10'), await inspected('resnet8', '-b', '40')];
    expect(large.prediction.peakResultBytes).toBe(4 * (small.prediction.peakResultBytes as number));
    const [a, b] = [small.training?.peakResultBytes as number, large.training?.peakResultBytes as number];
    expect(b).toBeGreaterThan(3.5 * a);
    expect(b).toBeLessThanOrEqual(4 * a);
  });

  it('finds the largest batches that fit into an amount of memory', async () => {
    const { fits } = await inspected('resnet8', '--memory', '100MB');
    expect(fits).toMatchObject({ memoryBytes: 100e6 });
    for (const phase of ['training', 'prediction'] as const) {
      const most = fits?.[phase] as number;
      const bytesOf = async (batch: number) => (await inspected('resnet8', '-b', String(batch)))[phase]?.totalBytes;
      expect(await bytesOf(most)).toBeLessThanOrEqual(100e6);
      expect(await bytesOf(most + 1)).toBeGreaterThan(100e6);
    }
    expect((await skein('inspect', 'resnet8', '--memory', '100MB')).stdout).toMatch(
      new RegExp(
        `^fits +into 100 MB: batches of ${fits?.training} to train \\(\\d+ with --recompute (?:dense|cheap)\\), batches of [\\d,]+ to predict$`,
        'm',
      ),
    );
    expect((await skein('inspect', 'resnet8', '--memory', '1MiB')).stdout).toMatch(
      /^fits +into 1 MiB: not one image to train, batches of \d to predict$/m,
    );
  });

  it('names the same choices of --recompute for the memory and for the largest batches', async () => {
    const { stdout } = await skein('inspect', 'wrn16-4', '--memory', '7.5GiB');
    expect(stdout).toContain('into 7.5 GiB:');
    const listed = [...stdout.matchAll(/^ +[\d.]+ [MG]B with --recompute (\w+)$/gm)].map(([, choice]) => choice);
    expect(listed).toEqual(['dense']);
    expect(stdout).toMatch(/^fits .* \([\d,]+ with --recompute dense\)/m);
  });

  it('takes options of the network, such as dropout', async () => {
    const result = await inspected('densenet-bc22-k12', '--option', 'compression=1', '--option', 'dropout=0.2');
    expect(result.params).toBeGreaterThan((await inspected('densenet-bc22-k12')).params);
  });

  it('says how much of the image a network sees', async () => {
    expect((await skein('inspect', 'resnet8')).stdout).toMatch(/^sees +25×25 pixels of the image from each place/m);
    expect((await skein('inspect', 'seresnet50')).stdout).toMatch(/^sees +the whole image from each place/m);
  });

  it('follows --image-size, --channels and --classes', async () => {
    const { layers, params } = await inspected('resnet8', '--image-size', '16', '--channels', '1', '--classes', '7');
    expect(params).toBe(75_290 - 2 * 144 - 3 * 65);
    expect(layers[0]).toMatchObject({ output: [16, 16, 16], params: 144 });
    expect(layers.at(-1)).toMatchObject({ path: 'classifier', output: [7], params: 65 * 7 });
  });

  it('folds a deep network to a screen, with rows that add up', async () => {
    const { code, stdout } = await skein('inspect', 'resnet110');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {4}block2–18 \(17×\) +32×16×16 +315,520 +80\.2 M/m);
    expect(stdout).toMatch(/^ {2}total +1,727,962 +252\.9 M/m);
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect(parameters(stdout)).toEqual({ rows: 1_727_962, total: 1_727_962 });
    expect(Math.max(...stdout.split('\n').map((line) => (line.startsWith(' ') ? line.length : 0)))).toBeLessThan(79);
  });

  it('opens to a depth, or to every layer', async () => {
    const lines = async (...words: string[]) => (await skein('inspect', 'resnet110', ...words)).stdout.split('\n');
    const names = (of: string[]) => of.filter((line) => /^ +[a-z]+\d* .*[BM]$/.test(line)).length;
    expect(names(await lines('--depth', '1'))).toBe(7);
    const full = await lines('--full');
    expect(full.some((line) => /^ {6}relu2 +64×8×8 +– +– /.test(line))).toBe(true);
    expect(full.filter((line) => /^ {6}conv[12] /.test(line)).length).toBe(108);
    expect((await skein('inspect', 'resnet8', '--full', '--depth', '2')).code).toBe(2);
  });

  it('takes a network of the user’s own, and asks for what it does not say', async () => {
    const path = join(folder, 'net.mjs');
    const library = pathToFileURL(join(source, 'index.ts')).href;
    await writeFile(
      path,
      `import { defineNetwork, flatten, linear } from '${library}';
       export const network = defineNetwork('mine', (image, { classes }) => linear(flatten(image), classes));`,
    );
    expect(await skein('inspect', path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('give --image-size PIXELS and --classes N'),
    });
    expect(await skein('inspect', path, '--image-size', '4')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--classes N'),
    });
    const { params, layers } = await inspected(path, '--image-size', '4', '--classes', '2');
    expect([params, layers.map((layer) => layer.path)]).toEqual([98, ['reshape1', 'linear1']]);
  });

  it('reads the network from a checkpoint or a run folder', async () => {
    await save(join(folder, 'best.safetensors'), findModel('resnet8'), ['a', 'b', 'c'], 1);
    for (const path of [folder, join(folder, 'best.safetensors')]) {
      const result = await inspected(path, '-b', '16');
      expect(result).toMatchObject({ name: 'resnet8', input: [1, 16, 16], classes: 3, batchSize: 16 });
      expect(result).toEqual(
        await inspected('resnet8', '-b', '16', '--image-size', '16', '--channels', '1', '--classes', '3'),
      );
    }
    const { code, stderr } = await skein('inspect', folder, '--classes', '4');
    expect([code, stderr]).toEqual([1, expect.stringContaining('--classes cannot be given for a checkpoint')]);
  });

  it('plans no training where the checkpoint’s network is not one of Skein’s', async () => {
    const path = join(folder, 'own.safetensors');
    await save(path, defineNetwork('own', findModel('plain8').build), ['a', 'b'], 3);
    expect((await inspected(path)).training).toBeUndefined();
    expect((await skein('inspect', path)).stdout).toMatch(/^to train +not known/m);
  });

  it.each([
    [['resnet21'], 1, /did you mean resnet20\?/],
    [['none.safetensors'], 1, /none\.safetensors: cannot read: there is no such file/],
    [['resnet8', '--image-size', '100'], 1, /images up to 64×64/],
    [['resnet8', '-b', '0'], 2, /at least 1/],
    [['resnet8', '--option', 'dropout'], 2, /not like dropout=0\.2/],
    [['resnet8', '--option', 'dropout=0.2'], 2, /resnet8: it has no option `dropout`/],
    [
      ['densenet-bc22-k12', '--option', 'dropout=0x0'],
      2,
      /-k12: `dropout` must be a number of at least 0 and below 1, but is "0x0"/,
    ],
    [
      ['densenet-bc22-k12', '--option', 'dropout= '],
      2,
      /`dropout` must be a number of at least 0 and below 1, but is " "/,
    ],
    [['./net.mjs', '--option', 'dropout=0.2'], 1, /net\.mjs/],
    [['resnet8', '--memory', '8'], 2, /no amount of memory such as 512MB/],
    [['resnet8', '--memory', '8GX'], 2, /MB, GB, TB, MiB, GiB, TiB/],
    [['resnet8', '--memory', '0GB'], 2, /no amount of memory/],
    [['resnet8', '--memory', '-1GB'], 2, /memory/],
    [[], 2, /model/],
  ])('explains a mistake: skein inspect %j', async (words, exit, message) => {
    const { code, stderr } = await skein('inspect', ...words);
    expect(code).toBe(exit);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('explains itself with an example', async () => {
    expect((await skein('inspect', '--help')).stdout).toMatch(/Example:\n {2}skein inspect/);
  });
});
