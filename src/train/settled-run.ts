/** A run before anything of it runs: what it would record, and what its network costs. */
import { countParams, plan } from '../ir/index.ts';
import { predictionProgram } from '../step/index.ts';
import { configOf, type DifferentSetting, recipeOf, settingThatDiffers } from './config.ts';
import { checkedNetwork, expectUsableImage } from './run-programs.ts';
import { settle } from './settle.ts';
import type { TrainOptions } from './train-options.ts';

/** A run that could begin now. */
export interface SettledRun {
  /** As its config.yaml would say it, all defaults filled in: `optionsFromRecord` makes options of it. Plain JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly params: number;
  /** Multiply-adds of the forward pass of one image. */
  readonly macs: number;
  /** Samples of each split; 0 where there is no such split. */
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
}

/** @throws ConfigError, DataError, ShapeError for options or data that cannot work: as `train`, before its first step */
export async function settledRun(options: TrainOptions): Promise<SettledRun> {
  const settings = await settle(options);
  const prediction = checkedNetwork(settings);
  expectUsableImage(settings, prediction);
  const { network, image, splits, threads, precision } = settings;
  const computedWith = { precision, ...(threads !== undefined && { threads }) };
  const recorded = await configOf(settings, recipeOf(settings), computedWith, options.cache);
  const one = predictionProgram({ network, image, classes: splits.train.classes.length, batchSize: 1 });
  return {
    config: JSON.parse(JSON.stringify(recorded)) as Record<string, unknown>,
    params: countParams(prediction.graph),
    macs: plan(one).macs,
    samples: { train: splits.train.length, validation: splits.validation.length, test: splits.test?.length ?? 0 },
  };
}

/** What decides neither a run's numbers nor how they are measured; data may have moved, and its digest says whether it is the same. */
const free = ['data', 'versions', 'workers', 'cache', 'saveMinutes', 'keep'];

/** The first setting of a settled run that another has otherwise; undefined where the two come to the same. */
export const settledDifference = (
  started: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): DifferentSetting | undefined => settingThatDiffers(started, now, free);
