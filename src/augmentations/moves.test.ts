import { describe, expect, test } from 'vitest';
import type { Augmentation, Image } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { affine, rotate } from './index.ts';

const side = 121;
const draws = 1500;

/** Black, with a white square of 3×3 about this place from the middle. */
function marked(right: number, down: number): Image {
  const pixels = new Uint8Array(side * side);
  for (let y = -1; y <= 1; y++) for (let x = -1; x <= 1; x++) pixels[(60 + down + y) * side + 60 + right + x] = 255;
  return { channels: 1, height: side, width: side, pixels };
}

/** Where the mark is after each draw, from the middle. */
function places(augmentation: Augmentation, right: number, down: number) {
  const random = new Random(1);
  const sample = { image: marked(right, down), label: 0 };
  return Array.from({ length: draws }, () => {
    const { pixels } = augmentation.apply(sample, random).image;
    let [x, y, sum] = [0, 0, 0];
    pixels.forEach((level, at) => {
      x += level * ((at % side) - 60);
      y += level * (Math.floor(at / side) - 60);
      sum += level;
    });
    return { x: x / sum, y: y / sum };
  });
}

/** Asserts that values are spread evenly from −most to most. */
function expectEven(values: readonly number[], most: number, precision: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / draws;
  expect(Math.abs(mean)).toBeLessThan((5 * most) / Math.sqrt(3 * draws) + precision / 4);
  // the variance of a uniform one is most² / 3, and of that the deviation √(4/45) most²
  expect(Math.abs(variance - most ** 2 / 3)).toBeLessThan((5 * 0.3 * most ** 2) / Math.sqrt(draws) + precision * most);
  expect(Math.max(...values.map(Math.abs))).toBeLessThan(most + precision);
  expect(Math.max(...values)).toBeGreaterThan(0.95 * most - precision);
  expect(Math.min(...values)).toBeLessThan(-0.95 * most + precision);
}

const degreesOf = ({ x, y }: { x: number; y: number }) => (Math.atan2(y, x) * 180) / Math.PI;
const bilinear = { interpolation: 'bilinear' } as const;
const still = { degrees: 0, translate: [0, 0], scale: [1, 1], shear: [0, 0], ...bilinear } as const;

test('rotate turns round the centre by angles of either sign', () => {
  const found = places(rotate({ degrees: 40, ...bilinear }), 50, 0);
  expectEven(found.map(degreesOf), 40, 0.6);
  for (const { x, y } of found) expect(Math.abs(Math.hypot(x, y) - 50)).toBeLessThan(0.8);
});

test('rotate fills what comes in', () => {
  const white = { channels: 1, height: 9, width: 9, pixels: new Uint8Array(81).fill(255) };
  const random = new Random(2);
  const corners = Array.from(
    { length: 30 },
    () => rotate({ degrees: 180, fill: 7 }).apply({ image: white, label: 0 }, random).image.pixels[0],
  );
  expect(new Set(corners)).toEqual(new Set([7, 255]));
});

describe('affine', () => {
  test('turns', () => {
    expectEven(places(affine({ ...still, degrees: 30 }), 50, 0).map(degreesOf), 30, 0.6);
  });

  test('moves by whole pixels, across and down apart', () => {
    const found = places(affine({ ...still, translate: [0.2, 0.1] }), 0, 0);
    expectEven(
      found.map(({ x }) => x),
      24.2,
      1,
    );
    expectEven(
      found.map(({ y }) => y),
      12.1,
      1,
    );
    expect(found.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y))).toBe(true);
  });

  test('scales', () => {
    const found = places(affine({ ...still, scale: [0.7, 1.3] }), 40, 0).map(({ x }) => x / 40 - 1);
    expectEven(found, 0.3, 0.03);
  });

  test('shears across by its first angle, and down by its second', () => {
    const across = places(affine({ ...still, shear: [20, 0] }), 0, 40);
    expect(across.every(({ y }) => Math.abs(y - 40) < 0.6)).toBe(true);
    expectEven(
      across.map(({ x }) => (Math.atan(x / 40) * 180) / Math.PI),
      20,
      1,
    );
    const down = places(affine({ ...still, shear: [0, 20] }), 40, 0);
    expect(down.every(({ x }) => Math.abs(x - 40) < 0.6)).toBe(true);
    expectEven(
      down.map(({ y }) => (Math.atan(y / 40) * 180) / Math.PI),
      20,
      1,
    );
  });

  test('refuses scales that are turned round', () => {
    expect(() => affine({ scale: [1.1, 0.9] })).toThrow('affine: `scale` must be the least and the largest');
  });
});
