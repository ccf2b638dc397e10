import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryDataset } from '../../data/index.ts';
import { DataError, EngineError } from '../../tensor/index.ts';
import { fittedTemperature, keptTemperature } from './temperature-source.ts';

describe('keptTemperature', () => {
  const originOf = (split: string, measured: Parameters<typeof keptTemperature>[1], data = 'colours') =>
    (keptTemperature({ temperature: 2, data, split, images: 36 }, measured).source as { origin: string }).origin;

  it('says where the measured images are those that it was fitted on, however the data is called', () => {
    for (const name of ['colours', './colours/', resolve('colours')])
      expect(originOf('validation', { name, split: 'validation' })).toContain(', which are measured here');
    expect(originOf('validation', { name: './colours', split: 'all' })).toContain(', some of which are measured here');
    expect(originOf('all', { name: 'colours', split: 'test' })).toContain(', some of which are measured here');
    expect(originOf('validation', { name: 'colours', split: 'test' })).toMatch(/of colours \(validation\)\.$/);
    expect(originOf('validation', { name: 'others', split: 'validation' })).toMatch(/of colours \(validation\)\.$/);
  });
});

describe('fittedTemperature', () => {
  const measured = { name: 'colours', split: 'test' } as const;
  const validation = (length: number) =>
    memoryDataset({
      name: 'v',
      classes: ['a', 'b'],
      channels: 1,
      height: 1,
      width: 1,
      pixels: new Uint8Array(length),
      labels: new Uint8Array(length),
    });
  const fails = (error: Error) => fittedTemperature(validation(3), measured, () => Promise.reject(error), 0);

  it('takes the measured images where no validation image can be read, and says why', async () => {
    expect(await fails(new DataError('v: none can be read'))).toEqual({
      source: {
        kind: 'same images',
        reason: 'The validation images tell no temperature: v: none can be read.',
      },
      split: 'test',
    });
    await expect(fails(new EngineError('out of memory'))).rejects.toThrow('out of memory');
  });

  it('looks at 5,000 validation images at most', async () => {
    let asked = 0;
    const answersOf = async ({ length }: { length: number }) => {
      asked = length;
      return { logits: new Float32Array(2 * length), labels: new Int32Array(length), classes: 2 };
    };
    const fit = await fittedTemperature(validation(5001), measured, answersOf, 0);
    expect([asked, fit.images, fit.split]).toEqual([5000, 5000, 'validation']);
  });
});
