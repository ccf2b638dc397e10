import { describe, expect, it } from 'vitest';
import { memoryDataset } from '../../data/index.ts';
import { tensor } from '../../tensor/index.ts';
import { batchRows } from '../training-loop.ts';
import { keepTensors, keptTensors } from './kept-tensors.ts';
import { amongClasses, halvesOf, ofClasses } from './some-classes.ts';

describe('parts of the classes', () => {
  const labels = [0, 3, 1, 4, 2, 3];
  const size = { channels: 1, height: 1, width: 1 };
  const dataset = memoryDataset({
    name: 'made',
    classes: ['a', 'b', 'c', 'd', 'e'],
    ...size,
    pixels: new Uint8Array(labels.length),
    labels,
  });

  it('are halves that share none', () => {
    expect(halvesOf(5)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('are refused where one would have a single class', () => {
    expect(halvesOf(4)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(() => halvesOf(3)).toThrow('expected four classes or more, so that each half has two, but the data has 3');
  });

  it('have their own images, with labels that count from 0', () => {
    const [, second] = halvesOf(5);
    const part = ofClasses(dataset, second);
    expect(Array.from(part.labels ?? [])).toEqual([3, 4, 3]);
    const batch = { images: new Float32Array(3), labels: Int32Array.from(part.labels ?? []) };
    expect([...amongClasses(batch, second).labels]).toEqual([0, 1, 0]);
  });
});

describe('a training in steps', () => {
  it('sees each image of an epoch once, in another order in the next', () => {
    const epoch = (from: number) => [from, from + 1].flatMap((step) => [...batchRows(9, 4, 1, step)]);
    expect(new Set(epoch(0)).size).toBe(8);
    expect(new Set(epoch(2)).size).toBe(8);
    expect(epoch(0)).not.toEqual(epoch(2));
    expect(batchRows(9, 4, 1, 3)).toEqual(batchRows(9, 4, 1, 3));
  });

  it('keeps weights to the last bit', () => {
    const weight = tensor('float32', [2, 2], Float32Array.of(0.1, -3, 1e-20, 7));
    const state = new Map([
      ['conv.weight', weight],
      ['momentum.conv.weight', weight],
    ]);
    const kept = JSON.parse(JSON.stringify(keepTensors(state, (name) => !name.startsWith('momentum.'))));
    expect(keptTensors(kept)).toEqual(new Map([['conv.weight', weight]]));
  });
});
