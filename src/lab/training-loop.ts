/** A training of so many steps with its accuracy on the way: for what `Laboratory.train` does not do, such as a part of the classes, or a teacher. */
import { initialState } from '../ir/index.ts';
import { topK } from '../metrics/index.ts';
import type { Network, Objective } from '../nn/index.ts';
import { predictionProgram, stepInputs, stepProgram } from '../step/index.ts';
import { EngineError, Random, type Tensor, tensor } from '../tensor/index.ts';
import type { Curve, CurvePoint } from './arithmetic/steps-to.ts';
import type { Laboratory, LaboratoryBatch } from './laboratory.ts';

/** What is trained, and how long. */
export interface StepTraining {
  readonly network: Network;
  readonly classes: number;
  readonly train: LaboratoryBatch;
  readonly test: LaboratoryBatch;
  readonly steps: number;
  readonly batchSize: number;
  /** After ten steps in which it grows. */
  readonly lr: number;
  /** Steps between two measurements. */
  readonly every: number;
  readonly seed: number;
  /** Weights and statistics in place of those that the seed gives. */
  readonly start?: ReadonlyMap<string, Tensor>;
  readonly loss?: Objective;
  /** Of each training image, [images, classes], where the loss is fed them as an input of this name. */
  readonly teacher?: { readonly input: string; readonly logits: Float32Array };
  /** For the person who waits. */
  readonly text: string;
}

/** What came of it. */
export interface SteppedTraining {
  readonly curve: Curve;
  readonly state: ReadonlyMap<string, Tensor>;
}

const warmUp = 10;
const predicted = 100;

/** Trains with momentum at a constant rate. @throws EngineError where the loss stops being finite; the signal's reason */
export async function trainSteps(lab: Laboratory, training: StepTraining): Promise<SteppedTraining> {
  const { network, classes, train, batchSize, steps, lr, every, seed, start, loss, teacher, text } = training;
  const shared = { network, image: lab.image, classes };
  const step = stepProgram({ ...shared, batchSize, ...(loss && { loss }) });
  const predict = predictionProgram({ ...shared, batchSize: predicted });
  const executable = await lab.engine.compile({ step, predict }, { threads: lab.threads });
  try {
    const fresh = initialState(step.graph, seed);
    await executable.load(new Map([...fresh].map(([name, own]) => [name, start?.get(name) ?? own])));
    const accuracy = (): Promise<number> =>
      accuracyOn(training, lab.image, async (images) => {
        const outputs = await executable.run('predict', new Map([['image', images]]));
        return (outputs.get('logits') as Tensor<'float32'>).data;
      });
    const points: CurvePoint[] = [{ step: 0, seconds: 0, top1: await accuracy() }];
    const weights = new Float32Array(batchSize).fill(1);
    let seconds = 0;
    for (let at = 0; at < steps; at++) {
      lab.signal.throwIfAborted();
      const rows = batchRows(train.labels.length, batchSize, seed, at);
      const labels = Int32Array.from(rows, (row) => train.labels[row] as number);
      const images = rowsOf(train.images, train.images.length / train.labels.length, rows);
      const more = teacher ? { [teacher.input]: rowsOf(teacher.logits, classes, rows) } : {};
      const rate = lr * Math.min(1, (at + 1) / warmUp);
      const inputs = stepInputs(step, { images, labels, weights }, rate, seed, at, more);
      const began = performance.now();
      const outputs = await executable.run('step', inputs);
      seconds += (performance.now() - began) / 1000;
      if (!outputs.kept)
        throw new EngineError(
          `${text}: expected a finite loss, but in step ${at + 1} it is not`,
          'a smaller rate may help',
        );
      if ((at + 1) % every === 0 || at + 1 === steps) {
        points.push({ step: at + 1, seconds, top1: await accuracy() });
        lab.progress(`${text}, seed ${seed}`, (at + 1) / steps);
      }
    }
    return { curve: { seed, points }, state: await executable.read() };
  } finally {
    await executable.dispose();
  }
}

/** Which images a step has: each epoch in an order of its own, without those that fill no batch. */
export function batchRows(images: number, batchSize: number, seed: number, step: number): Uint32Array {
  const each = Math.max(1, Math.floor(images / batchSize));
  const order = new Random(seed)
    .fork('training loop')
    .fork(Math.floor(step / each))
    .shuffle(Uint32Array.from({ length: images }, (_, i) => i));
  const first = (step % each) * batchSize;
  return Uint32Array.from({ length: batchSize }, (_, i) => order[(first + i) % images] as number);
}

function rowsOf(values: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const found = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) found.set(values.subarray(row * width, (row + 1) * width), i * width);
  return found;
}

async function accuracyOn(
  { test, classes }: StepTraining,
  { channels, height, width }: Laboratory['image'],
  logitsOf: (images: Tensor<'float32'>) => Promise<Float32Array>,
): Promise<number> {
  const size = channels * height * width;
  const count = test.labels.length;
  let right = 0;
  for (let first = 0; first < count; first += predicted) {
    const images = new Float32Array(predicted * size);
    images.set(test.images.subarray(first * size, Math.min(count, first + predicted) * size));
    const logits = await logitsOf(tensor('float32', [predicted, channels, height, width], images));
    const labels = test.labels.subarray(first, Math.min(count, first + predicted));
    right += topK(logits.subarray(0, labels.length * classes), labels, classes, 1);
  }
  return right / count;
}
