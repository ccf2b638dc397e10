/** Experiments that take a network of one's own, from its checkpoint to what they say. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCheckpoint, smallImage } from '../../../tests/small-checkpoint.ts';
import type { Checkpoint } from '../../checkpoint/index.ts';
import type { Dataset, Normalisation } from '../../data/index.ts';
import { evaluator } from '../../engines/index.ts';
import { densenet, findModel } from '../../models/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { batchFor } from '../examined.ts';
import type { Experiment } from '../experiment.ts';
import { LabFolder } from '../lab-folder.ts';
import { OpenLaboratory, plain } from '../open-laboratory.ts';
import { gradients } from './gradients.ts';
import { landscape } from './landscape.ts';
import { lesion } from './lesion.ts';
import type { LesionResult } from './lesion-result.ts';
import { paths } from './paths.ts';
import type { PathsResult } from './paths-result.ts';
import { reuse } from './reuse.ts';

const checkpoint = smallCheckpoint(findModel('resnet14'), { size: 8 });
const { classes } = checkpoint;

const dataset = (name: string, length: number): Dataset => ({
  name,
  classes,
  length,
  labels: Int32Array.from({ length }, (_, i) => i % classes.length),
  read: (index) => ({ image: smallImage(`${name} ${index}`, 8), label: index % classes.length }),
});

const data = {
  train: dataset('train', 12),
  validation: dataset('validation', 4),
  test: dataset('test', 12),
  normalisation: { mean: [0.1, 0.2, 0.3], std: [0.5, 0.4, 0.2] },
};

let folder: LabFolder;
let path: string;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'skein-own-network-'));
  folder = await LabFolder.take(path, {}, 'test');
});
afterAll(async () => {
  await folder.leave();
  await rm(path, { recursive: true });
});

const laboratory = (name: string, own: Checkpoint = checkpoint, normalisation: Normalisation = data.normalisation) =>
  new OpenLaboratory(
    {
      folder,
      data: { ...data, normalisation },
      image: { channels: 3, height: 8, width: 8 },
      seed: 0,
      engine: evaluator,
      precision: 'float32',
      threads: 1,
      own: { file: 'own.safetensors', checkpoint: own },
      signal: new AbortController().signal,
      callbacks: [],
    },
    name,
  );

async function done<Result>(experiment: Experiment, change: object): Promise<Result> {
  const settings = { ...(experiment.quick as object), ...change };
  const result = plain(await experiment.run(laboratory(experiment.name), settings));
  const { findings, figures } = experiment.show(result, settings);
  expect(findings.length).toBeGreaterThan(2);
  expect(figures.length).toBeGreaterThan(2);
  return result as Result;
}

/** What an experiment tells of this network alone. @param call tells the pieces of calls apart */
async function toldOf(experiment: Experiment, call: string, own: Checkpoint, normalisation?: Normalisation) {
  const few = { points: 3, measured: 4, towers: { depths: [] }, networks: [], batchSize: 4 };
  const settings = { ...(experiment.quick as object), ...few };
  return plain(await experiment.run(laboratory(`${experiment.name} ${call}`, own, normalisation), settings));
}

const numbersIn = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : value instanceof Object ? Object.values(value).flatMap(numbersIn) : [];

const plainNetwork = smallCheckpoint(undefined, { size: 8 });
const denseNetwork = smallCheckpoint(densenet({ depth: 13, growth: 4 }), { size: 8 });

describe('a network of one’s own', () => {
  it('is taken apart', async () => {
    const { networks } = await done<LesionResult>(lesion, { testImages: 12, several: [2, 9], swaps: [1], draws: 2 });
    expect(networks.map(({ network, kind, images }) => [network, kind, images])).toEqual([
      ['resnet14', 'residual', 12],
    ]);
    expect(networks[0]?.without.map(({ block }) => block)).toEqual(
      [1, 2, 3].flatMap((stage) => [`stage${stage}.block1`, `stage${stage}.block2`]),
    );
    // nine blocks cannot be taken from six; and the blocks of this network are alike in stage 1 alone
    expect(networks[0]?.several.map(({ count, errors }) => [count, errors.length])).toEqual([[2, 2]]);
    expect(networks[0]?.swaps.map(({ tau }) => tau.toFixed(3))).toEqual(['0.867', '0.867']);
  });

  it('shows the paths of its gradient', async () => {
    const { networks } = await done<PathsResult>(paths, { samples: 3, drawnFrom: 8 });
    expect(networks).toHaveLength(1);
    expect(networks[0]?.lengths.map(({ length }) => length)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { norm } of networks[0]?.lengths ?? []) expect(norm).toBeGreaterThan(0);
    // it is shorter than all its paths one after the other
    const { lengths = [], whole } = networks[0] ?? {};
    expect(whole).toBeLessThan(lengths.reduce((sum, { share, norm }) => sum + 64 * share * (norm ?? 0), 0));
  });

  it.each([
    [landscape, plainNetwork],
    [gradients, plainNetwork],
    [reuse, denseNetwork],
  ] as const)('is looked at with the weights that it predicts with: $name', async (experiment, network) => {
    const averages = [...network.tensors].map(([name, { shape, data: values }]): [string, Tensor] => [
      name,
      tensor(
        'float32',
        shape,
        Float32Array.from(values as Float32Array, (value) => 0.7 * value),
      ),
    ]);
    const entries = averages.map(([name, one]): [string, Tensor] => [`average.${name}`, one]);
    const averaged = { ...network, tensors: new Map([...network.tensors, ...entries]) };
    const told = await toldOf(experiment, 'averaged', averaged);
    expect(told).toEqual(await toldOf(experiment, 'averages', { ...network, tensors: new Map(averages) }));
    expect(told).not.toEqual(await toldOf(experiment, 'raw', network));
  });

  it.each([landscape, gradients])('is the same whatever the data is scaled with: $name', async (experiment) => {
    const { mean, std } = plainNetwork.preprocessing;
    const [own = [], other = []] = [
      numbersIn(await toldOf(experiment, 'own scale', plainNetwork, { mean, std })),
      numbersIn(await toldOf(experiment, 'other scale', plainNetwork)),
    ];
    expect(own.length).toBeGreaterThan(2);
    own.forEach((value, i) => {
      expect(other[i]).toBeCloseTo(value, 4);
    });
  });

  it.each([landscape, gradients])('is refused with images of another size: $name', async (experiment) => {
    const larger = smallCheckpoint(undefined, { size: 16 });
    await expect(toldOf(experiment, 'larger', larger)).rejects.toThrow(
      'takes images of 3×16×16, but those of test are 3×8×8',
    );
  });

  it('sees images scaled as it was trained with', async () => {
    const lab = laboratory('own');
    const { images } = await batchFor(lab, 'test', 2, { name: 'own', checkpoint });
    const { images: before } = await lab.batch('test', 2);
    const at = (values: readonly number[], channel: number) => values[channel] as number;
    const pixel = (x: number, { mean, std }: Normalisation, channel: number) =>
      x * at(std, channel) + at(mean, channel);
    for (const channel of [0, 1, 2]) {
      const i = 192 + 64 * channel;
      const own = pixel(images[i] as number, checkpoint.preprocessing, channel);
      expect(own).toBeCloseTo(pixel(before[i] as number, data.normalisation, channel), 5);
    }
  });

  it('is refused with data of another size or other classes', async () => {
    const refused = (change: Partial<typeof checkpoint>) =>
      batchFor(laboratory('own'), 'test', 2, { name: 'own', checkpoint: { ...checkpoint, ...change } });
    const larger = { ...checkpoint.preprocessing, height: 16 };
    await expect(refused({ preprocessing: larger })).rejects.toThrow(
      'own takes images of 3×16×8, but those of test are 3×8×8',
    );
    await expect(refused({ classes: ['cat', 'dog'] })).rejects.toThrow(
      'own knows 2 classes (cat, dog), but test has 4 (ant, bee, cow, …)',
    );
  });
});
