import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShapeError } from '../tensor/index.ts';
import { largestBatch } from './largest-batch.ts';

it('finds the most that fits, for every sum of memory that grows evenly, and asks for few', () => {
  const line = fc.record({ fixed: fc.nat(1e9), perImage: fc.integer({ min: 1, max: 1e7 }) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(1e10), (lines, limit) => {
      const asked = new Set<number>();
      const bytesOf = (batch: number) => {
        asked.add(batch);
        return Math.max(...lines.map(({ fixed, perImage }) => fixed + perImage * batch));
      };
      const found = largestBatch(bytesOf, limit);
      if (found > 0) expect(bytesOf(found)).toBeLessThanOrEqual(limit);
      expect(bytesOf(found + 1)).toBeGreaterThan(limit);
      expect(asked.size).toBeLessThan(40);
    }),
  );
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
