/** Every experiment of the laboratory once, on few images and small networks: from its settings to its files, and again for nothing. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { experiments, type LabOptions, lab } from '../src/lab/index.ts';

const amount = { epochs: 1, images: 40, batchSize: 20 };
const networks = ['plain8', 'plain14', 'resnet8', 'resnet14'];
const threeKinds = ['plain8', 'resnet8', 'densenet-bc22-k12'];
const sizes = (...depths: number[]) => depths.map((depth) => ({ depth, width: 4 }));

/** What each has in place of its quick setting. */
const small: Readonly<Record<string, object>> = {
  gradients: {
    towers: { depths: [2, 4], width: 4, growth: 2, batchSize: 4 },
    ...{ networks: threeKinds, trained: ['plain8', 'resnet8'], steps: 2, batchSize: 8, images: 16 },
  },
  shattering: {
    towers: { depths: [2, 4], width: 10, growth: 4, points: 16 },
    ...{ networks: threeKinds, imagePoints: 4, batchSize: 8, towerSeeds: 2, networkSeeds: 1 },
  },
  degradation: { networks, ...amount },
  lesion: { networks: threeKinds, ...amount, testImages: 20, several: [2], swaps: [1], draws: 1 },
  paths: { networks: ['resnet8'], ...amount, samples: 8, drawnFrom: 20 },
  reuse: { networks: ['densenet-bc22-k12'], ...amount },
  landscape: { networks: ['plain8', 'resnet8'], points: 3, measured: 8, ...amount },
  shortcuts: { depth: 8, kinds: ['identity', 'half-and-0.5', 'convolution', 'dropout'], ...amount },
  scaling: {
    sweeps: [
      { kind: 'residual', by: 'depth', sizes: sizes(8, 14) },
      { kind: 'dense', by: 'depth', sizes: sizes(10, 16) },
    ],
    ...amount,
  },
  overfitting: { networks: [8, 14].map((depth) => ({ name: `resnet${depth}`, depth })), ...amount },
  accuracy: {
    networks: { plain: 'plain8', residual: 'resnet8', dense: 'densenet-bc22-k12' },
    ...{ seeds: [0, 1], ...amount },
  },
  memory: { networks: ['resnet8', 'densenet-bc22-k12'], batchSize: 4, runs: 1, large: ['resnet50', 'densenet121'] },
  transfer: {
    ...{ seeds: 2, network: 'resnet8', batchSize: 10, every: 2, teacher: 'resnet8', teacherAmount: amount, test: 20 },
    ...{ pretraining: { images: 40, steps: 2 }, target: { images: 20, steps: 4 } },
    distillation: { images: 20, steps: 4, temperature: 4, share: 0.9 },
  },
  interpretability: { networks: threeKinds, amount, test: 4, gradients: 2, randomMaps: 1, steps: 4 },
  reliability: { networks: threeKinds, amount, seeds: 2, test: 40, fitted: 20, corrupted: 20 },
  article: { sizes: [32], blocks: 2, ...amount },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-experiments-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('has a small setting for every one but the claims, which do the others', () => {
  expect(Object.keys(small).sort()).toEqual(
    experiments.flatMap(({ name }) => (name === 'claims' ? [] : [name])).sort(),
  );
});

it.each(experiments.filter(({ name }) => name !== 'claims'))('$name', async (experiment) => {
  const out = join(folder, experiment.name);
  const quick = { ...(experiment.quick as object), ...small[experiment.name] };
  const call = (options: Partial<LabOptions> = {}) =>
    lab({ experiment: { ...experiment, quick }, engine: 'onnxruntime', threads: 1, out, ...options });
  const { result, findings, page } = await call();
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings) expect(finding).not.toMatch(/NaN|undefined|Infinity|\[object/);
  const { figures } = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as { figures: { id: string }[] };
  const ids = figures.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(await readdir(out)).toEqual(expect.arrayContaining(ids.map((id) => `${id.replaceAll(/[^\w.-]+/g, '-')}.csv`)));
  expect(await readFile(page, 'utf8')).not.toMatch(/>(NaN|undefined|\[object Object\])</);

  const said: string[] = [];
  const again = await call({ language: 'zh', callbacks: [{ onProgress: ({ text }) => said.push(text) }] });
  // what is done is read, not done again
  expect(said.filter((text) => text.includes(': training'))).toEqual([]);
  expect(again.result).toEqual(result);
  for (const finding of again.findings) expect(finding).toMatch(/\p{Script=Han}/u);
});
