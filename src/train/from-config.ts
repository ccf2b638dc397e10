/** A run's config.yaml back as options of `train`: to go on with the run, or to start another one like it. */
import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { recomputeChoices } from '../autodiff/index.ts';
import { type DataSource, datasetNames, layouts, sourcesOf, tableReading } from '../data/index.ts';
import { precisions } from '../engines/index.ts';
import { canonicalJson, reasonOf } from '../files/index.ts';
import { builders, findModel, models } from '../models/index.ts';
import { launched } from '../mpi/index.ts';
import type { Network } from '../nn/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';
import { readAugmentations } from './augmentation-sets.ts';
import { samplings } from './class-balance.ts';
import { currentRecipe } from './config.ts';
import { averages, fineTunings, objectives, optimisers, schedules } from './kinds.ts';
import { preprocessingChoices } from './starting-preprocessing.ts';
import { badImageChoices, type TrainOptions } from './train-options.ts';

/** A part with its options, or both as text: `crop:pad=4`. */
const part = z.union([z.string(), z.looseObject({ name: z.string() })]);
const whole = z.int();

/** What the run is computed with; the evaluator is always in float64, which is no choice. */
const engineKeys = {
  engine: z.string().exactOptional(),
  testEngine: z.string().exactOptional(),
  precision: z.enum([...precisions, 'float64']).exactOptional(),
  threads: whole.exactOptional(),
  ranks: whole.exactOptional(),
};

const dataSource = z.custom<DataSource>(
  (data) => z.union([z.string(), z.array(z.string()).min(1)]).safeParse(data).success,
  'expected a string, or a list of strings',
);

/** Of `4GB` nobody knows whether it is an amount or a folder. */
const cachePlace = z
  .union([z.number().nonnegative(), z.string().min(1)], "expected a number of bytes, a folder or 'off'")
  .refine((place) => typeof place === 'number' || !/^[\d-][^/\\]*$/.test(place), {
    error: "expected a number of bytes, such as 4000000000, a folder, such as ./cache, or 'off'",
  });

/** The keys of config.yaml. A file written by hand needs `model` and `data` only. */
const configSchema = z.strictObject({
  model: z.string(),
  data: dataSource,
  modelOptions: z.record(z.string(), z.unknown()).exactOptional(),
  image: z.object({ channels: whole, height: whole, width: whole }).exactOptional(),
  epochs: whole.exactOptional(),
  maxMinutes: z.number().exactOptional(),
  maxSteps: whole.exactOptional(),
  batchSize: z.union([whole, z.literal('auto')]).exactOptional(),
  accumulate: whole.exactOptional(),
  syncBatchNorm: z.boolean().exactOptional(),
  optimiser: part.exactOptional(),
  schedule: part.exactOptional(),
  augment: z.union([z.string(), z.array(part)]).exactOptional(),
  loss: part.exactOptional(),
  classWeights: z.union([z.literal('balanced'), z.record(z.string(), z.number())]).exactOptional(),
  sampling: z.enum(samplings).exactOptional(),
  patience: whole.exactOptional(),
  clipNorm: z.number().exactOptional(),
  freeze: z.union([z.string(), z.array(z.string())]).exactOptional(),
  softLabels: z.boolean().exactOptional(),
  average: part.exactOptional(),
  fineTune: part.exactOptional(),
  weights: z.string().exactOptional(),
  classesByPosition: z.boolean().exactOptional(),
  preprocessing: z.enum(preprocessingChoices).exactOptional(),
  recompute: z.enum(recomputeChoices).exactOptional(),
  validationFraction: z.number().exactOptional(),
  fold: z.strictObject({ number: whole, of: whole }).exactOptional(),
  layout: z.enum(layouts).exactOptional(),
  onBadImage: z.enum(badImageChoices).exactOptional(),
  workers: whole.exactOptional(),
  cache: cachePlace.exactOptional(),
  saveMinutes: z.number().exactOptional(),
  keep: whole.exactOptional(),
  imageColumn: z.string().exactOptional(),
  labelColumn: z.string().exactOptional(),
  splitColumn: z.string().exactOptional(),
  imageFolder: z.string().exactOptional(),
  seed: whole.exactOptional(),
  ...engineKeys,
  // What follows records the run and decides nothing.
  classes: z.unknown().exactOptional(),
  samples: z.unknown().exactOptional(),
  augmentationDraws: z.unknown().exactOptional(),
  splits: z.unknown().exactOptional(),
  dataDigest: z.unknown().exactOptional(),
  versions: z.unknown().exactOptional(),
});

type Config = z.infer<typeof configSchema>;

/** What the caller has already, so that the file need not lead to it: a network of their own, data that moved. */
export type KnownOptions = Partial<Pick<TrainOptions, 'model' | 'data'>>;

/**
 * The options that a run's config.yaml records; `known` parts are taken instead of the file's.
 * @throws ConfigError where the file is missing or wrong, or names something that only the code that started the run can make
 */
export async function optionsFromConfig(path: string, known: KnownOptions = {}): Promise<TrainOptions> {
  return optionsFromRecord(path, await contentOf(path), known);
}

/**
 * The same of a configuration that is there already, as plain JSON.
 * @param path what messages call it
 */
export async function optionsFromRecord(
  path: string,
  content: unknown,
  known: KnownOptions = {},
): Promise<TrainOptions> {
  const config = checkedConfig(path, content, known);
  const { image, optimiser, schedule, augment, loss, average, fineTune, epochs, batchSize } = config;
  const { maxMinutes, maxSteps } = config;
  const { weights, classesByPosition, preprocessing, clipNorm, freeze } = config;
  const { classWeights, sampling, patience, fold, saveMinutes, keep } = config;
  const { accumulate, syncBatchNorm, recompute, validationFraction, layout, onBadImage, workers, cache, seed } = config;
  return {
    model: known.model ?? modelOf(path, config),
    data: known.data ?? (await dataOf(path, config.data)),
    ...(image && { imageSize: image.height }),
    ...(optimiser && { optimiser: optimisers.read(path, optimiser) }),
    ...(schedule && { lr: schedules.read(path, schedule) }),
    ...(augment && { augment: readAugmentations(path, augment) }),
    ...(loss && { loss: objectives.read(path, loss) }),
    ...(average && { average: averages.read(path, average) }),
    ...(fineTune && { fineTune: fineTunings.read(path, fineTune) }),
    ...(freeze !== undefined && { freeze: layerList(freeze) }),
    ...defined({ maxMinutes, maxSteps }),
    ...defined({ epochs, batchSize, weights, classesByPosition, preprocessing, clipNorm, accumulate, recompute }),
    ...defined({ syncBatchNorm, validationFraction, layout, onBadImage, cache, seed }),
    ...(isOfAsMany(config) && defined({ workers })),
    ...defined({ classWeights, sampling, patience, fold, saveMinutes, keep }),
    ...tableReading(config),
    ...engineOptionsOf(config),
  };
}

/** `stem,stage1` as a list; none of `none`. */
export const layerList = (layers: string | readonly string[]): string[] => {
  const words = (typeof layers === 'string' ? layers.split(',') : layers).map((word) => word.trim());
  return words.filter((word) => word !== '' && word !== 'none');
};

/** The options of `train` that choose an engine. */
export type EngineOptions = Pick<TrainOptions, 'engine' | 'testEngine' | 'precision' | 'threads'>;

/** What the config.yaml at `path` says, whatever that is; undefined where it cannot be read. */
export async function recordedConfig(path: string): Promise<unknown> {
  try {
    return parse(await readText(path), { logLevel: 'error' });
  } catch {
    return undefined;
  }
}

/** What a configuration says of the engine; nothing where that makes no sense. */
export function recordedEngine(config: unknown): EngineOptions {
  const { data } = z.object(engineKeys).safeParse(config);
  return data ? engineOptionsOf(data) : {};
}

/** How many ranks trained a run last, where its configuration says that there were several. */
export const recordedRanks = (config: unknown): number | undefined =>
  z.object({ ranks: whole.exactOptional() }).safeParse(config).data?.ranks;

function engineOptionsOf(config: Pick<Config, keyof typeof engineKeys>): EngineOptions {
  const { engine, testEngine, precision, threads } = config;
  return {
    ...defined({ engine, testEngine, precision: precision === 'float64' ? undefined : precision }),
    ...(isOfAsMany(config) && defined({ threads })),
  };
}

/** Threads are of a process: those of so many ranks, or of one process alone, are no others'. */
const isOfAsMany = ({ ranks = 1 }: Pick<Config, 'ranks'>): boolean => ranks === (launched()?.size ?? 1);

async function contentOf(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    // an alias that multiplies its content is an error of the parser
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    throw new ConfigError(`${path}: not YAML: ${problem.replace(/:$/, '')}`, seeAnExample);
  }
}

function checkedConfig(path: string, content: unknown, known: KnownOptions): Config {
  const stated = typeof content === 'object' ? content : { content };
  const given = { ...(known.model !== undefined && { model: '' }), ...(known.data !== undefined && { data: '' }) };
  const result = configSchema.safeParse(currentRecipe({ ...given, ...stated }, path));
  if (result.success) return result.data;
  throw new ConfigError(`${path}: ${firstIssue(result.error)}`, seeAnExample);
}

/** Far more than a run writes; larger ones are something else. */
const largestFile = 1_000_000;

async function readText(path: string): Promise<string> {
  const refuse = (problem: string): never => {
    throw new ConfigError(
      `${path}: expected a run's configuration, but ${problem}`,
      'a run keeps it in its folder: --config runs/resnet20-1/config.yaml, or to go on, --resume runs/resnet20-1',
    );
  };
  const unreadable = (error: NodeJS.ErrnoException) =>
    refuse(error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${reasonOf(error)}`);
  const found = await stat(path).catch(unreadable);
  if (!found.isFile()) refuse(`it is ${found.isDirectory() ? 'a folder' : 'no file'}`);
  if (found.size > largestFile) refuse(`it is ${found.size} bytes long`);
  return readFile(path, 'utf8').catch(unreadable);
}

const seeAnExample = 'compare it with config.yaml of a run';

/** Keys that people write for others. */
const meant: Readonly<Record<string, string>> = { optimizer: 'optimiser', lr: 'schedule', ema: 'average' };

function firstIssue({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const nearest = meant[key] ?? nearestName(key, Object.keys(configSchema.shape));
    return `there is no setting \`${key}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
  }
  if (issue?.code === 'invalid_union' && issue.path[0] !== 'cache')
    return `\`${issue.path.join('.')}\`: expected a name with its options, such as crop:pad=4, or a list of them`;
  const where = issue?.path.length ? `\`${issue.path.join('.')}\`: ` : '';
  return `${where}${issue?.message ?? 'not valid'}`;
}

/** By its options, which know more than the name where a network was made in code; a published name stays. */
export function modelOf(
  path: string,
  { model, modelOptions }: Pick<Config, 'model' | 'modelOptions'>,
  hint = 'give the module that it comes from: skein train ./net.mjs --resume RUN; or resume from code: train({ …, resume: true })',
): Network {
  const variant = models.get(model);
  const published = variant?.network;
  if (modelOptions === undefined || same(published?.options, modelOptions)) return published ?? findModel(model);
  const changes = Object.entries(modelOptions).filter(([key, value]) => !same(published?.options[key], value));
  const varied = attempt(() => variant?.vary(Object.fromEntries(changes)));
  if (same(varied?.options, modelOptions)) return varied as Network;
  for (const build of builders) {
    const network = attempt(() => build(modelOptions));
    if (network?.name === model && same(network.options, modelOptions)) return network;
  }
  throw new ConfigError(`${path}: the network \`${model}\` is not one of Skein's`, hint);
}

async function dataOf(path: string, data: DataSource): Promise<DataSource> {
  const sources = sourcesOf(data);
  const isThere = await Promise.all(
    sources.map(
      (each) =>
        datasetNames.includes(each) ||
        stat(each).then(
          () => true,
          () => false,
        ),
    ),
  );
  const lost = sources.find((_, i) => !isThere[i]);
  if (lost === undefined) return data;
  throw new ConfigError(
    `${path}: the data \`${lost}\` is neither a dataset's name nor a path that leads somewhere from ${process.cwd()}`,
    'go to where the run was started, or say where the data is now with --data; data made in code needs train({ …, resume: true })',
  );
}

const same = (a: unknown, b: unknown) => a !== undefined && canonicalJson(a) === canonicalJson(b);

/** Options from a file may be anything; those that cannot build this network do not. */
function attempt<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch {
    return undefined;
  }
}

/** Without the entries that are undefined. */
function defined<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
