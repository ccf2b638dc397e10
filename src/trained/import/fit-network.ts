/** Which network foreign weights are of, and its state out of them. */
import {
  type InferredNetwork,
  inferNetwork,
  leastHalvedSide,
  models,
  type RecognisedNames,
  recogniseNames,
  sizesSeen,
} from '../../models/index.ts';
import type { ImageSize, Network } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';
import {
  CheckpointError,
  ConfigError,
  quoted,
  type Shape,
  SkeinError,
  type Tensor,
  tensor,
} from '../../tensor/index.ts';
import { matchStructure } from '../structure/match-structure.ts';
import { type MatchedWeights, MisfitError, matchWeights } from './match-weights.ts';
import { type ForeignWeights, namingPath } from './read-weights.ts';
import { expectKnownNames, isFolded, UnknownNamesError } from './unknown-names.ts';

/** What the user says of the network. */
export interface FitOptions {
  readonly model?: Network | undefined;
  readonly imageSize?: number | undefined;
  readonly allowUnused?: boolean | undefined;
}

/**
 * The state of `network`, all of it, from foreign weights.
 * @throws CheckpointError where they do not fit; ConfigError where on images of this size they would compute something else
 */
export function foreignState(
  path: string,
  weights: ForeignWeights,
  network: Network,
  image: ImageSize,
): ReadonlyMap<string, Tensor> {
  return namingPath(path, () => {
    const { match } = fittedNetwork(weights, namesForStart(path, weights), { model: { ...network, image } });
    expectHalving(network, image);
    return match.state;
  });
}

/** Nobody would read here how weights under any names were matched, so that is left to an import. */
function namesForStart(path: string, weights: ForeignWeights): RecognisedNames {
  try {
    return foreignNamesOf(weights);
  } catch (error) {
    if (!(error instanceof UnknownNamesError)) throw error;
    const hint = `skein import ${quoted(path)} matches weights under any names by structure; then give the checkpoint that it makes`;
    throw new UnknownNamesError(error.message, hint);
  }
}

/** The file's names, understood. @throws CheckpointError where it is a checkpoint of Skein, or its names are of no known network */
function foreignNamesOf(weights: ForeignWeights): RecognisedNames {
  expectForeign(weights);
  return expectKnownNames(weights, recogniseNames([...weights.tensors.keys()]));
}

export interface FittedNetwork extends Pick<InferredNetwork, 'network' | 'notes'> {
  /** What the network is meant for, with the channels that the weights show. */
  readonly image: ImageSize;
  readonly classes: number;
  readonly match: MatchedWeights;
}

/** What an import takes: a network, its state, and whose names the tensors had. */
export interface ImportedNetwork extends FittedNetwork {
  readonly naming: string;
  /** By the name in Skein: the name in the file. */
  readonly layers: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
}

/**
 * The network by the names of the file where a table of names fits wholly, else by its structure.
 * @throws CheckpointError where neither tells a network that the weights fit wholly
 */
export function importedNetwork(weights: ForeignWeights, options: FitOptions): ImportedNetwork {
  expectForeign(weights);
  try {
    const names = foreignNamesOf(weights);
    return { ...fittedNetwork(weights, names, options), ...names, naming: names.naming.name };
  } catch (error) {
    if (!(error instanceof CheckpointError) || isFolded(weights)) throw error;
    return networkByStructure(weights, options, error);
  }
}

/** @param byNames why names did not tell it */
function networkByStructure(weights: ForeignWeights, options: FitOptions, byNames: CheckpointError): ImportedNetwork {
  const { model: given, imageSize } = options;
  const found = matchStructure(weights.tensors, { given, imageSize });
  if ('problem' in found) {
    const isHalf = byNames instanceof MisfitError && byNames.share >= 0.5;
    const isInferred = !(byNames instanceof MisfitError) && !(byNames instanceof UnknownNamesError);
    if (isHalf || (given && byNames instanceof MisfitError)) throw byNames;
    if (isInferred)
      throw found.isNear
        ? new CheckpointError(`${byNames.message}; by structure, ${found.problem}`, byNames.hint)
        : byNames;
    if (!found.isNear && byNames instanceof UnknownNamesError)
      throw new UnknownNamesError(`${byNames.message}; nor does their structure tell: ${found.problem}`, byNames.hint);
    throw new CheckpointError(
      `no table of names fits these weights, and by structure they are of no network that Skein can take: ${found.problem}`,
      found.hint,
    );
  }
  const { network, classes, channels, names, ignored, notes } = found;
  const { height = imageSize ?? 32, width = imageSize ?? 32 } = network.image ?? {};
  const image = { channels, height, width };
  const program = predictionProgram({ network, image, classes, batchSize: 1 });
  const expected = new Map([...program.graph.state].map(([name, { type }]) => [name, type]));
  // a convolution over a whole map is a linear layer there
  const tensors = new Map(weights.tensors);
  for (const [name, { shape }] of expected) {
    const inFile = names.get(name) as string;
    const { dtype, data } = tensors.get(inFile) as Tensor;
    tensors.set(inFile, tensor(dtype, shape, data));
  }
  const match = matchWeights({
    ...{ network: network.name, expected, layers: names, tensors, unknown: [] },
    ...{ naming: { name: noTable, layers: {} }, isGiven: given !== undefined, allowUnused: false },
  });
  return {
    ...{ network, classes, image, match, layers: names, ignored, naming: noTable },
    notes: ['matched by structure: no table knows these names', ...notes],
  };
}

const noTable = 'no table that Skein has';

/** The network that is asked for, or that the file names, or that is inferred, and its state. */
function fittedNetwork(weights: ForeignWeights, names: RecognisedNames, options: FitOptions): FittedNetwork {
  const { tensors, metadata } = weights;
  const { layers, unknown, naming } = names;
  const shapes = new Map<string, Shape>();
  for (const [name, foreign] of layers) shapes.set(name, tensors.get(foreign)?.shape ?? []);
  const seen = sizesSeen(shapes);
  const fittedTo = ({ network, notes }: Pick<InferredNetwork, 'network' | 'notes'>): FittedNetwork => {
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
    const names = { layers, unknown, naming };
    const match = matchWeights({ network: network.name, expected, tensors, ...names, isGiven, allowUnused });
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
 * A transition of Skein halves only maps that are not too small, those of other tools any: below, equal weights would mean another network.
 * @throws ConfigError where the image is so small
 */
export function expectHalving(network: Network, { height, width }: ImageSize): void {
  const least = leastHalvedSide(network) ?? 0;
  const side = Math.min(height, width);
  if (side < least)
    throw new ConfigError(
      `${network.name}: for weights of other tools the image size must be at least ${least}, but is ${side}: ` +
        'smaller maps Skein does not halve, and the weights would not mean what they were trained for',
      'give a larger one with --image-size',
    );
}
