/** A batch size that is left open becomes a number once, which a run records and goes on with. */
import { densenet, memorySink, type StartEvent, type TrainOptions, train } from 'skein';
import { expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';

const options: TrainOptions = {
  model: densenet({ depth: 7, growth: 4 }),
  data: {
    train: shapes({ name: 'train', length: 40, size: 12 }),
    validation: shapes({ name: 'validation', length: 15, size: 12 }),
    normalisation: { mean: [0.3], std: [0.25] },
  },
  batchSize: 'auto',
  maxSteps: 7,
  engine: 'onnxruntime',
  threads: 1,
};

it('is said, recorded, and the same when the run goes on', async () => {
  const out = memorySink();
  const controller = new AbortController();
  let started: StartEvent | undefined;
  const onStart = (event: StartEvent) => {
    started = event;
  };
  const onStep = ({ step }: { step: number }) => step === 3 && controller.abort();
  await train({ ...options, out, signal: controller.signal, callbacks: [{ onStart, onStep }] });
  expect(started).toMatchObject({ batchSize: 8, batchReason: 'so that an epoch has 16 steps or more' });
  expect(out.config).toMatchObject({ batchSize: 8 });
  const run = await train({ ...options, out, resume: true });
  expect(run.stopped).toBe('finished');
  expect(run.epochs.map(({ images }) => images)).toEqual([16, 16]);
});

it('refuses other words', async () => {
  await expect(train({ ...options, batchSize: 'all' as 'auto', out: memorySink() })).rejects.toThrow(
    '`batchSize` must be',
  );
});
