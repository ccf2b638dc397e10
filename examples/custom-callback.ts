/** A callback of your own watches a run and may end it. Run it with `npx tsx examples/custom-callback.ts`. */
import { fileURLToPath } from 'node:url';
import { type Callback, type Run, resnet, type TrainOptions, train } from 'skein';

/** Ends a run whose validation accuracy has not risen for `patience` epochs. Make a new one for each run. */
export function earlyStopping({ patience }: { readonly patience: number }): Callback {
  let best = Number.NEGATIVE_INFINITY;
  let waited = 0;
  return {
    onEpoch({ validation }) {
      waited = validation.top1 > best ? 0 : waited + 1;
      best = Math.max(best, validation.top1);
      return waited >= patience ? 'stop' : undefined;
    },
  };
}

/** Prints a line for each epoch. */
const progress: Callback = {
  onEpoch({ epoch, epochs, train, validation }) {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log(
      `epoch ${epoch} of ${epochs}: ${percent(train.top1)} in training, ${percent(validation.top1)} in validation`,
    );
  },
};

export function run(options: Partial<TrainOptions> = {}): Promise<Run> {
  return train({
    model: resnet({ depth: 8 }),
    data: 'fashion-mnist-sample',
    epochs: 5,
    callbacks: [earlyStopping({ patience: 2 })],
    ...options,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, stopped, epochs } = await run({ callbacks: [progress, earlyStopping({ patience: 2 })] });
  console.log(`${stopped} after ${epochs.length} epochs; the run is in ${folder}`);
}
