/** The trainings of an experiment: each is done once in a folder, and goes on where it was interrupted. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint } from '../checkpoint/index.ts';
import type { Precision } from '../engines/index.ts';
import { makeFolder, writeFileAtomic } from '../files/index.ts';
import { type Callback, measuredSeconds, runFolder, settledRun, type TrainOptions, train } from '../train/index.ts';
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
  const { network, images, variant, ...settings } = training;
  const { data, engine, precision, threads, signal } = place;
  const some = (part: 'train' | 'validation') => someOfEach(data[part], images ?? 0, place.seed);
  // who trains on few images is not to spend his time on held-out ones
  const splits = images === undefined ? data : { ...data, train: some('train'), validation: some('validation') };
  const options: TrainOptions = {
    ...settings,
    model: network,
    data: splits,
    engine,
    precision,
    threads,
    seed: training.seed ?? place.seed,
    signal,
  };
  const { config, macs } = await settledRun(options);
  const recipe = Object.fromEntries(Object.entries(config).filter(([name]) => !free.includes(name)));
  const key = hashOf({ recipe, images: images ?? null, variant: variant ?? null }).slice(0, 12);
  return {
    options,
    macs,
    folder: join(place.folder, 'trained', `${network.name.replaceAll(/[^\w.-]+/g, '-')}-${key}`),
  };
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
    const before = resume ? await measuredSeconds(folder) : 0;
    const last = await trainNow(place, { ...options, out: runFolder(folder, { report: false }), resume }, macs);
    const record: TrainedRecord = { ...last, seconds: before + last.seconds };
    place.signal.throwIfAborted();
    await makeFolder(folder);
    await writeFileAtomic(done, `${JSON.stringify(record)}\n`);
  }
  const record = JSON.parse(await readFile(done, 'utf8')) as TrainedRecord;
  return { network, checkpoint: await loadCheckpoint(file), file, record };
}

async function trainNow(place: TrainingPlace, options: TrainOptions, macs: number): Promise<TrainedRecord> {
  const name = (options.model as Training['network']).name;
  const seed = options.seed as number;
  let imagesPerSecond = 0;
  const began = performance.now();
  const progress: Callback = {
    onStep: ({ step, stepsPerEpoch, epochs, loss }) =>
      place.progress(`${name}, seed ${seed}: training, loss ${loss.toFixed(3)}`, step / (stepsPerEpoch * epochs)),
    onEpoch: (event) => {
      imagesPerSecond = event.imagesPerSecond;
    },
  };
  const run = await train({ ...options, callbacks: [progress] });
  if (run.stopped === 'interrupted') options.signal?.throwIfAborted();
  const { last } = run.test ?? {};
  const validation = run.epochs.at(-1)?.validation;
  const test = last ?? validation;
  return {
    network: name,
    seed,
    epochs: run.epochs.map(({ epoch, train: own, validation: held, lr }) => ({
      epoch,
      train: own,
      validation: held,
      lr,
    })),
    test: { loss: test?.loss ?? Number.NaN, top1: test?.top1 ?? Number.NaN, total: test?.total ?? 0 },
    params: run.params,
    macs,
    seconds: (performance.now() - began) / 1000,
    imagesPerSecond,
    peakBytes: run.peakBytes,
  };
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
