import { describe, expect, it } from 'vitest';
import { adamw, sgd } from '../optimisers/index.ts';
import { stepsOfRecord, usualSteps } from './usual-steps.ts';

const facts = { batchSize: undefined, accumulate: 1, epochs: 30, optimiser: sgd() };

describe('what a run takes where nobody said', () => {
  it('is the published batch and rate where there are many images', () => {
    expect(usualSteps({ ...facts, samples: 45_000, epochs: 200 })).toEqual({ batchSize: 128, lr: 0.1, warmup: 0.025 });
    expect(usualSteps({ ...facts, samples: 2560 }).batchSize).toBe(128);
  });

  it('is a smaller batch where there are few, for twenty steps an epoch, at a rate in proportion', () => {
    expect(usualSteps({ ...facts, samples: 2559 })).toMatchObject({ batchSize: 64, lr: 0.05 });
    expect(usualSteps({ ...facts, samples: 1192 })).toMatchObject({ batchSize: 32, lr: 0.025 });
    expect(usualSteps({ ...facts, samples: 100 })).toMatchObject({ batchSize: 16, lr: 0.0125 });
    expect(usualSteps({ ...facts, samples: 5 }).batchSize).toBe(5);
  });

  it('follows a batch that is given, also one that adds up, but never to a higher rate', () => {
    expect(usualSteps({ ...facts, samples: 5000, batchSize: 32 }).lr).toBe(0.025);
    expect(usualSteps({ ...facts, samples: 5000, batchSize: 32, accumulate: 4 }).lr).toBe(0.1);
    expect(usualSteps({ ...facts, samples: 5000, batchSize: 256 }).lr).toBe(0.1);
  });

  it("keeps an optimiser's own rate", () => {
    expect(usualSteps({ ...facts, samples: 100, optimiser: adamw() }).lr).toBe(0.001);
  });

  it('warms up for five epochs, or a tenth of a shorter run', () => {
    const warmups = [1, 30, 50, 100].map((epochs) => usualSteps({ ...facts, samples: 100, epochs }).warmup);
    expect(warmups).toEqual([0.1, 0.1, 0.1, 0.05]);
  });
});

describe('a run that goes on', () => {
  it('keeps what it was started with, when that was usual', () => {
    const recipe = { batchSize: 100, schedule: { name: 'cosine', lr: 0.1, final: 0, warmup: 0 } };
    expect(stepsOfRecord(recipe, { ...facts, samples: 100 })).toEqual({ batchSize: 100, lr: 0.1, warmup: 0 });
  });

  it('has what is said anew', () => {
    const recipe = { batchSize: 100, schedule: { name: 'cosine', lr: 0.1, warmup: 0.1 } };
    expect(stepsOfRecord(recipe, { ...facts, samples: 100, batchSize: 50 }).batchSize).toBe(50);
  });
});
