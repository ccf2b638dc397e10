/** A run's training step as ONNX files, from its checkpoint alone. */
import { z } from 'zod';
import { assertStateMatches, type Checkpoint } from '../checkpoint/index.ts';
import type { Network } from '../nn/index.ts';
import { stepProgram } from '../step/index.ts';
import { CheckpointError } from '../tensor/index.ts';
import { checkpointMetadata } from '../trained/index.ts';
import { currentRecipe } from './config.ts';
import { modelOf } from './from-config.ts';
import { averages, fineTunings, objectives, optimisers } from './kinds.ts';
import { savedPhaseAt } from './phase-at.ts';
import { phasesFor } from './phases-for.ts';
import { trainingOf } from './snapshot.ts';
import { type StepOnnx, stepOnnx } from './step-onnx.ts';
import { usualEpochs } from './time-budget/index.ts';

/** Options of `runStepOnnx`. */
export interface RunStepOptions {
  /** Where the network is none of Skein's. */
  readonly network?: Network;
  /** Default: the run's; where it accumulates, of all batches of a step together. */
  readonly batchSize?: number;
}

/** What of a run's recipe its step depends on. */
const recipeSchema = z.looseObject({
  optimiser: z.unknown(),
  loss: z.unknown(),
  batchSize: z.int().positive(),
  accumulate: z.int().positive().default(1),
  softLabels: z.boolean().default(false),
  average: z.unknown().exactOptional(),
  clipNorm: z.number().positive().exactOptional(),
  freeze: z.array(z.string()).default([]),
  epochs: z.int().positive().exactOptional(),
  fineTune: z.unknown().exactOptional(),
});

const ownNetwork = 'give the module that it comes from: --model ./net.mjs; from code, the option `network`';

/**
 * The step that the run of `checkpoint` takes, and the state that it stands at: weights, statistics, momenta.
 * @param path as messages name the checkpoint
 * @throws CheckpointError where it holds nothing to go on training from, or not all of it; ConfigError where its parts are none of
 *   Skein's
 */
export function runStepOnnx(path: string, checkpoint: Checkpoint, options: RunStepOptions = {}): StepOnnx {
  const { network: built, preprocessing, classes, tensors } = checkpoint;
  const training = trainingOf(path, checkpoint);
  const recipe = recipeSchema.safeParse(currentRecipe(training.config));
  if (!recipe.success)
    throw new CheckpointError(
      `${path}: expected the recipe of a run, but \`${recipe.error.issues[0]?.path.join('.')}\` is missing or of another kind`,
      'the file is damaged, or another program changed it',
    );
  const { optimiser, loss, average, clipNorm, batchSize, accumulate, softLabels, fineTune } = recipe.data;
  const network = options.network ?? modelOf(path, { model: built.name, modelOptions: built.options }, ownNetwork);
  const way = fineTune === undefined ? undefined : fineTunings.read(path, fineTune);
  const phases = phasesFor({
    ...recipe.data,
    epochs: recipe.data.epochs ?? usualEpochs(way),
    fineTune: way,
    network,
    image: preprocessing,
    train: { classes, softLabels: false },
  });
  const { phase } = savedPhaseAt({ phases }, training.epoch, (training.partial?.count ?? 0) === 0);
  const program = stepProgram({
    network,
    image: preprocessing,
    classes: classes.length,
    batchSize: options.batchSize ?? batchSize * accumulate,
    softLabels: softLabels && !phase.isOnFeatures,
    optimiser: optimisers.read(path, optimiser),
    loss: objectives.read(path, loss),
    ...(average !== undefined && { average: averages.read(path, average) }),
    ...(clipNorm !== undefined && { clipNorm }),
    freeze: phase.freeze,
    rates: phase.rates,
  });
  assertStateMatches(new Map([...program.graph.state].map(([name, { type }]) => [name, type])), tensors, path);
  return stepOnnx(program, tensors, checkpointMetadata(checkpoint));
}
