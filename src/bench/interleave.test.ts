import { describe, expect, it } from 'vitest';
import { median } from '../metrics/index.ts';
import { interleave, type Rate } from './interleave.ts';

const rate = (imagesPerSecond: number, peakBytes = 1): Rate => ({ imagesPerSecond, peakBytes });

describe('rounds in turns', () => {
  it('takes the middle number, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 100])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('compares what ran in the same round, not medians over all rounds', async () => {
    // a machine that slows down: medians alone would say 90 ÷ 100
    const [ours, theirs] = [
      [200, 90, 20],
      [400, 100, 100],
    ];
    const turns: string[] = [];
    const found = await interleave({
      rounds: 3,
      ours: async () => rate(ours[turns.push('ours') >> 1] as number),
      theirs: async () => rate(theirs[(turns.push('theirs') - 1) >> 1] as number, turns.length),
    });
    expect(turns).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
    expect(found).toEqual({ ours: rate(90), theirs: { ...rate(100, 6), ratio: 0.5 } });
  });

  it('goes on alone where the other side gives up, and does not ask it again', async () => {
    let asked = 0;
    const rounds: number[] = [];
    const turns: string[] = [];
    const found = await interleave({
      rounds: 3,
      ours: async () => rate(10),
      theirs: async () => (++asked === 1 ? rate(5) : undefined),
      onTurn: ({ round, side }) => turns.push(`${side} ${round}`),
      onRound: ({ round }) => rounds.push(round),
    });
    expect(found).toEqual({ ours: rate(10), theirs: undefined });
    expect([asked, rounds]).toEqual([2, [1, 2, 3]]);
    expect(turns).toEqual(['ours 1', 'theirs 1', 'ours 2', 'theirs 2', 'ours 3']);
  });
});
