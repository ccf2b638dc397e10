/** How a run sees pixels: as the weights do that it starts from, or as the run does that it goes on with; else as the data says. */
import { type Checkpoint, checkpointOf, type Preprocessing, parsePreprocessing } from '../checkpoint/index.ts';
import type { Normalisation, Scaling, Splits } from '../data/index.ts';
import { ConfigError, SkeinError } from '../tensor/index.ts';
import { type ForeignWeights, type NamedWeights, readWeights } from '../trained/index.ts';

/** Whose mean, std and scaling a run takes: its starting weights', or its data's. */
export const preprocessingChoices = ['weights', 'data'] as const;
export type PreprocessingChoice = (typeof preprocessingChoices)[number];

/** What starting weights changed of how the data would be seen. Told at a run's start. */
export interface StartingPreprocessing extends Normalisation, Scaling {
  /** What the data says. */
  readonly data: Normalisation;
}

/** @throws ConfigError for a choice that there is not; CheckpointError where the weights cannot be read */
export async function knownPreprocessing(
  weights: NamedWeights | undefined,
  preprocessing: PreprocessingChoice = 'weights',
): Promise<Preprocessing | undefined> {
  if (!preprocessingChoices.includes(preprocessing))
    throw new ConfigError(
      `train: \`preprocessing\` must be ${preprocessingChoices.join(' or ')}, but is ${String(preprocessing)}`,
      'weights: mean, std and scaling of the starting weights; data: those of the data',
    );
  if (weights === undefined || preprocessing === 'data') return undefined;
  return (await ofWeights(weights.path)) ?? weights.preprocessing;
}

/** For images of `size` pixels, by default as large as they were: of each the same share is seen. */
export function scalingFor(known: Preprocessing | undefined, size?: number): Scaling {
  if (!known) return {};
  const { resize, interpolation, height, width } = known;
  const side = Math.max(height, width);
  const shorterSide = resize && Math.round((resize.shorterSide * (size ?? side)) / side);
  return { ...(shorterSide && { resize: { shorterSide } }), ...(interpolation && { interpolation }) };
}

/** What a run has otherwise than its data says; undefined where that is nothing. */
export function changedPreprocessing(
  { normalisation: now }: Pick<Splits, 'normalisation'>,
  scaling: Scaling,
  { normalisation: data }: Pick<Splits, 'normalisation'>,
): StartingPreprocessing | undefined {
  const isSame = String(now.mean) === String(data.mean) && String(now.std) === String(data.std);
  return isSame && Object.keys(scaling).length === 0 ? undefined : { ...now, ...scaling, data };
}

/** The checkpoint that a file of weights is, where it is one of Skein. */
export function skeinCheckpoint(path: string, weights: ForeignWeights): Checkpoint | undefined {
  const isOurs = weights.source === 'safetensors' && weights.metadata.kind === 'skein-checkpoint';
  return isOurs ? checkpointOf(path, weights) : undefined;
}

async function ofWeights(path: string): Promise<Preprocessing | undefined> {
  const weights = await readWeights(path);
  const checkpoint = skeinCheckpoint(path, weights);
  if (checkpoint) return checkpoint.preprocessing;
  const said = weights.metadata.preprocessing;
  try {
    return said === undefined ? undefined : parsePreprocessing(path, said);
  } catch (error) {
    // another program may mean something else by the word
    if (error instanceof SkeinError) return undefined;
    throw error;
  }
}
