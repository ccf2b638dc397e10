import { describe, expect, it } from 'vitest';
import { type Dataset, evenly, type FoundData, memoryDataset, subset } from '../../data/index.ts';
import { type Answered, against } from './against.ts';

const records = (name: string): Dataset =>
  memoryDataset({
    name,
    classes: ['a', 'b'],
    channels: 1,
    height: 1,
    width: 1,
    pixels: new Uint8Array(20),
    labels: Array.from({ length: 20 }, (_, i) => i % 2),
  });

const named = (dataset: Dataset): Dataset => ({
  ...dataset,
  ids: Array.from({ length: dataset.length }, (_, i) => `${dataset.name}/${i}.png`),
});

/** Of a run that held out a fifth of the training images. */
function answered(path: string, parts: FoundData['parts'], dataset: Dataset): Answered {
  const { length } = dataset;
  const checkpoint = { network: { name: 'n' }, training: { config: { validationFraction: 0.2 }, seed: 0 } };
  return {
    path,
    classifier: { checkpoint } as unknown as Answered['classifier'],
    images: { name: 'made', dataset, found: { name: 'made', parts, problems: [] } } as unknown as Answered['images'],
    answers: {
      logits: Float32Array.from({ length: 2 * length }, (_, i) => i % 2),
      labels: Int32Array.from({ length }, (_, i) => i % 2),
      classes: 2,
      indices: Uint32Array.from({ length }, (_, i) => i),
    },
  };
}

const notesOf = async (parts: FoundData['parts'], dataset: Dataset) =>
  (await against(answered('one', parts, dataset), answered('two', parts, dataset), 0)).notes;

describe('against', () => {
  it('says who was trained on images that are measured', async () => {
    const parts = { train: named(records('train')), test: named(records('test')) };
    expect(await notesOf(parts, evenly(parts.test, 10))).toEqual([]);
    const seen = await notesOf(parts, subset(parts.train, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatch(/^one was trained on \d+ of these images$/);
  });

  it('takes no test record for the training record with the same number', async () => {
    const parts = { train: records('train'), test: records('test') };
    expect(await notesOf(parts, evenly(parts.test, 10))).toEqual([]);
  });
});
