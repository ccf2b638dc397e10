/** What all folds have alike although it would follow from the number of images, of which some folds have one more. */
import { z } from 'zod';
import { ConfigError } from '../../tensor/index.ts';
import type { TrainOptions } from '../train-options.ts';

/** What the first fold settled; it has no more training images than any other (`splitFold`), so that its batch fits all. */
export interface FirstSteps {
  /** Images of a batch. */
  readonly batchSize: number;
  /** The highest learning rate; undefined for a schedule that has none. */
  readonly lr: number | undefined;
}

const recorded = z.looseObject({
  batchSize: z.int().min(1),
  schedule: z.looseObject({ lr: z.number().optional().catch(undefined) }),
});

/** @param config of the first fold: its config.yaml, or its checkpoint's */
export function firstStepsOf(config: unknown): FirstSteps | undefined {
  const { data } = recorded.safeParse(config);
  return data && { batchSize: data.batchSize, lr: data.schedule.lr };
}

type Steps = Pick<TrainOptions, 'batchSize' | 'lr'>;

/** The options with what they leave open as it was in the first fold. */
export function withStepsOf<Options extends Steps>(first: FirstSteps | undefined, options: Options): Options {
  if (!first) return options;
  const batchSize = typeof options.batchSize === 'number' ? options.batchSize : first.batchSize;
  return { ...options, batchSize, lr: rateOf(options.lr, first.lr) };
}

function rateOf(asked: TrainOptions['lr'], first: number | undefined): TrainOptions['lr'] {
  if (first === undefined) return asked;
  if (asked === undefined) return first;
  if (typeof asked !== 'object' || !('given' in asked)) return asked;
  return { given: (usual) => asked.given({ ...usual, lr: first }) };
}

/** @throws ConfigError for options by which each fold would find a rate or a length of its own */
export function expectSameForFolds({
  findLr,
  maxMinutes,
  maxSteps,
}: Pick<TrainOptions, 'findLr' | 'maxMinutes' | 'maxSteps'>): void {
  if (findLr)
    throw new ConfigError(
      'crossValidate: expected one learning rate for all folds, but `findLr` would look for another in each',
      'look for it first (`findRate`, --find-lr only without --folds), and give the rate that was found (`lr`, --lr)',
    );
  const limits = { maxMinutes, maxSteps };
  for (const [name, limit] of Object.entries(limits))
    if (limit !== undefined)
      throw new ConfigError(
        `crossValidate: expected the same length for all folds, but with \`${name}\` ${limit} each would have its own`,
        'leave it out, also of the config.yaml, and say how many passes each fold trains (`epochs`, --epochs)',
      );
}
