import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage, coverageAt, fewerPoints } from './index.ts';

describe('coverage', () => {
  it('answers the surest first, and measures the area under the errors', () => {
    // by hand: right, right, wrong, right, wrong have the risks 0, 0, 1/3, 1/4, 2/5 at the coverages 1/5 … 1
    const found = coverage(new Float64Array([0.6, 0.9, 0.8, 0.7, 0.5]), [1, 1, 1, 0, 0]);
    expect(found.points).toEqual([
      { threshold: 0.9, coverage: 0.2, accuracy: 1 },
      { threshold: 0.8, coverage: 0.4, accuracy: 1 },
      { threshold: 0.7, coverage: 0.6, accuracy: 1 - 1 / 3 },
      { threshold: 0.6, coverage: 0.8, accuracy: 0.75 },
      { threshold: 0.5, coverage: 1, accuracy: 0.6 },
    ]);
    expect(found.aurc).toBeCloseTo((1 / 3 + 1 / 4 + 2 / 5) / 5, 12);
    // the two wrong ones last: 1/4 and 2/5
    expect(found.bestAurc).toBeCloseTo((1 / 4 + 2 / 5) / 5, 12);
  });

  it('has the least area near r + (1 − r) ln(1 − r) of many images', () => {
    // Geifman, Uziel and El-Yaniv (2019), equation 5; r is the error without choice
    const [total, wrong] = [20_000, 3000];
    const confidences = Float64Array.from({ length: total }, (_, i) => 1 - i / total);
    const correct = Uint8Array.from({ length: total }, (_, i) => (i < total - wrong ? 1 : 0));
    const { aurc, bestAurc } = coverage(confidences, correct);
    expect(aurc).toBeCloseTo(bestAurc, 12);
    expect(bestAurc).toBeCloseTo(0.15 + 0.85 * Math.log(0.85), 4);
  });

  it('takes equal confidences together, in the mean over their orders', () => {
    const [half, full] = [coverage(new Float64Array([0.5, 0.5]), [1, 0]), coverage(new Float64Array(3), [1, 1, 1])];
    expect(half.points).toEqual([{ threshold: 0.5, coverage: 1, accuracy: 0.5 }]);
    // the wrong one first: 1 and 1/2; last: 0 and 1/2
    expect(half.aurc).toBeCloseTo((1 + 0.5 + 0 + 0.5) / 4, 12);
    expect(full.aurc).toBe(0);
  });

  it('ends at the whole accuracy, with an area no less than the best, in any order of the images', () => {
    const images = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(images, (pairs) => {
        const of = (list: typeof pairs) =>
          coverage(
            Float64Array.from(list, ([confidence]) => confidence / 9),
            list.map(([, isRight]) => Number(isRight)),
          );
        const found = of(pairs);
        expect(found.points.at(-1)?.coverage).toBe(1);
        expect(found.points.at(-1)?.accuracy).toBeCloseTo(
          pairs.filter(([, isRight]) => isRight).length / pairs.length,
          12,
        );
        expect(found.aurc).toBeGreaterThanOrEqual(found.bestAurc - 1e-12);
        expect(of([...pairs].reverse())).toEqual(found);
      }),
    );
  });

  it('tells how much can be answered with an accuracy', () => {
    const found = coverage(new Float64Array([0.9, 0.8, 0.7, 0.6]), [1, 1, 0, 1]);
    expect(coverageAt(found, 0.75)).toMatchObject({ coverage: 1, threshold: 0.6 });
    expect(coverageAt(found, 0.9)).toMatchObject({ coverage: 0.5, threshold: 0.8 });
    expect(coverageAt(coverage(new Float64Array([0.9]), [0]), 0.5)).toBeUndefined();
  });

  it('can be drawn with fewer points, the ends among them', () => {
    const { points } = coverage(
      Float64Array.from({ length: 1000 }, (_, i) => i / 1000),
      new Uint8Array(1000).fill(1),
    );
    const fewer = fewerPoints(points, 100);
    expect(fewer.length).toBeLessThanOrEqual(100);
    expect(fewer.length).toBeGreaterThan(90);
    expect([fewer[0], fewer.at(-1)]).toEqual([points[0], points.at(-1)]);
    expect(fewerPoints(points.slice(0, 3), 100).length).toBeLessThanOrEqual(3);
  });

  it('refuses what is no number', () => {
    expect(() => coverage(new Float64Array([0.5, Number.NaN]), [1, 0])).toThrow(
      'expected confidences, got NaN in row 1',
    );
  });
});
