/** Weights that other tools trained, as a checkpoint of Skein. */
import { z } from 'zod';
import type { Checkpoint } from '../../checkpoint/index.ts';
import { numberedClasses } from '../../data/index.ts';
import { graphToJson } from '../../ir/index.ts';
import {
  type Guess,
  inferNetwork,
  models,
  type RecognisedNames,
  recogniseNames,
  sizesSeen,
} from '../../models/index.ts';
import type { ImageSize, Network } from '../../nn/index.ts';
import { CheckpointError, ConfigError, type Shape, SkeinError } from '../../tensor/index.ts';
import { predictionProgram } from '../step-program.ts';
import { importPreprocessing, type PreprocessingOptions } from './import-preprocessing.ts';
import { type MatchedWeights, matchWeights } from './match-weights.ts';
import { type ForeignWeights, readWeights } from './read-weights.ts';
import { expectKnownNames } from './unknown-names.ts';

/** Options of `importWeights`. What is left out is read from the file or taken by convention. */
export interface ImportOptions extends PreprocessingOptions {
  /** The network that the weights are of; default: found by their names and shapes. */
  readonly model?: Network | undefined;
  /** In the order of the logits; default: what the file says, else `class 0`, `class 1`, …. */
  readonly classNames?: readonly string[] | undefined;
  /** Leave out weights that the network has no place for; default false: they are an error. */
  readonly allowUnused?: boolean | undefined;
}

/** A checkpoint made of foreign weights, and how. */
export interface ImportedWeights {
  /** Complete: it predicts, and saveCheckpoint writes it. */
  readonly checkpoint: Checkpoint;
  readonly source: ForeignWeights['source'];
  /** Whose names the tensors had, such as `torchvision`. */
  readonly naming: string;
  /** Tensors that the network has from the file: all of its. */
  readonly matched: number;
  /** Counters of the file, which no network needs. */
  readonly ignored: readonly string[];
  /** Weights of the file that the network has no place for; only with `allowUnused`. */
  readonly leftOver: readonly string[];
  /** What was decided without being seen in the weights, for people. */
  readonly notes: readonly string[];
}

/**
 * Reads weights from a file of safetensors, PyTorch or ONNX (told by content) into one of Skein's networks, whole or not at all.
 * @throws CheckpointError where the file cannot be read, its names or shapes are of no known network, or a tensor is missing, left
 * over, or of another shape; ConfigError where an option does not fit
 */
export async function importWeights(path: string, options: ImportOptions = {}): Promise<ImportedWeights> {
  const weights = await readWeights(path);
  try {
    return imported(path, weights, options);
  } catch (error) {
    if (error instanceof CheckpointError && !error.message.startsWith(`${path}:`))
      throw new CheckpointError(`${path}: ${error.message}`, error.hint);
    throw error;
  }
}

function imported(path: string, weights: ForeignWeights, options: ImportOptions): ImportedWeights {
  const { source, tensors, metadata, halves } = weights;
  expectForeign(weights);
  const names = expectKnownNames(weights, recogniseNames([...tensors.keys()]));
  const { network, image, classes, match, notes } = fitted(weights, names, options);
  const classNames = classesOf(path, classes, options.classNames, metadata.classes);
  const { preprocessing, notes: guesses } = importPreprocessing(path, image, options, metadata.preprocessing);
  const { height, width } = preprocessing;
  const size = { channels: image.channels, height, width };
  expectHalving(match.state, Math.min(height, width));
  const program = predictionProgram({ network, image: size, classes, batchSize: 1 });
  return {
    checkpoint: {
      kind: 'skein-checkpoint',
      version: 1,
      network: { name: network.name, options: network.options },
      graph: graphToJson(program),
      classes: classNames ?? numberedClasses(classes),
      preprocessing,
      tensors: match.state,
    },
    source,
    naming: names.naming.name,
    matched: match.state.size,
    ignored: names.ignored,
    leftOver: match.leftOver,
    notes: [
      ...weights.notes,
      ...precisionNotes(names, halves, match),
      ...notes,
      ...guesses,
      ...classNotes(classes, classNames !== undefined),
    ],
  };
}

interface Fitted extends Pick<Guess, 'network' | 'notes'> {
  /** What the network is meant for, with the channels that the weights show. */
  readonly image: ImageSize;
  readonly classes: number;
  readonly match: MatchedWeights;
}

/** The network that is asked for, or that the file names, or that is inferred, and its state. */
function fitted(weights: ForeignWeights, names: RecognisedNames, options: ImportOptions): Fitted {
  const { tensors, metadata } = weights;
  const { layers, unknown, naming } = names;
  const shapes = new Map<string, Shape>();
  for (const [name, foreign] of layers) shapes.set(name, tensors.get(foreign)?.shape ?? []);
  const seen = sizesSeen(shapes);
  const fittedTo = ({ network, notes }: Pick<Guess, 'network' | 'notes'>): Fitted => {
    const classes = seen.classes ?? network.classes;
    const { height = options.imageSize, width = options.imageSize } = network.image ?? {};
    if (classes === undefined)
      throw new CheckpointError(
        'there is no classifier among the weights, so the number of classes is unknown',
        'save the weights of the whole network, with the layer that gives the classes',
      );
    if (height === undefined || width === undefined)
      throw new ConfigError(`${network.name}: it has no image size of its own`, 'give --image-size PIXELS');
    const image = { channels: seen.channels ?? network.image?.channels ?? 3, height, width };
    const program = predictionProgram({ network, image, classes, batchSize: 1 });
    const expected = new Map([...program.graph.state].map(([name, { type }]) => [name, type]));
    const { allowUnused = false } = options;
    const isGiven = options.model !== undefined;
    const match = matchWeights({
      network: network.name,
      expected,
      layers,
      tensors,
      unknown,
      naming,
      isGiven,
      allowUnused,
    });
    return { network, notes, classes, image, match };
  };
  if (options.model) return fittedTo({ network: options.model, notes: [] });
  const known = models.get(metadata.network ?? '');
  if (known) {
    try {
      return fittedTo({ network: known.network, notes: [] });
    } catch (error) {
      // another program's word for another network: what the weights show counts
      if (!(error instanceof SkeinError)) throw error;
    }
  }
  return fittedTo(inferNetwork(shapes, naming));
}

function expectForeign({ metadata, tensors }: ForeignWeights): void {
  if (metadata.kind === 'skein-checkpoint')
    throw new CheckpointError(
      'it is a checkpoint of Skein already, and needs no import',
      'skein eval, predict and export take it as it is',
    );
  if (tensors.size === 0) throw new CheckpointError('there are no tensors in it', 'give a file of weights');
}

/**
 * A transition of Skein halves only maps of at least 8, those of other tools any: below, equal weights would mean another network.
 * @throws ConfigError where the image is so small
 */
function expectHalving(state: ReadonlyMap<string, unknown>, side: number): void {
  let transitions = 0;
  while (state.has(`transition${transitions + 1}.conv1.weight`)) transitions++;
  const stem = state.has('stem.norm1.weight') ? 4 : 1;
  const least = stem * 8 * 2 ** (transitions - 1);
  if (transitions > 0 && side < least)
    throw new ConfigError(
      `import: the image size of a dense network with ${transitions} transitions must be at least ${least}, but is ${side}: ` +
        'on smaller maps Skein does not halve, and the weights would not mean what they were trained for',
      'leave --image-size out, or give a larger one',
    );
}

function precisionNotes({ layers }: RecognisedNames, halves: readonly string[], { doubles }: MatchedWeights): string[] {
  const used = new Set(layers.values());
  const count = halves.filter((name) => used.has(name)).length;
  return [
    ...(count > 0 ? [`${count} tensors were in half precision and are float32 now, without loss`] : []),
    ...(doubles.length > 0
      ? [`${doubles.length} tensors were in double precision and are rounded to float32 now`]
      : []),
  ];
}

function classNotes(classes: number, named: boolean): string[] {
  const range = classes === 1 ? 'the only one is `class 0`' : `they are \`class 0\` to \`class ${classes - 1}\``;
  return [
    ...(named ? [] : [`classes have no names in the file: ${range} (--class-names)`]),
    ...(classes === 1
      ? ['there is only one output, and Skein predicts with softmax: of one output it is always 100 %']
      : []),
  ];
}

const namesSchema = z.array(z.string());

function classesOf(
  path: string,
  count: number,
  given: readonly string[] | undefined,
  said: string | undefined,
): readonly string[] | undefined {
  if (given && given.length !== count)
    throw new ConfigError(
      `import: ${given.length} class names were given, but the classifier of ${path} has ${count} outputs`,
      'give one name for each output, in their order',
    );
  return given ?? namesIn(said, count);
}

/** What a file says is taken where it makes sense; another program may mean something else by `classes`. */
function namesIn(said: string | undefined, count: number): string[] | undefined {
  if (said === undefined) return undefined;
  try {
    const names = namesSchema.safeParse(JSON.parse(said));
    return names.data?.length === count ? names.data : undefined;
  } catch {
    return undefined;
  }
}
