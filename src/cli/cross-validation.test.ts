import { expect, it } from 'vitest';
import type { CrossValidation, TrainOptions } from '../train/index.ts';
import { printFolds } from './cross-validation.ts';
import { Output } from './output.ts';

it('ends with what to do next, as commands to copy', () => {
  let said = '';
  const stream = {
    write: (text: string) => {
      said += text;
    },
  };
  const score = { epoch: 1, loss: 1, top1: 0.5, correct: 5, total: 10 };
  const over = { mean: 0.5, low: 0.4, high: 0.6, correct: 10, total: 20, pooled: { low: 0.3, high: 0.7 } };
  const result = {
    folder: 'runs/my folds',
    folds: 2,
    stopped: 'finished',
    results: [1, 2].map((fold) => ({
      fold,
      folder: '',
      stopped: 'finished',
      best: score,
      last: score,
      test: undefined,
    })),
    best: over,
    last: over,
  } as unknown as CrossValidation;
  printFolds(new Output({ stdout: stream, stderr: stream }, 'skein'), result, {
    data: ['photos', 'more photos'],
  } as unknown as TrainOptions);
  expect(said).toContain(`
Next:
  skein eval 'runs/my folds/fold-1' --data photos --data 'more photos'
  skein predict 'runs/my folds/fold-1' IMAGE
The same command without --folds trains one network to use.
`);
});
