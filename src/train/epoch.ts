/** The steps of one epoch, from wherever the run stands in it. */
import { batches, shuffledOrder } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import { topK } from '../metrics/index.ts';
import { type Tensor, TrainingError } from '../tensor/index.ts';
import { realSamples } from './evaluate-split.ts';
import type { Callback } from './events.ts';
import type { RunFolder } from './run-folder.ts';
import type { Settings } from './settings.ts';
import type { Position } from './snapshot.ts';
import { stepInputs } from './step-inputs.ts';
import { parametersOf } from './step-program.ts';

export interface EpochWork {
  readonly settings: Settings;
  /** The training step. */
  readonly program: Program;
  readonly executable: Executable;
  readonly folder: RunFolder;
  /** Moved forward by every step. */
  readonly position: Position;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
}

const logEvery = 50;

/** Runs the epoch's remaining steps; undefined where the signal came with some still to do. @throws TrainingError, DataError */
export async function runEpoch(work: EpochWork): Promise<{ lr: number; imagesPerSecond: number } | undefined> {
  const { settings, program, executable, folder, position, callbacks, signal } = work;
  const { splits, batchSize, augment, seed, epochs, schedule } = settings;
  const { train, normalisation } = splits;
  const stepsPerEpoch = Math.ceil(train.length / batchSize);
  const from = position.step - position.epoch * stepsPerEpoch;
  const order = shuffledOrder(train.length, seed, position.epoch);
  const source = { dataset: train, order, batchSize, augment, normalisation, seed, epoch: position.epoch, from };
  const began = performance.now();
  let images = 0;
  // of the step before, where an epoch only has its validation left
  let lr = schedule.rate(Math.max(0, position.step - 1), epochs * stepsPerEpoch);
  for await (const batch of batches(source)) {
    if (signal?.aborted) return undefined;
    lr = schedule.rate(position.step, epochs * stepsPerEpoch);
    const outputs = await executable.run('step', stepInputs(program, batch, lr, seed, position.step));
    expectFinite(outputs, program, position, folder);
    const loss = (outputs.get('loss') as Tensor).data[0] as number;
    const classes = train.classes.length;
    const real = realSamples(outputs.get('logits') as Tensor, batch, classes);
    position.step++;
    position.partial.loss += loss * batch.count;
    position.partial.correct += topK(real.logits, real.labels, classes, 1);
    position.partial.count += batch.count;
    images += batch.count;
    const imagesPerSecond = (images * 1000) / (performance.now() - began);
    const { partial, step } = position;
    const running = { loss: partial.loss / partial.count, top1: partial.correct / partial.count };
    const stepInEpoch = step - position.epoch * stepsPerEpoch;
    const left = epochs * train.length - position.epoch * train.length - partial.count;
    const at = { epoch: position.epoch + 1, epochs, stepInEpoch, stepsPerEpoch, step };
    if (step % logEvery === 0) await folder.log({ kind: 'step', ...at, loss, lr, imagesPerSecond });
    for (const { onStep } of callbacks)
      onStep?.({ ...at, loss, running, lr, imagesPerSecond, secondsLeft: left / imagesPerSecond });
  }
  return { lr, imagesPerSecond: (images * 1000) / (performance.now() - began) };
}

/** @throws TrainingError naming the step and the first parameter whose gradient is not finite; the state is still the last good one */
function expectFinite(
  outputs: ReadonlyMap<string, Tensor>,
  program: Program,
  position: Position,
  folder: RunFolder,
): void {
  const loss = outputs.get('loss')?.data[0] as number;
  const norms = outputs.get('gradientNorms')?.data as Float32Array;
  const wrong = norms.findIndex((norm) => !Number.isFinite(norm));
  const total = norms.reduce((sum, norm) => Math.fround(sum + norm), 0);
  if (Number.isFinite(Math.fround(loss + total))) return;
  const parameter = parametersOf(program)[wrong]?.[0];
  const overflow = Number.isFinite(loss) ? '; its gradients add up to more than a float32 holds' : '';
  const named = `; the first parameter with a gradient that is not finite is ${parameter}`;
  const where = parameter === undefined ? overflow : named;
  throw new TrainingError(
    `train: at step ${position.step + 1} (epoch ${position.epoch + 1}) the loss is ${loss}${where}`,
    `try a lower --lr or a warm-up; nothing saved in ${folder.path} was touched`,
  );
}
