import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { preprocessingBeside } from './preprocessing-beside.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-beside-'));
});
beforeEach(() => rm(join(folder, 'config.json'), { force: true }));
afterAll(() => rm(folder, { recursive: true }));

const config = (pixels: object) => ({ architecture: 'resnet18', pretrained_cfg: { ...usual, ...pixels } });
const usual = {
  input_size: [3, 224, 224],
  interpolation: 'bicubic',
  crop_pct: 0.95,
  crop_mode: 'center',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const beside = async (content: unknown, name = 'config.json') => {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return preprocessingBeside(join(folder, 'model.safetensors'));
};

it('is what timm says, the share that is cut out as the side that is scaled to', async () => {
  expect(await beside(config({}))).toEqual({
    ...{ channels: 3, height: 224, width: 224, mean: usual.mean, std: usual.std },
    ...{ resize: { shorterSide: 235 }, interpolation: 'bicubic' },
  });
  expect(await beside(config({ input_size: [3, 176, 176], crop_pct: 0.875 }))).toMatchObject({
    ...{ height: 176, resize: { shorterSide: 201 } },
  });
});

it('is read from earlier files too, where the fields stand alone', async () => {
  expect(await beside({ architecture: 'resnet18', ...usual })).toMatchObject({ height: 224 });
});

it('has no cut where images are squeezed, and bicubic where timm draws one for each', async () => {
  const squashed = await beside(config({ crop_mode: 'squash', interpolation: 'random' }));
  expect(squashed).toMatchObject({ interpolation: 'bicubic' });
  expect(squashed).not.toHaveProperty('resize');
});

it('is the file of the same name first', async () => {
  await beside(config({ interpolation: 'bilinear' }));
  expect(await beside(config({}), 'model.json')).toMatchObject({ interpolation: 'bicubic' });
  await rm(join(folder, 'model.json'));
});

it.each([
  ['another program’s', { model_type: 'bert', hidden_size: 768 }],
  ['no JSON', 'not JSON'],
  ['a share of nothing', config({ crop_pct: 0 })],
  ['numbers that make no sense', config({ std: [0, 0, 0] })],
  ['of other channels than its numbers', config({ mean: [0.5] })],
])('is not taken from a file that is %s', async (_, content) => {
  expect(await beside(content)).toBeUndefined();
});

it('is not known where there is nothing', async () => {
  expect(await preprocessingBeside(join(folder, 'model.safetensors'))).toBeUndefined();
});
