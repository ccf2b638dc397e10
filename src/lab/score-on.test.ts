import { expect, it } from 'vitest';
import type { Dataset } from '../data/index.ts';
import { evaluator } from '../engines/index.ts';
import { linearClassifier } from '../models/index.ts';
import { memorySink, settledRun, train } from '../train/index.ts';
import { allDifferences } from './arithmetic/recipe-differences.ts';
import { sizedNetwork } from './networks/sized-networks.ts';
import { scoreOn } from './score-on.ts';

const image = { channels: 1, height: 4, width: 4 };

/** Bright above or bright below, a little of each pixel by its number. */
const dataset = (name: string, length: number): Dataset => ({
  name,
  classes: ['above', 'below'],
  length,
  labels: Int32Array.from({ length }, (_, i) => i % 2),
  read: async (index) => ({
    image: {
      ...image,
      pixels: Uint8Array.from(
        { length: 16 },
        (_, at) => (at < 8 === (index % 2 === 0) ? 150 : 60) + ((index * 7 + at * 13) % 50),
      ),
    },
    label: index % 2,
  }),
});

const data = {
  train: dataset('train', 32),
  validation: dataset('validation', 6),
  test: dataset('test', 11),
  normalisation: { mean: [0.5], std: [0.25] },
};

it('gives what the run’s own test gives, whatever the number of images', async () => {
  const out = memorySink();
  const run = await train({
    model: linearClassifier(),
    data,
    engine: evaluator,
    epochs: 2,
    batchSize: 8,
    seed: 3,
    out,
  });
  const lab = { engine: evaluator, threads: 1, data, image, signal: new AbortController().signal };
  const trained = { file: 'last.safetensors', checkpoint: out.last as NonNullable<typeof out.last> };
  const { loss, top1, total } = await scoreOn(lab, trained, data.test);
  const { last } = run.test ?? {};
  expect({ top1, total }).toEqual({ top1: last?.top1, total: 11 });
  expect(loss).toBeCloseTo(last?.loss ?? Number.NaN, 6);
  expect((await scoreOn(lab, trained, data.train)).total).toBe(32);
});

it('is one choice that tells a residual network’s run from a dense one’s', async () => {
  const configOf = async (kind: 'residual' | 'dense', depth: number, epochs = 2) => {
    const model = sizedNetwork(kind, { depth, width: 4 });
    return (await settledRun({ model, data: { ...data }, engine: evaluator, epochs, batchSize: 8 })).config;
  };
  const keys = async (epochs: number) =>
    allDifferences(await configOf('residual', 8), await configOf('dense', 10, epochs)).map(({ key }) => key);
  expect(await keys(2)).toEqual(['model', 'modelOptions']);
  expect((await keys(3)).sort()).toEqual(['epochs', 'model', 'modelOptions']);
});
