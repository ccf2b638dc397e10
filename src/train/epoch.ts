/** The steps of one epoch, from wherever the run stands in it. */
import type { RunOutputs } from '../engines/index.ts';
import { topK } from '../metrics/index.ts';
import type { Batch, BatchSource } from '../pipeline/index.ts';
import { parametersOf, stepInputs } from '../step/index.ts';
import { type Tensor, TrainingError } from '../tensor/index.ts';
import { realSamples } from '../trained/index.ts';
import { expectClassesLeft, tellBadImages } from './bad-images.ts';
import { batchCounts, rowOrder } from './batch-counts.ts';
import { weighed } from './class-balance.ts';
import { epochOrder } from './epoch-order.ts';
import type { EpochEvent } from './events.ts';
import { save } from './kept-state.ts';
import { ownRows } from './ranks/run-ranks.ts';
import { type StepSums, summed } from './ranks/summed.ts';
import type { RunUnderWay } from './run.ts';
import { withKept } from './run-sink.ts';
import { SaveClock, usualSaveMinutes } from './save-clock.ts';
import { type Settings, stepsAfter, stepsPerEpoch } from './settings.ts';
import { Waiting } from './waiting.ts';

const logEvery = 50;

/** What is told of an epoch's steps. */
export type EndedSteps = Pick<EpochEvent, 'lr' | 'images' | 'imagesPerSecond' | 'waiting'>;

/** Runs the epoch's remaining steps; undefined where the signal came with some still to do. @throws TrainingError, DataError */
export async function runEpoch(run: RunUnderWay): Promise<EndedSteps | undefined> {
  const { settings, sink, position, callbacks, signal, feed, witness, programs } = run;
  const { batchSize, accumulate, epochs } = settings;
  const { train } = settings.splits;
  const steps = stepsPerEpoch(settings);
  const first = position.step - position.epoch * steps;
  const end = stepsAfter(settings, position.epoch + 1);
  const unseen = (run.to * steps - stepsAfter(settings, run.to)) * batchSize * accumulate;
  const order = epochOrder(settings, position.epoch);
  const source = trainingSource(settings, order, position.epoch);
  const countOf = batchCounts(settings, rowOrder(run, source));
  const began = performance.now();
  const waiting = new Waiting();
  const clock = new SaveClock(settings.saveMinutes ?? usualSaveMinutes);
  let images = 0;
  // of the step before, where an epoch only has its validation left
  let lr = rateAt(run, Math.max(run.from * steps, position.step - 1));
  let sums = nothing();
  // images of the step so far, on all ranks
  let seen = 0;
  const rest = position.step < end ? feed.batches({ ...source, from: first * accumulate }) : nothingLeft();
  for await (const batch of waiting.over(rest)) {
    const place = batch.index % accumulate;
    if (place === 0) {
      if (signal?.aborted) return undefined;
      lr = rateAt(run, position.step);
      sums = nothing();
      seen = 0;
      await witness?.onStepBegins?.(run);
    }
    if (batch.bad) await tellBadImages(run, 'train', batch.bad, position.step + 1);
    const samples = Math.min(batchSize * accumulate, train.length - (batch.index - place) * batchSize);
    const { own, share } = countOf(batch);
    const { loss, correct } = await runBatch(run, batch, lr, place, share);
    sums = { loss: sums.loss + loss * own, own: sums.own + own, correct: sums.correct + correct };
    seen += Math.min(batchSize, samples - seen);
    if (seen < samples) continue;
    const ended = await summed(run, sums, clock.isDue);
    sums = ended;
    if (programs.batch !== programs.whole) await update(run, batch, lr, sums.loss / sums.own);
    position.step++;
    position.partial.loss += sums.loss;
    position.partial.correct += sums.correct;
    position.partial.count += samples;
    images += samples;
    const imagesPerSecond = (images * 1000) / (performance.now() - began);
    const { partial, step } = position;
    const running = { loss: partial.loss / partial.count, top1: partial.correct / partial.count };
    const stepInEpoch = step - position.epoch * steps;
    const left = Math.max(0, (run.to - position.epoch) * train.length - partial.count - unseen);
    const at = { epoch: position.epoch + 1, epochs, stepInEpoch, stepsPerEpoch: end - position.epoch * steps, step };
    const told = { ...at, loss: programs.batch === programs.whole ? loss : sums.loss / sums.own };
    const pace = { imagesPerSecond, waiting: waiting.share };
    await witness?.onStepEnds?.(run, { loss: told.loss, lr });
    if (step % logEvery === 0) await sink.log({ kind: 'step', ...told, lr, ...pace });
    for (const { onStep } of callbacks)
      onStep?.({ ...told, running, lr, ...pace, secondsLeft: left / imagesPerSecond });
    if (ended.isSaveDue) {
      await save(run);
      clock.restart();
    }
    if (step === end) break;
  }
  expectClassesLeft(run, train);
  return { lr, images, imagesPerSecond: (images * 1000) / (performance.now() - began), waiting: waiting.share };
}

/** Each phase has the schedule from its beginning to its end. */
function rateAt({ settings, from, to }: RunUnderWay, step: number): number {
  const before = stepsAfter(settings, from);
  return settings.schedule.rate(step - before, stepsAfter(settings, to) - before);
}

/** What an epoch is made from. @param order indices of the training samples */
export function trainingSource(settings: Settings, order: ArrayLike<number>, epoch: number): BatchSource {
  const { splits, augment, seed, image, draws, onBadImage, ranks } = settings;
  const { train: dataset, normalisation } = splits;
  const rows = ownRows(settings);
  const part = ranks && rows;
  const source = { dataset, order, batchSize: rows.count, part, augment, normalisation, seed, epoch, image, draws };
  return { ...source, onBadImage: onBadImage === 'skip' ? 'replace' : 'stop' };
}

const nothing = (): StepSums => ({ loss: 0, own: 0, correct: 0 });

async function* nothingLeft(): AsyncGenerator<Batch, void, undefined> {}

/** A whole step; or its first half, on the batch at `place` of those that add up, of which it is this share. */
export async function runBatch(
  run: RunUnderWay,
  batch: Batch,
  lr: number,
  place: number,
  share: number,
): Promise<{ loss: number; correct: number }> {
  const { settings, programs, executable, position } = run;
  const { accumulate, seed, splits } = settings;
  const classes = splits.train.classes.length;
  const more = { share, step: stepOfPhase(run) };
  const { ranks } = settings;
  const inputs = stepInputs(
    programs.batch,
    counted(weighed(batch, settings.weightOfClass)),
    lr,
    seed,
    position.step * accumulate + place,
    more,
    ranks && ownRows(settings),
  );
  const outputs = await executable.run(programs.batch === programs.whole ? 'step' : 'gradients', inputs);
  run.witness?.onBatch?.(batch, inputs, outputs);
  const loss = (outputs.get('loss') as Tensor).data[0] as number;
  expectFinite(run, outputs, loss);
  const real = realSamples(outputs.get('logits') as Tensor, batch, classes);
  return { loss, correct: topK(real.logits, real.labels, classes, 1) };
}

/** Where a rank has nothing but what fills up, its share is 0, and its loss must still be a number. */
const counted = (batch: Batch): Batch =>
  batch.count > 0 ? batch : { ...batch, weights: new Float32Array(batch.weights.length).fill(1) };

/** The second half of a step whose gradients have added up. */
export async function update(run: RunUnderWay, batch: Batch, lr: number, loss: number): Promise<void> {
  const { settings, programs, executable, position } = run;
  const inputs = stepInputs(programs.whole, batch, lr, settings.seed, position.step, { step: stepOfPhase(run) });
  const outputs = await executable.run('update', inputs);
  run.witness?.onUpdate?.(outputs);
  expectFinite(run, outputs, loss);
}

/** Whole steps that the optimiser has taken: it begins anew with each phase. */
const stepOfPhase = ({ settings, position, from }: RunUnderWay) => position.step - from * stepsPerEpoch(settings);

/** @throws TrainingError naming the step and the first parameter whose gradient is not finite; the state is still the last good one */
function expectFinite({ programs, position, sink }: RunUnderWay, outputs: RunOutputs, loss: number): void {
  // in float64 a loss may be finite that float32 cannot hold
  if (outputs.kept && Number.isFinite(loss)) return;
  const norms = outputs.get('gradientNorms')?.data as Float32Array;
  const wrong = norms.findIndex((norm) => !Number.isFinite(norm));
  const parameter = parametersOf(programs.whole)[wrong]?.[0];
  const overflow = Number.isFinite(loss) ? '; its gradients add up to more than a float32 holds' : '';
  const named = `; the first parameter with a gradient that is not finite is ${parameter}`;
  const where = parameter === undefined ? overflow : named;
  throw new TrainingError(
    `train: at step ${position.step + 1} (epoch ${position.epoch + 1}) the loss is ${loss}${where}`,
    withKept('try a lower --lr or a warm-up', sink),
  );
}
