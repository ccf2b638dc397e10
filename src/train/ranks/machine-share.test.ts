import { expect, it } from 'vitest';
import { evaluator, type Ranks } from '../../engines/index.ts';
import { rankThreads } from '../../mpi/index.ts';
import { engineConfigOf } from '../config.ts';
import { threadsOf, workersOf } from './machine-share.ts';

const ranks = { ranks: { size: 4 } as Ranks, syncBatchNorm: false };
const engines = { engine: evaluator, testEngine: evaluator };
const plan = { precision: 'float32', threads: 7 } as const;

it('records the threads of one process, and of ranks what was asked for', () => {
  const recorded = (settings: Partial<Parameters<typeof engineConfigOf>[0]>, before?: number) => {
    const given = { ...engines, ranks: undefined, threads: undefined, ...settings };
    const { threads, ranks } = engineConfigOf(given, plan, before);
    return { threads, ranks };
  };
  expect(recorded({})).toEqual({ threads: 7, ranks: undefined });
  expect(recorded({ ranks })).toEqual({ threads: undefined, ranks: 4 });
  expect(recorded({ ranks, threads: 3 })).toEqual({ threads: 3, ranks: 4 });
  expect(recorded({}, 4)).toEqual({ threads: 7, ranks: 1 });
});

it('a rank has its part of the machine where nobody said, and one process leaves its engine the choice', () => {
  expect(threadsOf({ ranks, threads: undefined })).toBe(rankThreads());
  expect(threadsOf({ ranks, threads: 3 })).toBe(3);
  expect(threadsOf({ ranks: undefined, threads: undefined })).toBeUndefined();
  expect(workersOf({ ranks, workers: 0 })).toBe(0);
});
