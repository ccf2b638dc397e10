/**
 * Every `--json` keeps its shape: keys and kinds of real output are compared with tests/json-shapes, a file for each command.
 * Where one is meant to change: npx vitest run tests/cli-json.test.ts -u
 *
 * What a machine has or lacks must not matter, so examples of the types beside the real output make such keys optional everywhere.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { loadCheckpoint } from 'skein/checkpoint';
import type { EngineDiagnosis } from 'skein/engines';
import { decodeSafetensors, encodeSafetensors, zeros } from 'skein/tensor';
import { networkWeights } from 'skein/trained';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComparedResult, MeasuredRanks } from '../src/bench/index.ts';
import type { ProcessorFeatures } from '../src/cli/doctor-processor.ts';
import type { Difference } from '../src/train/index.ts';
import { jsonShape } from './json-shape.ts';
import { keptFolder } from './kept-runs/facts.ts';
import { keptRuns } from './kept-runs/runs.ts';
import { oneDnnHere } from './onednn-here.ts';
import { skein } from './run-skein.ts';

const [dense, own] = [keptFolder('dense'), keptFolder('own')];
const residual = join(keptFolder('residual'), 'last.safetensors');
const evaluator = ['--engine', 'evaluator'];

let folder: string;
const path = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-json-'));
  await idxFolder('letters');
  for (const name of keptRuns.residual.options.data.train.classes) {
    await pictures(4, 'insects', name);
    if (name !== 'bee') await pictures(3, 'some insects', name);
    await pictures(name === 'ant' ? 20 : 2, 'broken insects', name);
  }
  await pictures(1, 'broken insects', 'bee', 'deeper');
  await writeFile(path('broken insects', 'ant', 'no.png'), 'no picture');
  await pictures(2, 'pictures');
});
afterAll(() => rm(folder, { recursive: true }));

/** Images as large as those of the kept run `residual`. */
async function pictures(count: number, ...names: string[]): Promise<void> {
  await mkdir(path(...names), { recursive: true });
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } });
  for (let i = 0; i < count; i++) await image.clone().toFile(path(...names, `${i}.png`));
}

/** Images for the kept run `dense`: as large, and of the same classes. */
async function idxFolder(name: string): Promise<void> {
  const { classes } = keptRuns.dense.options.data.train;
  const [side, count] = [12, 2 * classes.length];
  const words = (...numbers: number[]) => numbers.flatMap((n) => [0, 0, n >> 8, n & 255]);
  await mkdir(path(name));
  await writeFile(path(name, 'classes.txt'), classes.join('\n'));
  for (const split of ['train', 't10k']) {
    const pixels = Uint8Array.from({ length: count * side * side }, (_, i) => (i * 7) % 256);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
    const images = Uint8Array.of(0, 0, 8, 3, ...words(count, side, side), ...pixels);
    await writeFile(path(name, `${split}-images-idx3-ubyte`), images);
    await writeFile(path(name, `${split}-labels-idx1-ubyte`), Uint8Array.of(0, 0, 8, 1, ...words(count), ...labels));
  }
}

/** What a command prints with `--json`. */
async function printed(...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await skein(...words, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

let again: Promise<string> | undefined;
/** A run of two epochs, which is there once. */
function ranAgain(): Promise<string> {
  const config = join(keptFolder('dense'), 'config.yaml');
  const words = ['train', '--config', config, '--data', path('letters'), '--epochs', '2', '--out', path('again')];
  again ??= printed(...words).then(() => path('again'));
  return again;
}

/** Weights under names of PyTorch, with one that no network has a place for. */
async function weightsWithMore(): Promise<string> {
  const { tensors } = decodeSafetensors(networkWeights(residual, await loadCheckpoint(residual)).bytes);
  await writeFile(path('more.safetensors'), encodeSafetensors(new Map([...tensors, ['more', zeros('float32', [2])]])));
  return path('more.safetensors');
}

// Typed, so that a fact that comes or goes must come or go here.
const engineWithAll: Required<EngineDiagnosis> = {
  ...{ name: '', works: true, problem: '', remedy: '' },
  ...{ version: '', blockSize: 0, path: '', bfloat16: true, bfloat16Problem: '' },
};
const engineWithout: EngineDiagnosis = { name: '', works: false };
const features: Required<ProcessorFeatures> = { present: [''], absent: [''] };
const peak: Pick<ComparedResult, 'matrixPeak' | 'shareOfPeak'> = {
  matrixPeak: { before: 0, after: 0 },
  shareOfPeak: 0,
};
const peakCalledOff: typeof peak = { matrixPeak: { before: 0, after: null }, shareOfPeak: 0 };
const noPeak: typeof peak = { matrixPeak: null, shareOfPeak: null };

/** What ranks of a job find. */
const ranksMeasured: MeasuredRanks & { readonly bitsPerSecond: number | null } = {
  ranks: 2,
  hosts: ['one', 'other'],
  library: 'Open MPI 4.1.4',
  engine: 'onednn',
  threads: 1,
  precision: 'float32',
  rounds: 1,
  computeSeconds: 1,
  reductionSeconds: 1,
  copyRate: 1,
  bitsPerSecond: 1,
};

/** Outputs by command; those of one command that differ in shape by its flags have a line each. */
const outputs: Readonly<Record<string, () => Promise<unknown[]>>> = {
  models: async () => [await printed('models')],
  inspect: async () => [
    await printed('inspect', residual, '--memory', '1GB'),
    await printed('inspect', own, '--memory', '1GB'),
    await printed('inspect', 'resnet8', '--svg', path('drawing.svg'), '--html', path('drawing.html')),
  ],
  'inspect two': async () => [
    await printed('inspect', residual, own),
    await printed('inspect', residual, dense, '--svg', path('two.svg'), '--html', path('two.html')),
  ],
  data: async () => [
    await printed('data', path('letters'), '--no-time'),
    await printed('data', path('insects')),
    await printed('data', path('broken insects'), '--no-time', '--sheet', path('sheet.png')),
  ],
  'train folds': async () => {
    const words = ['train', '--config', join(keptFolder('residual'), 'config.yaml'), '--data', path('insects')];
    return [await printed(...words, '--epochs', '1', '-b', '4', '--folds', '2', '--out', path('folds'))];
  },
  train: async () => {
    const like = (run: string, ...words: string[]) =>
      printed('train', '--config', join(keptFolder(run), 'config.yaml'), '--epochs', '1', ...words);
    const out = path('run');
    return [
      await like('dense', '--data', path('letters'), '--out', out),
      await printed('train', '--resume', out),
      await like('residual', '--data', path('insects'), '--out', path('another run')),
    ];
  },
  eval: async () => [
    await printed('eval', dense, '--data', path('letters'), ...evaluator),
    await printed('eval', residual, '--data', path('insects'), ...evaluator),
    await printed('eval', residual, '--data', path('some insects'), ...evaluator),
    await printed(
      ...['eval', residual, '--data', path('insects'), '--against', residual, '--tta', 'flip'],
      ...['--corruptions', 'brightness,frost', '--severities', '1', ...evaluator],
    ),
  ],
  predict: async () => [await printed('predict', residual, path('pictures'), ...evaluator)],
  embed: async () => [
    await printed('embed', residual, '--data', path('insects'), '--out', path('features.npy'), ...evaluator),
    await printed(
      'embed',
      residual,
      '--data',
      path('insects'),
      '--no-scores',
      '--out',
      path('features.csv'),
      ...evaluator,
    ),
    await printed('embed', residual, '--data', path('insects'), '--nearest', path('pictures', '0.png'), ...evaluator),
  ],
  explain: async () => [
    await printed('explain', residual, path('pictures', '0.png'), '--out', path('why'), ...evaluator),
    await printed('explain', residual, path('pictures'), '--no-checks', '--out', path('why'), ...evaluator),
  ],
  compare: async () => {
    const words = [
      'compare',
      'resnet8',
      'plain8',
      '--data',
      path('letters'),
      '--epochs',
      '1',
      '-b',
      '4',
      '--threads',
      '1',
    ];
    return [await printed(...words, '--seeds', '2', '--engine', 'onnxruntime', '--out', path('comparison'))];
  },
  replay: async () => {
    const again = await ranAgain();
    const step = await printed('replay', again, '--step', '1', '--out', path('step.html'));
    const nothing = { phase: null, recorded: null, clip: null };
    const clip = { limit: 0, factor: 0 };
    const changed = [{ what: '', recorded: '', now: '' }];
    const masks = [{ path: '', kind: 'dropout', rate: 0, kept: 0, total: 0 }];
    return [
      step,
      { ...step, ...nothing },
      { ...step, ...{ phase: '', recorded: { loss: 0, isSame: true }, clip, changed, masks } },
    ];
  },
  verify: async () => {
    const same = await printed('verify', await ranAgain(), '--all');
    const at: Pick<Difference, 'step' | 'what' | 'where' | 'name'> = { step: 0, what: 'loss', where: '', name: '' };
    const ofCheckpoint: Required<Difference> = { ...at, recorded: 0, now: 0, differing: 0, total: 0 };
    const ofLoss: Difference = { ...at, recorded: null, now: null };
    const rest = {
      unreadable: [{ name: '', message: '' }],
      outdated: [''],
      changed: [{ what: '', recorded: '', now: '' }],
    };
    return [same, ...[ofCheckpoint, ofLoss].map((firstDifference) => ({ ...same, ...rest, firstDifference }))];
  },
  'lab list': async () => [await printed('lab')],
  // the shape of claims is held by tests/lab.test.ts: doing them takes minutes
  lab: async () => [
    await printed(
      'lab',
      'lesion',
      residual,
      '--data',
      path('insects'),
      '--image-size',
      '8',
      '--out',
      path('lab'),
      ...evaluator,
    ),
  ],
  import: async () => [
    await printed(
      ...['import', fileURLToPath(new URL('import-golden/weights.pth', import.meta.url))],
      ...['--image-size', '32', '--out', path('golden.safetensors')],
    ),
    await printed('import', await weightsWithMore(), '--allow-unused', '--out', path('imported.safetensors')),
  ],
  'export --onnx': async () => [await printed('export', dense, '--onnx', path('dense.onnx'))],
  'export --step': async () => [await printed('export', dense, '--step', path('dense.step.onnx'))],
  'export --torch': async () => [await printed('export', residual, '--torch', path('residual.torch.safetensors'))],
  bench: async () => {
    const words = ['bench', 'infer', '--model', 'resnet8', '-b', '1', '--rounds', '1', '--threads', '1', ...evaluator];
    const [compared = {}] = (await printed(...words, '--against', 'evaluator')) as unknown as object[];
    return [
      [noPeak, peak, peakCalledOff].map((known) => ({ ...compared, ...known })),
      [compared, { ...compared, peer: null }],
    ];
  },
  'bench ranks': async () => {
    const words = ['bench', 'ranks', '--model', 'resnet8', '--images-per-second', '100'];
    const [expected = {}] = (await printed(...words)) as unknown as object[];
    const onOneMachine = { ...ranksMeasured, bitsPerSecond: null };
    return [[expected], ...[ranksMeasured, onOneMachine].map((measured) => [{ ...expected, measured }])];
  },
  doctor: async () => {
    const told = await printed('doctor');
    const { features: _, ...processor } = told.processor as Record<string, unknown>;
    const onAnyMachine = { engines: [engineWithAll, engineWithout], processor };
    const [mpi, noMpi] = [
      { library: '', version: '', works: true },
      { works: false, problem: '', remedy: '' },
    ];
    return [
      { ...told, mpi },
      { ...told, ...onAnyMachine, mpi: noMpi },
      { ...told, processor: { ...processor, features } },
    ];
  },
};

const expectKept = (name: string, found: readonly unknown[]) =>
  expect(`${jsonShape(found)}\n`).toMatchFileSnapshot(`json-shapes/${name.replaceAll(/\W+/g, '-')}.txt`);

it.each(Object.entries(outputs))(
  'skein %s --json',
  async (name, output) => {
    await expectKept(name, await output());
  },
  240_000,
);

it.runIf(oneDnnHere)('skein bench --profile --json', async () => {
  const words = ['bench', 'train', '--model', 'resnet8', '-b', '2', '--threads', '1', '--engine', 'onednn'];
  await expectKept('bench --profile', [await printed(...words, '--profile')]);
});

/** It trains three networks, which takes minutes. */
const leftOut = ['demo'];

it('is looked at for every command that has it', async () => {
  const commands = (await skein('--help')).stdout.split('Commands:')[1]?.matchAll(/^ {2}([a-z]+)/gm) ?? [];
  const withJson: string[] = [];
  for (const [, name = ''] of commands)
    if ((await skein(name, '--help')).stdout.includes('--json')) withJson.push(name);
  const seen = Object.keys(outputs).map((name) => name.split(' ')[0] as string);
  expect(withJson.sort()).toEqual([...new Set([...seen, ...leftOut])].sort());
});
