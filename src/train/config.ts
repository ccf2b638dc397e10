/** A run's configuration as plain data: what config.yaml shows, and what a resumed run must agree with. */
import { createHash } from 'node:crypto';
import type { Dataset } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { canonicalJson } from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import { objectives } from './kinds.ts';
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
    epochs,
    batchSize,
    optimiser,
    schedule,
    loss,
    clipNorm,
    freeze,
    average,
    accumulate,
    validationFraction,
    seed,
  } = settings;
  return plainJson({
    model: named(network),
    image,
    classes: splits.train.classes,
    samples: splits.train.length,
    epochs,
    batchSize,
    optimiser: named(optimiser),
    schedule: named(schedule),
    augment: augment.map(named),
    loss: named(loss),
    ...(clipNorm !== undefined && { clipNorm }),
    ...(freeze.length > 0 && { freeze }),
    ...(average && { average: named(average) }),
    ...(accumulate > 1 && { accumulate }),
    validationFraction,
    seed,
  });
}

/** Everything needed to repeat the run. */
export async function configOf(
  settings: Settings,
  plan: Pick<EnginePlan, 'threads' | 'precision'>,
): Promise<Record<string, unknown>> {
  const { splits } = settings;
  return {
    model: settings.network.name,
    data: settings.dataName,
    ...withoutModel(recipeOf(settings)),
    modelOptions: settings.network.options,
    ...(settings.weights !== undefined && { weights: settings.weights }),
    ...(settings.recompute !== 'none' && { recompute: settings.recompute }),
    ...engineConfigOf(settings, plan),
    splits: { train: splits.train.length, validation: splits.validation.length, test: splits.test?.length ?? 0 },
    dataDigest: await digest(splits.train),
    versions: { skein: version, node: process.version },
  };
}

/** What the run's numbers are computed with. Other engines can go on with it; only the same ones give the same bytes. */
export function engineConfigOf(
  { engine, testEngine }: Pick<Settings, 'engine' | 'testEngine'>,
  { threads, precision }: Pick<EnginePlan, 'threads' | 'precision'>,
): Record<string, unknown> {
  const another = testEngine.name !== engine.name;
  return { engine: engine.name, testEngine: another ? testEngine.name : undefined, precision, threads };
}

const withoutModel = ({ model: _, ...rest }: Record<string, unknown>) => rest;

const plainJson = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/** A recipe or config.yaml in today's words: until version 0.1, label smoothing stood alone where the loss is now. */
export function currentRecipe(recorded: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!('labelSmoothing' in recorded)) return recorded;
  const { labelSmoothing, ...rest } = recorded;
  return { ...rest, loss: named(objectives.makeDefault({ labelSmoothing })) };
}

/** @throws ConfigError naming the first setting that differs from what the run was started with */
export function expectSameRecipe(
  started: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): void {
  const recorded = currentRecipe(started);
  for (const key of new Set([...Object.keys(now), ...Object.keys(recorded)])) {
    const [before, after] = [canonicalJson(recorded[key]), canonicalJson(now[key])];
    if (before !== after)
      throw new ConfigError(
        `train: the run was started with \`${key}\` ${before ?? 'left out'}, but is to go on with ${after ?? 'none'}`,
        'resume with the options that it was started with, or start a new run',
      );
  }
}

const sampled = 64;

/** A fingerprint of a dataset: its classes, labels where they are known, and evenly spaced images. */
async function digest(dataset: Dataset): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([dataset.classes, dataset.length]));
  if (dataset.labels) hash.update(Int32Array.from(dataset.labels));
  for (let i = 0; i < Math.min(sampled, dataset.length); i++) {
    const { image, label } = await dataset.read(Math.floor((i * dataset.length) / Math.min(sampled, dataset.length)));
    hash.update(image.pixels).update(String(label));
  }
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}
