/** The trainings of an experiment: each is done once in a folder, and goes on where it was interrupted. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint } from '../checkpoint/index.ts';
import type { Precision } from '../engines/index.ts';
import { makeFolder, writeFileAtomic } from '../files/index.ts';
import {
  type Callback,
  type EpochRecord,
  measurementsIn,
  runFolder,
  settledRun,
  type TrainOptions,
  train,
} from '../train/index.ts';
import { someOfEach } from './lab-data.ts';
import { hashOf } from './lab-folder.ts';
import type { Laboratory, Trained, TrainedRecord, Training } from './laboratory.ts';

/** What decides nothing. */
const free = ['data', 'versions', 'workers', 'cache', 'saveMinutes', 'keep', 'threads'];

/** Where trainings are kept, and whom they are told. */
export interface TrainingPlace
  extends Pick<Laboratory, 'data' | 'engine' | 'threads' | 'seed' | 'signal' | 'progress'> {
  readonly folder: string;
  readonly precision: Precision;
}

/** A training as `train` takes it, and where it is kept. */
export interface PlacedTraining {
  readonly options: TrainOptions;
  readonly macs: number;
  readonly folder: string;
}

/** @throws ConfigError, DataError where its options do not go together */
export async function placeTraining(place: TrainingPlace, training: Training): Promise<PlacedTraining> {
  const { images, variant } = training;
  const options = optionsOf(place, training);
  const { config, macs } = await settledRun(options);
  const recipe = Object.fromEntries(Object.entries(config).filter(([name]) => !free.includes(name)));
  const key = hashOf({ recipe, images: images ?? null, variant: variant ?? null }).slice(0, 12);
  return {
    options,
    macs,
    folder: join(place.folder, 'trained', `${training.network.name.replaceAll(/[^\w.-]+/g, '-')}-${key}`),
  };
}

/** What `train` is given. */
export function optionsOf(
  { data, engine, precision, threads, seed, signal }: Omit<TrainingPlace, 'folder' | 'progress'>,
  { network, images, variant: _, ...settings }: Training,
): TrainOptions {
  const some = (part: 'train' | 'validation') => someOfEach(data[part], images ?? 0, seed);
  // who trains on few images is not to spend the time on held-out ones
  const splits = images === undefined ? data : { ...data, train: some('train'), validation: some('validation') };
  return { seed, ...settings, model: network, data: splits, engine, precision, threads, signal };
}

/** Whether nothing of it is left to do. */
export const isTrained = ({ folder }: PlacedTraining): Promise<boolean> => isThere(join(folder, 'trained.json'));

/** @throws what `train` throws; the signal's reason where it came before the end */
export async function trainOnce(place: TrainingPlace, training: Training): Promise<Trained> {
  const { network } = training;
  const placed = await placeTraining(place, training);
  const { options, macs, folder } = placed;
  const done = join(folder, 'trained.json');
  const file = join(folder, 'last.safetensors');
  if (!(await isTrained(placed))) {
    const resume = await isThere(file);
    const last = await trainNow(place, { ...options, out: runFolder(folder, { report: false }), resume }, macs);
    place.signal.throwIfAborted();
    await makeFolder(folder);
    await writeFileAtomic(done, `${JSON.stringify(await wholeRecord(folder, last))}\n`);
  }
  const record = JSON.parse(await readFile(done, 'utf8')) as TrainedRecord;
  return { network, checkpoint: await loadCheckpoint(file), file, record };
}

/** What the last call alone knows. */
type CallRecord = Omit<TrainedRecord, 'epochs' | 'imagesPerSecond'> & { readonly epochsOfCall: number };

/** With the epochs of the calls before it, which were interrupted. */
async function wholeRecord(folder: string, { epochsOfCall, ...call }: CallRecord): Promise<TrainedRecord> {
  const { training } = await loadCheckpoint(join(folder, 'last.safetensors'));
  const measured = (await measurementsIn(folder)).flatMap((one) => (one.kind === 'epoch' ? [one] : []));
  const before = measured.slice(0, measured.length - epochsOfCall);
  return {
    ...call,
    epochs: (training?.history ?? []) as readonly EpochRecord[],
    seconds: before.reduce((sum, { seconds }) => sum + seconds, call.seconds),
    // an epoch of which only the validation was left has made no step
    imagesPerSecond: measured.findLast((epoch) => epoch.imagesPerSecond > 0)?.imagesPerSecond ?? 0,
  };
}

async function trainNow(place: TrainingPlace, options: TrainOptions, macs: number): Promise<CallRecord> {
  const name = (options.model as Training['network']).name;
  const seed = options.seed as number;
  const began = performance.now();
  const progress: Callback = {
    onStep: ({ step, stepsPerEpoch, epochs, loss }) =>
      place.progress(`${name}, seed ${seed}: training, loss ${loss.toFixed(3)}`, step / (stepsPerEpoch * epochs)),
  };
  const run = await train({ ...options, callbacks: [progress] });
  if (run.stopped === 'interrupted') options.signal?.throwIfAborted();
  const { last } = run.test ?? {};
  const validation = run.epochs.at(-1)?.validation;
  const test = last ?? validation;
  return {
    network: name,
    seed,
    epochsOfCall: run.epochs.length,
    test: { loss: test?.loss ?? Number.NaN, top1: test?.top1 ?? Number.NaN, total: test?.total ?? 0 },
    params: run.params,
    macs,
    seconds: (performance.now() - began) / 1000,
    peakBytes: run.peakBytes,
  };
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
