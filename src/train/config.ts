/** A run's configuration as plain data: what config.yaml shows, and what a resumed run must agree with. */
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { type Dataset, decoders } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { canonicalJson } from '../files/index.ts';
import type { Kind, Named } from '../parts/index.ts';
import { ConfigError, DataError } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import { augmentations, averages, fineTunings, objectives, optimisers, schedules } from './kinds.ts';
import { settingTexts } from './setting-text.ts';
import type { Settings } from './settings.ts';

const named = ({ name, options }: { name: string; options: Readonly<Record<string, unknown>> }) => ({
  name,
  ...options,
});

/** What decides a run's numbers. It goes into the checkpoint, so it holds no path and no clock. */
export function recipeOf(settings: Settings): Record<string, unknown> {
  const {
    network,
    image,
    splits,
    augment,
    ownEpochs,
    maxMinutes,
    maxSteps,
    epochLimit,
    batchSize,
    optimiser,
    schedule,
    loss,
    classWeights,
    sampling,
    patience,
    clipNorm,
    freeze,
    fineTune,
    average,
    accumulate,
    syncBatchNorm,
    softLabels,
    heldOut,
    dataRecord,
    validationFraction,
    seed,
    draws,
    onBadImage,
  } = settings;
  return plainJson({
    model: named(network),
    image,
    classes: splits.train.classes,
    samples: splits.train.length,
    // how many fit into the time is not known yet
    epochs: maxMinutes !== undefined && maxSteps === undefined ? epochLimit : ownEpochs,
    ...(maxMinutes !== undefined && { maxMinutes }),
    ...(maxSteps !== undefined && { maxSteps }),
    batchSize,
    optimiser: named(optimiser),
    schedule: named(schedule),
    augment: augment.map(named),
    // earlier versions had one stream for all
    ...(augment.length > 0 && draws === 'each' && { augmentationDraws: draws }),
    loss: named(loss),
    ...(classWeights !== undefined && { classWeights }),
    ...(sampling !== 'shuffled' && { sampling }),
    ...(patience !== undefined && { patience }),
    ...(clipNorm !== undefined && { clipNorm }),
    ...(freeze.length > 0 && { freeze }),
    ...(fineTune && { fineTune: named(fineTune) }),
    ...(average && { average: named(average) }),
    ...(accumulate > 1 && { accumulate }),
    ...(syncBatchNorm && { syncBatchNorm }),
    ...(softLabels && { softLabels }),
    // earlier versions stopped
    ...(onBadImage === 'skip' && { onBadImage }),
    // where the data brings its validation images nothing is held out; earlier versions recorded it all the same
    ...((heldOut || !dataRecord) && !heldOut?.fold && { validationFraction }),
    ...(heldOut?.fold && { fold: heldOut.fold }),
    seed,
  });
}

/** Threads are left open before an engine says how many it takes. */
type ComputedWith = Pick<EnginePlan, 'precision'> &
  Partial<Pick<EnginePlan, 'threads'>> & {
    /** The version of the engine's library, where one has computed. */
    readonly library?: string | undefined;
  };

/**
 * Everything needed to repeat the run.
 * @param recipe `recipeOf(settings)`
 * @param askedCache where decoded images are kept, if somebody said
 */
export async function configOf(
  settings: Settings,
  recipe: Readonly<Record<string, unknown>>,
  plan: ComputedWith,
  askedCache?: number | string,
): Promise<Record<string, unknown>> {
  const { splits } = settings;
  return {
    model: settings.network.name,
    data: settings.dataName,
    ...withoutModel(recipe),
    modelOptions: settings.network.options,
    ...(settings.weights !== undefined && { weights: settings.weights.word }),
    ...(settings.classesByPosition && { classesByPosition: true }),
    ...(settings.preprocessing !== undefined && { preprocessing: settings.preprocessing }),
    ...(settings.recompute !== 'none' && { recompute: settings.recompute }),
    ...(settings.layout !== undefined && { layout: settings.layout }),
    ...settings.table,
    ...engineConfigOf(settings, plan),
    ...machineConfigOf(settings, askedCache),
    splits: { train: splits.train.length, validation: splits.validation.length, test: splits.test?.length ?? 0 },
    dataDigest: await imagesDigest(splits.train, settings.onBadImage),
    versions: { ...surroundingsHere(plan.library), ...(splits.train.images && { images: await decoders() }) },
  };
}

/** What a run's bytes may depend on besides its engine. */
export const surroundingsHere = (library: string | undefined): Record<string, string> => ({
  skein: version,
  node: process.version,
  ...(library !== undefined && { library }),
  processor: cpus()[0]?.model.trim() ?? process.arch,
});

/**
 * What the run's numbers are computed with. Other engines can go on with it; only the same ones give the same bytes. Each rank has threads of its
 * own by its machine, so that these are recorded where somebody asked for them.
 * @param ranksBefore as the run recorded them that goes on
 */
export function engineConfigOf(
  { engine, testEngine, ranks, threads: asked }: Pick<Settings, 'engine' | 'testEngine' | 'ranks' | 'threads'>,
  { threads, precision }: ComputedWith,
  ranksBefore?: number,
): Record<string, unknown> {
  const another = testEngine.name !== engine.name;
  return {
    engine: engine.name,
    testEngine: another ? testEngine.name : undefined,
    precision,
    threads: ranks ? asked : threads,
    // 1 tells that there were several before
    ranks: ranks?.ranks.size ?? (ranksBefore === undefined ? undefined : 1),
  };
}

type MachineSettings = Pick<Settings, 'workers' | 'onBadImage' | 'patience' | 'saveMinutes' | 'keep'>;

/** What a run may change when it goes on: without a bad image, both choices give the same numbers. */
export function machineConfigOf(
  { workers, onBadImage, patience, saveMinutes, keep }: MachineSettings,
  askedCache?: number | string,
): Record<string, unknown> {
  return {
    patience,
    onBadImage: onBadImage === 'skip' ? onBadImage : undefined,
    workers,
    ...(askedCache !== undefined && { cache: askedCache }),
    ...(saveMinutes !== undefined && { saveMinutes }),
    keep: keep > 0 ? keep : undefined,
  };
}

const withoutModel = ({ model: _, ...rest }: Readonly<Record<string, unknown>>) => rest;

const plainJson = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/**
 * A recipe or config.yaml in today's words: label smoothing once stood alone where the loss is now.
 * @param where begins messages
 * @throws ConfigError
 */
export function currentRecipe(
  recorded: Readonly<Record<string, unknown>>,
  where?: string,
): Readonly<Record<string, unknown>> {
  if (!('labelSmoothing' in recorded) || 'loss' in recorded) return recorded;
  const { labelSmoothing, ...rest } = recorded;
  return { ...rest, loss: named(objectives.makeDefault({ labelSmoothing }, where)) };
}

const partKinds: Readonly<Record<string, Kind<Named>>> = {
  optimiser: optimisers,
  schedule: schedules,
  loss: objectives,
  average: averages,
  fineTune: fineTunings,
  augment: augmentations,
};

/** The same with every option of Skein's own parts, also those that a part has had since. */
function withAllOptions(recipe: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const filled = (kind: Kind<Named>, part: unknown): unknown => {
    try {
      return plainJson(named(kind.read('recipe', part)));
    } catch {
      // one of the person's own
      return part;
    }
  };
  const entries = Object.entries(recipe).map(([key, value]) => {
    const kind = Object.hasOwn(partKinds, key) ? partKinds[key] : undefined;
    if (!kind) return [key, value] as const;
    return [key, Array.isArray(value) ? value.map((item) => filled(kind, item)) : filled(kind, value)] as const;
  });
  return Object.fromEntries(entries);
}

/** A setting that two runs have otherwise, as people write its values. */
export interface DifferentSetting {
  readonly key: string;
  readonly before: string;
  readonly now: string;
}

/** The first setting but those of `free` that is another one `now`; undefined where all are the same. */
export function settingThatDiffers(
  started: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  free: readonly string[] = [],
): DifferentSetting | undefined {
  const recorded = withAllOptions(currentRecipe(started));
  for (const key of new Set([...Object.keys(now), ...Object.keys(recorded)])) {
    if (free.includes(key)) continue;
    if (canonicalJson(recorded[key]) === canonicalJson(now[key])) continue;
    const [before, after] = settingTexts(recorded[key], now[key]);
    return { key, before, now: after };
  }
  return undefined;
}

/**
 * @param free settings that may differ
 * @param name of the run's last checkpoint
 * @throws ConfigError naming the first other setting that differs from what the run was started with
 */
export function expectSameRecipe(
  started: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  free: readonly string[] = [],
  name = 'RUN/last.safetensors',
): void {
  const found = settingThatDiffers(started, now, free);
  if (!found) return;
  const { key, before } = found;
  throw new ConfigError(
    `train: the run was started with \`${key}\` ${before}, but is to go on with ${found.now}`,
    key === 'classes'
      ? 'give the folders of the classes the names that they had, or start a new run'
      : key === 'epochs'
        ? `the learning rate is planned for ${before}; to train longer, start a new run from what this one has learnt: --weights ${name}`
        : 'resume with the options that it was started with, or start a new run',
  );
}

const sampled = 64;

/** A fingerprint of a dataset: its classes, labels where they are known, and evenly spaced images, but for those that are passed over. */
export async function imagesDigest(dataset: Dataset, onBadImage: 'stop' | 'skip'): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([dataset.classes, dataset.length]));
  if (dataset.labels) hash.update(Int32Array.from(dataset.labels));
  for (let i = 0; i < Math.min(sampled, dataset.length); i++) {
    const index = Math.floor((i * dataset.length) / Math.min(sampled, dataset.length));
    try {
      const { image, label } = await dataset.read(index);
      hash.update(image.pixels).update(String(label));
    } catch (error) {
      if (onBadImage === 'stop' || !(error instanceof DataError)) throw error;
    }
  }
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}
