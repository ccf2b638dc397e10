import { describe, expect, test } from 'vitest';
import type { Augmentation, MixedBatch } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { cutmix, mix, mixup } from './index.ts';

const [channels, height, width] = [2, 8, 10];
const size = channels * height * width;

/** Image i is i + 1 all over, and of class i; the last row only fills up. */
function batchOf(count: number): MixedBatch {
  const rows = count + 1;
  return {
    images: Float32Array.from({ length: rows * size }, (_, at) => Math.floor(at / size) + 1),
    targets: Float32Array.from({ length: rows * rows }, (_, at) => Number(at % rows === Math.floor(at / rows))),
    count,
    channels,
    height,
    width,
  };
}

function mixed(augmentation: Augmentation, count: number, random: Random): MixedBatch {
  const batch = batchOf(count);
  augmentation.mix?.(batch, random);
  return batch;
}

const imageOf = ({ images }: MixedBatch, row: number) => images.subarray(row * size, (row + 1) * size);
const targetsOf = ({ targets, count }: MixedBatch, row: number) => [
  ...targets.subarray(row * (count + 1), (row + 1) * (count + 1)),
];
const ownShare = (batch: MixedBatch, row: number) => targetsOf(batch, row)[row] as number;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ['mixup', mixup()],
  ['cutmix', cutmix()],
  ['mix', mix()],
])('%s', (_, augmentation) => {
  test('shares each label by how much of the image it has; the own label has the larger share', () => {
    const random = new Random(1);
    for (let i = 0; i < 200; i++) {
      const batch = mixed(augmentation, 4, random);
      for (let row = 0; row < 4; row++) {
        const own = ownShare(batch, row);
        expect(own).toBeGreaterThanOrEqual(0.5);
        const expected = [0, 0, 0, 0, 0];
        expected[3 - row] = 1 - own;
        expected[row] = own;
        for (const [at, share] of targetsOf(batch, row).entries()) expect(share).toBeCloseTo(expected[at] as number, 6);
        const image = mean([...imageOf(batch, row)]);
        expect(image).toBeCloseTo(own * (row + 1) + (1 - own) * (4 - row), 5);
      }
    }
  });

  test('leaves the middle one of an odd number, and what only fills up the batch', () => {
    const random = new Random(2);
    for (let i = 0; i < 20; i++) {
      const [before, after] = [batchOf(3), mixed(augmentation, 3, random)];
      for (const row of [1, 3]) {
        expect(imageOf(after, row)).toEqual(imageOf(before, row));
        expect(targetsOf(after, row)).toEqual(targetsOf(before, row));
      }
      expect(mixed(augmentation, 1, random)).toEqual(batchOf(1));
    }
  });
});

test('a batch is mixed with its probability', () => {
  for (const part of [mixup, cutmix, mix]) {
    const random = new Random(3);
    const never = part({ probability: 0 });
    expect(mixed(never, 4, random)).toEqual(batchOf(4));
    const some = part({ probability: 0.3 });
    const changed = Array.from({ length: 1000 }, () => mixed(some, 4, random)).filter(
      (batch) => ownShare(batch, 0) < 1,
    ).length;
    // five deviations; of some boxes nothing lies within the image
    expect(Math.abs(changed - 300)).toBeLessThan(75);
  }
});

test('mixup’s share is the larger of λ and 1 − λ of its Beta distribution', () => {
  const random = new Random(4);
  const shares = (alpha: number) => Array.from({ length: 2000 }, () => ownShare(mixed(mixup({ alpha }), 2, random), 0));
  // of a uniform λ, 3/4; deviation 1/√48
  expect(Math.abs(mean(shares(1)) - 0.75)).toBeLessThan(5 / Math.sqrt(48 * 2000));
  // a small alpha hardly mixes
  expect(mean(shares(0.2))).toBeGreaterThan(0.85);
});

/** Of the first channel. */
const placesOf = (image: Float32Array, level: number) =>
  [...image.slice(0, size / 2).entries()].filter(([, one]) => one === level).map(([at]) => at);

function isBox(places: readonly number[]): boolean {
  const rows = places.map((at) => Math.floor(at / width));
  const columns = places.map((at) => at % width);
  const [down, across] = [rows, columns].map((along) => Math.max(...along) - Math.min(...along) + 1);
  return (down as number) * (across as number) === places.length;
}

test('cutmix moves one box, the same in all channels, of the image’s shape', () => {
  const random = new Random(5);
  const areas: number[] = [];
  for (let i = 0; i < 500; i++) {
    const batch = mixed(cutmix(), 2, random);
    const image = imageOf(batch, 0);
    expect(image.slice(size / 2)).toEqual(image.slice(0, size / 2));
    const [own, other] = [1, 2].map((level) => placesOf(image, level)) as [number[], number[]];
    expect(own.length + other.length).toBe(height * width);
    expect(isBox(own) || isBox(other)).toBe(true);
    areas.push(other.length / (height * width));
  }
  expect(Math.max(...areas)).toBeLessThanOrEqual(0.5);
  expect(new Set(areas).size).toBeGreaterThan(15);
});

test('mix takes either way, by its share of boxes', () => {
  const random = new Random(6);
  const isBoxed = (batch: MixedBatch) => [...imageOf(batch, 0)].every(Number.isInteger);
  const boxed = (boxes: number) =>
    Array.from({ length: 1000 }, () => mixed(mix({ boxes }), 2, random)).filter(isBoxed).length;
  expect(boxed(1)).toBe(1000);
  expect(Math.abs(boxed(0.25) - 250)).toBeLessThan(70);
});
