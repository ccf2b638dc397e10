/** Ranks in one process: each has its own turn to run, and all meet at every sum. */
import type { SumOverRanks } from '../src/engines/evaluator/evaluate.ts';

interface Waiting {
  readonly numbers: Float64Array;
  readonly resolve: (sum: Float64Array) => void;
}

/** What each of so many ranks sums with; a sum is there once all of them have given their numbers. @throws Error where they are not equally many */
function meetingRanks(size: number): SumOverRanks[] {
  let waiting: Waiting[] = [];
  const meet: SumOverRanks = (numbers) =>
    new Promise((resolve, reject) => {
      const [first] = waiting;
      if (first && first.numbers.length !== numbers.length)
        reject(new Error(`one rank reduces ${first.numbers.length} numbers, another ${numbers.length}`));
      waiting.push({ numbers, resolve });
      if (waiting.length < size) return;
      const all = waiting;
      waiting = [];
      const sum = numbers.map((_, i) => all.reduce((total, one) => total + (one.numbers[i] as number), 0));
      for (const one of all) one.resolve(sum.slice());
    });
  return Array.from({ length: size }, () => meet);
}

/** Runs `work` as each of the ranks at the same time. */
export const inRanks = <T>(size: number, work: (rank: number, sum: SumOverRanks) => Promise<T>): Promise<T[]> =>
  Promise.all(meetingRanks(size).map((sum, rank) => work(rank, sum)));
