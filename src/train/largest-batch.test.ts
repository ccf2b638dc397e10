import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShapeError } from '../tensor/index.ts';
import { largestBatch } from './largest-batch.ts';

it.each([
  ['few', 200, 9, 600],
  ['many', 1e9, 1e7, 1e10],
])('finds the most that fits where %s bytes grow evenly, and asks for few', (_, fixed, perImage, most) => {
  const line = fc.record({ fixed: fc.nat(fixed), perImage: fc.integer({ min: 1, max: perImage }) });
  const property = fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(most), (lines, limit) => {
    const asked: number[] = [];
    const bytesOf = (batch: number) => {
      asked.push(batch);
      return Math.max(...lines.map((sum) => sum.fixed + sum.perImage * batch));
    };
    const found = largestBatch(bytesOf, limit);
    expect(new Set(asked).size).toBe(asked.length);
    // 2 and 4, beyond the limit, three lines, and 34 halvings of 10^10
    expect(asked.length).toBeLessThan(45);
    if (found > 0) expect(bytesOf(found)).toBeLessThanOrEqual(limit);
    expect(bytesOf(found + 1)).toBeGreaterThan(limit);
  });
  fc.assert(property, { numRuns: 1000 });
});

it('asks for few where a slope begins far beyond the first sizes', () => {
  let asked = 0;
  const bytesOf = (batch: number) => {
    asked++;
    return Math.max(72_900_000 + batch, 10_240 * batch);
  };
  expect(largestBatch(bytesOf, 72_907_290)).toBe(7_119);
  expect(asked).toBeLessThan(45);
});

it('is 1 where two are too many, and 0 where one is, or cannot be built', () => {
  expect(largestBatch((batch) => 10 * batch, 15)).toBe(1);
  expect(largestBatch((batch) => 10 * batch, 9)).toBe(0);
  const needsTwo = (batch: number) => {
    if (batch < 2) throw new ShapeError('batchNorm: a variance needs at least two numbers per channel');
    return 10 * batch;
  };
  expect(largestBatch(needsTwo, 19)).toBe(0);
  expect(largestBatch(needsTwo, 25)).toBe(2);
});
