import { describe, expect, it } from 'vitest';
import { pathShares } from '../arithmetic/path-lengths.ts';
import { effectivePaths } from './effective-paths.ts';
import { pathsFindings } from './paths-findings.ts';
import type { PathsRecord } from './paths-result.ts';

/** A network where every branch multiplies what a path carries by `factor`, and all paths point one way. */
function record(blocks: number, factor: number, change: Partial<PathsRecord> = {}): PathsRecord {
  const lengths = pathShares(blocks).map((share, length) => {
    const norm = factor ** length;
    return { length, share, norm, low: norm, high: norm };
  });
  return { network: 'tower', blocks, samples: 1, lengths, whole: (1 + factor) ** blocks, ...change };
}

const says = (given: PathsRecord) =>
  pathsFindings(given)
    .map(({ says }) => (typeof says === 'string' ? says : says.en))
    .join('\n');

describe('what paths say', () => {
  it('is of three kinds, and a fourth where nothing was measured', () => {
    expect(says(record(54, 0.25))).toContain('As in the paper, short paths carry it');
    expect(says(record(54, 0.25))).toContain('each further branch multiplies it by 0.25');
    expect(says(record(12, 0.8))).toContain('Shorter paths than the most frequent');
    expect(says(record(54, 1))).toContain('It cannot be told whether short or long paths');
    expect(says(record(54, 3))).toContain('it is not the short paths');
    const [first, ...others] = record(4, 1).lengths;
    const lost = record(4, 1, { lengths: [{ ...first, norm: null } as (typeof others)[number], ...others] });
    expect(says(lost)).toContain('It cannot be told: a gradient was not finite');
  });

  it('is a run of lengths with the share of all paths that they are', () => {
    const found = effectivePaths(record(54, 0.25));
    expect(found?.mean).toBeCloseTo(54 / 5, 8);
    expect(found?.range.from).toBeGreaterThan(3);
    expect(found?.range.to).toBeLessThan(18);
    expect(found?.share).toBeLessThan(0.005);
  });

  it('tells what all would add up to from what they give together', () => {
    expect(says(record(10, 0.5))).toContain('paths hardly cancel each other');
    expect(says(record(10, 0.5, { whole: 1 }))).toContain(
      '57.67 times the norm of the gradient itself, 1. So paths cancel',
    );
  });
});
