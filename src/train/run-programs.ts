/** The programs of a run, from its settings. */
import { graphFromJson, graphToJson, type Program } from '../ir/index.ts';
import { predictionProgram, type TrainingPrograms, trainingPrograms } from '../step/index.ts';
import { ConfigError } from '../tensor/index.ts';
import type { Phase } from './fine-tuning/fine-tuning.ts';
import { featureSize, headNetwork } from './head-network.ts';
import { ownRows, stepRanks } from './ranks/run-ranks.ts';
import type { Settings } from './settings.ts';
import { expectUsable } from './usable-image.ts';

/** @throws ConfigError, ShapeError where the parts do not make a step, or the network fixes the batch size */
export function programsOf(settings: Settings, { freeze, rates }: Pick<Phase, 'freeze' | 'rates'>): TrainingPrograms {
  const { splits, average, clipNorm, accumulate, ranks: _, batchSize: __, ...others } = settings;
  const own = ownRows(settings).count;
  const ranks = stepRanks(settings);
  const programs = trainingPrograms(
    {
      ...others,
      freeze,
      rates,
      batchSize: own,
      ...(ranks && { ranks }),
      classes: splits.train.classes.length,
      ...(average && { average }),
      ...(clipNorm !== undefined && { clipNorm }),
    },
    accumulate,
  );
  expectAnyBatch(programs.network, own);
  return programs;
}

/** Of the head of `prediction` alone, which reads features and has hard labels. */
export function headProgramsOf(settings: Settings, prediction: Program, { rates }: Phase): TrainingPrograms {
  const network = headNetwork({ ...settings, classes: settings.splits.train.classes.length });
  const image = featureSize(prediction);
  return programsOf({ ...settings, network, image, softLabels: false, recompute: 'none' }, { freeze: [], rates });
}

/** The whole network's prediction. @throws ConfigError, ShapeError where a phase of the run cannot be built */
export function checkedNetwork(settings: Settings): Program {
  const [network] = settings.phases.map((phase) => programsOf(settings, phase).network);
  return network as Program;
}

/** @throws ConfigError where images of this size leave a layer nothing to work on */
export function expectUsableImage({ network, image, splits }: Settings, prediction: Program): void {
  const classes = splits.train.classes.length;
  expectUsable(network.name, image, prediction, (side) =>
    predictionProgram({ network, image: { ...image, height: side, width: side }, classes, batchSize: 1 }),
  );
}

/** A checkpoint's network must run at every batch size. @throws ConfigError where the network fixes it */
function expectAnyBatch(prediction: Program, batchSize: number): void {
  const other = batchSize + 1;
  let reason = '';
  try {
    const { outputs } = graphFromJson(graphToJson(prediction), other);
    if (outputs.get('logits')?.type.shape[0] === other) return;
  } catch (error) {
    reason = `: ${(error as Error).message}`;
  }
  throw new ConfigError(
    `train: the network of \`${prediction.name}\` only works at the batch size that it was built for${reason}`,
    'keep the batch out of shapes: flatten(x), and -1 in reshape(), leave it open',
  );
}
