import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { flip, padCrop } from '../augmentations/index.ts';
import { densenet, findModel, imageNetVgg, linearClassifier, models, resnet, vgg } from '../models/index.ts';
import { defineNetwork, linear, type Network } from '../nn/index.ts';
import { crossEntropy } from '../objectives/index.ts';
import { sgd } from '../optimisers/index.ts';
import { cosine, oneCycle, type Schedule, step } from '../schedules/index.ts';
import { configOf, recipeOf } from './config.ts';
import { optionsFromConfig, recordedEngine } from './from-config.ts';
import { settle } from './settle.ts';
import type { TrainOptions } from './train-options.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-config-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

async function written(config: object | string): Promise<string> {
  const path = join(folder, 'config.yaml');
  await writeFile(path, typeof config === 'string' ? config : stringify(config));
  return path;
}

const plainest = { model: 'resnet20', data: 'fashion-mnist-sample' };

const bomb = Array.from({ length: 10 }, (_, i) =>
  i === 0 ? 'a0: &a0 [x]' : `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`,
).join('\n');

describe('optionsFromConfig', () => {
  const schedules: Schedule[] = [
    cosine({ lr: 0.3, final: 0.001, warmup: 0.1 }),
    oneCycle({ lr: 0.4, peakAt: 0.2 }),
    step({ lr: 0.1, milestones: [1 / 3, 2 / 3], factor: 0.2 }),
  ];
  const networks: Network[] = [
    findModel('densenet-bc22-k12'),
    resnet({ depth: 14, shortcut: 'B' }),
    densenet({ depth: 40, growth: 12, dropout: 0.2 }),
    vgg({ depth: 16, width: 16 }),
    imageNetVgg({ depth: 11, dropout: 0.4 }),
    models.get('resnext50_32x4d')?.vary({ zeroGamma: true, stochasticDepth: 0.1 }) as Network,
    models.get('resnet18')?.vary({ squeeze: 8 }) as Network,
    linearClassifier(),
  ];
  it.each(networks.map((model, i) => ({ model, schedule: schedules[i % schedules.length] as Schedule })))(
    'gives back what a run was started with ($model.name, $schedule.name)',
    async ({ model, schedule }) => {
      const options: TrainOptions = {
        model,
        data: 'fashion-mnist-sample',
        augment: [padCrop({ pad: 3, fill: 9 }), flip({ probability: 0.25 })],
        epochs: 7,
        batchSize: 50,
        optimiser: sgd({ momentum: 0.8, nesterov: true, weightDecay: 5e-4, decay: 'weights' }),
        lr: schedule,
        loss: crossEntropy({ labelSmoothing: 0.1 }),
        classWeights: { Sandal: 2, Bag: 0.5 },
        sampling: 'balanced',
        patience: 4,
        validationFraction: 0.2,
        seed: 3,
        engine: 'evaluator',
      };
      const started = await settle(options);
      const read = await optionsFromConfig(
        await written(await configOf(started, recipeOf(started), { threads: 2, precision: 'float64' })),
      );
      expect(read).toMatchObject({ threads: 2, validationFraction: 0.2, engine: 'evaluator', imageSize: 28 });
      expect(recipeOf(await settle(read))).toEqual(recipeOf(started));
    },
  );

  it('gives back weights by class sizes, and a fold', async () => {
    const asked = { classWeights: 'balanced', fold: { number: 2, of: 5 } } as const;
    const started = await settle({ ...plainest, ...asked, engine: 'evaluator' });
    const config = await configOf(started, recipeOf(started), { threads: 2, precision: 'float64' });
    expect(config).not.toHaveProperty('validationFraction');
    const read = await optionsFromConfig(await written(config));
    expect(read).toMatchObject(asked);
    expect(recipeOf(await settle(read))).toEqual(recipeOf(started));
  });

  it('gives back how ranks have their batch norms, and reads how many there were', async () => {
    const started = await settle({ ...plainest, syncBatchNorm: true, engine: 'evaluator' });
    const config = await configOf(started, recipeOf(started), { threads: 2, precision: 'float64' });
    const read = await optionsFromConfig(await written({ ...config, ranks: 4 }));
    expect(read).toMatchObject({ syncBatchNorm: true });
    expect(recipeOf(await settle(read))).toEqual(recipeOf(started));
  });

  it('takes threads and workers where as many ranks recorded them as there are', async () => {
    const means = { threads: 16, workers: 15 };
    const taken = async (ranks: number | undefined) => {
      const config = { ...plainest, ...means, ...(ranks !== undefined && { ranks }) };
      const { threads, workers } = await optionsFromConfig(await written(config));
      return { threads, workers, resumed: recordedEngine(config).threads };
    };
    const all = { ...means, resumed: 16 };
    const none = { threads: undefined, workers: undefined, resumed: undefined };
    expect([await taken(undefined), await taken(1), await taken(4)]).toEqual([all, all, none]);
    vi.stubEnv('OMPI_COMM_WORLD_RANK', '1');
    vi.stubEnv('OMPI_COMM_WORLD_SIZE', '4');
    expect([await taken(undefined), await taken(2), await taken(4)]).toEqual([none, none, all]);
  });

  it('needs no more than a model and data', async () => {
    const options = await optionsFromConfig(await written(plainest));
    expect(options).toMatchObject({ model: { name: 'resnet20' }, data: 'fashion-mnist-sample' });
    expect(Object.keys(options)).toEqual(['model', 'data']);
  });

  it.each([4e9, 'off', '/fast/skein-cache', './4GB'])('goes on with the cache %s', async (cache) => {
    expect(await optionsFromConfig(await written({ ...plainest, workers: 0, cache }))).toMatchObject({
      workers: 0,
      cache,
    });
  });

  it('takes a set of augmentations by its name', async () => {
    const { augment = [] } = await optionsFromConfig(await written({ ...plainest, augment: 'light' }));
    expect(augment.map(({ name }) => name)).toEqual(['resizeCrop', 'flip']);
  });

  it('takes a network and data that the caller has', async () => {
    const model = defineNetwork('tiny', (image, { classes }) => linear(image, classes));
    const path = await written({ ...plainest, model: 'tiny', data: 'gone', modelOptions: {} });
    expect(await optionsFromConfig(path, { model, data: 'fashion-mnist-sample' })).toMatchObject({
      model,
      data: 'fashion-mnist-sample',
    });
  });

  it.each([
    ['a network of the user’s own', { model: 'tiny', modelOptions: {} }, /network `tiny` is not one of Skein's/],
    ['a published name with other options', { modelOptions: { depth: 20, width: 4 } }, /not one of Skein's/],
    ['an unknown name', { model: 'resnet2o' }, /unknown model `resnet2o`; did you mean resnet20/],
    ['data that is gone', { data: 'gone' }, /data `gone` is neither/],
    ['an augmentation of the user’s own', { augment: [{ name: 'cutout' }] }, /augmentation `cutout` is not one/],
    ['a schedule of the user’s own', { schedule: { name: 'toString' } }, /schedule `toString` is not one/],
    [
      'an unknown option',
      { schedule: { name: 'cosine', lr: 1, gamma: 2 } },
      /schedule `cosine`: it has no option `gamma`/,
    ],
    ['an option of another kind', { schedule: { name: 'step', milestones: 3 } }, /schedule `step`: `milestones` must/],
    ['an option with a similar name', { optimiser: 'sgd:momentun=0.8' }, /`momentun`; did you mean momentum/],
    ['an amount that may be a folder', { cache: '4GB' }, /`cache`: expected a number of bytes, such as 4000000000/],
    ['a cache that is neither', { cache: true }, /`cache`: expected a number of bytes, a folder or 'off'/],
    ['a wrong type', { epochs: 'many' }, /`epochs`: .*number/],
    ['a misspelt key', { epoch: 3 }, /there is no setting `epoch`; did you mean epochs/],
    ['a key of other tools', { optimizer: 'adamw' }, /there is no setting `optimizer`; did you mean optimiser/],
    ['a part that is no part', { augment: 3 }, /`augment`: expected a name with its options/],
  ])('names the file and the mistake for %s', async (_, change, message) => {
    const path = await written({ ...plainest, ...change });
    await expect(optionsFromConfig(path)).rejects.toThrow(expect.objectContaining({ code: 'CONFIG' }));
    await expect(optionsFromConfig(path)).rejects.toThrow(message);
  });

  it('says that a file is missing, or not YAML', async () => {
    await expect(optionsFromConfig(join(folder, 'none.yaml'))).rejects.toThrow(/there is no such file/);
    await expect(optionsFromConfig(await written('a: [1'))).rejects.toThrow(/not YAML/);
    await expect(optionsFromConfig(folder)).rejects.toThrow(/it is a folder/);
    await expect(optionsFromConfig(await written('a'.repeat(1_000_001)))).rejects.toThrow(/it is 1000001 bytes long/);
    await expect(optionsFromConfig(await written(''))).rejects.toThrow(/model/);
    await expect(optionsFromConfig(await written('- 1'))).rejects.toThrow(/config.yaml: /);
  });

  it.each([
    // each alias is ten of the one before: 10⁹ items in 400 bytes
    ['aliases that multiply', `${bomb}\nmodel: *a9\ndata: x`],
    ['an alias of itself', 'model: &a [*a]\ndata: x'],
    ['deep nesting', `model: ${'['.repeat(100_000)}`],
    ['the prototype as a key', 'model: resnet20\ndata: x\n__proto__: { epochs: 1 }'],
    ['a constructor as options', 'model: resnet20\ndata: x\noptimiser: { name: constructor }'],
    ['a key twice', 'model: resnet20\nmodel: resnet8\ndata: x'],
    ['two documents', 'model: resnet20\n---\ndata: x'],
    ['a tag of another language', 'model: !!python/object:os.system rm\ndata: { x: 1 }'],
    ['numbers that are none', 'model: resnet20\ndata: fashion-mnist-sample\nepochs: .inf'],
    ['a binary file', '\0\u0001\ufffd'],
  ])('refuses %s, and nothing happens', async (_, text) => {
    const path = await written(text);
    await expect(optionsFromConfig(path)).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(path) }),
    );
    expect(({} as { epochs?: number }).epochs).toBeUndefined();
  });
});
