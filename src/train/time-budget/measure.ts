/** How long the parts of a run take, found by doing a little of each. */
import type { Dataset } from '../../data/index.ts';
import { tensor } from '../../tensor/index.ts';
import { stateOf } from '../kept-state.ts';
import type { RunUnderWay } from '../run.ts';
import { stepsPerEpoch } from '../settings.ts';
import { trialSteps, withoutTrace } from '../trial-steps.ts';

/** The first steps wait for threads, memory and images that are not prepared ahead yet: they count where there are hardly others. */
const warmUp = 3;
/** That are tried though they take longer than they should; 2, where that is much longer. */
const leastSteps = 7;
const muchLonger = 3;
/** Of a checkpoint, which most disks take; engines hand their state over much faster. */
const bytesWrittenPerSecond = 300e6;

/** Seconds of something the first time, when images are read and decoded, and later. */
export interface FirstAndLater {
  readonly first: number;
  readonly later: number;
}

/** A step of the phase that is open, tried for about `seconds`; the state is then what it was. @throws TrainingError, DataError */
export function measureSteps(run: RunUnderWay, seconds: number): Promise<FirstAndLater> {
  // a rate of 0 takes as long as any, and no loss can run away
  const steps = () => trialSteps(run, () => 0);
  return withoutTrace(run, () => firstAndLater(run, seconds, stepsPerEpoch(run.settings), steps));
}

/** The whole validation, of which as much is tried as `seconds` have room for. @throws DataError */
export async function measureValidation(run: RunUnderWay, seconds: number): Promise<FirstAndLater> {
  const shape = run.programs.predict.graph.inputs.get('image')?.type.shape ?? [];
  const batches = Math.ceil(run.settings.splits.validation.length / (shape[0] ?? 1));
  const { first, later } = await firstAndLater(run, seconds, batches, () => validationBatches(run, shape));
  return { first: first * batches, later: later * batches };
}

async function firstAndLater(
  { settings, phase, signal }: RunUnderWay,
  seconds: number,
  whole: number,
  tries: () => AsyncGenerator<unknown>,
): Promise<FirstAndLater> {
  const isRead = settings.splits.train.images !== undefined && !phase.isOnFeatures;
  if (!isRead) {
    const later = meanOf(await durations(tries(), seconds, Number.POSITIVE_INFINITY, signal));
    return { first: later, later };
  }
  const first = meanOf(await durations(tries(), seconds / 3, whole, signal));
  // the same images again, as far as they are kept
  return { first, later: meanOf(await durations(tries(), (2 * seconds) / 3, Number.POSITIVE_INFINITY, signal)) };
}

/** Seconds of each. */
async function durations(
  tries: AsyncGenerator<unknown>,
  limit: number,
  most: number,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const taken: number[] = [];
  const began = performance.now();
  let last = began;
  for await (const _ of tries) {
    const now = performance.now();
    taken.push((now - last) / 1000);
    last = now;
    const over = (now - began) / 1000 / limit;
    const isEnough = over > 1 && taken.length >= (over > muchLonger ? 2 : leastSteps);
    if (isEnough || taken.length >= most || signal?.aborted) break;
  }
  return taken;
}

/** Of those that are warm. */
function meanOf(taken: readonly number[]): number {
  const warm = taken.slice(Math.min(warmUp, Math.floor(taken.length / 2)));
  return warm.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, warm.length);
}

async function* validationBatches(run: RunUnderWay, shape: readonly number[]): AsyncGenerator<number> {
  const { executable, settings, feed } = run;
  const { validation, normalisation } = settings.splits;
  const [batchSize = 1] = shape;
  const onBadImage = settings.onBadImage === 'skip' ? ('leave out' as const) : ('stop' as const);
  const source = { dataset: validation, order: inOrder(validation), batchSize, normalisation, image: settings.image };
  for await (const batch of feed.batches({ ...source, onBadImage })) {
    await executable.run('predict', new Map([['image', tensor('float32', shape, batch.images)]]));
    yield batch.index;
  }
}

const inOrder = ({ length }: Dataset) => Uint32Array.from({ length }, (_, i) => i);

/** Reading the state once and writing it as the last and the best checkpoint. */
export async function measureSaving(run: RunUnderWay): Promise<number> {
  const began = performance.now();
  const tensors = await stateOf(run);
  let bytes = 0;
  for (const { data } of tensors.values()) bytes += data.byteLength;
  return (performance.now() - began) / 1000 + (2 * bytes) / bytesWrittenPerSecond;
}
