/** Weights that other tools trained, as a checkpoint of Skein. */
import type { Checkpoint, Preprocessing } from '../../checkpoint/index.ts';
import { numberedClasses } from '../../data/index.ts';
import { graphToJson } from '../../ir/index.ts';
import type { Network } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import { classesIn } from './classes-in.ts';
import { expectHalving, type ImportedNetwork, importedNetwork } from './fit-network.ts';
import { importPreprocessing, type PreprocessingOptions } from './import-preprocessing.ts';
import type { MatchedWeights } from './match-weights.ts';
import { type ForeignWeights, namingPath, readWeights } from './read-weights.ts';

/** Options of `importWeights`. What is left out is read from the file or taken by convention. */
export interface ImportOptions extends PreprocessingOptions {
  /** The network that the weights are of; default: found by their names and shapes. */
  readonly model?: Network | undefined;
  /** In the order of the logits; default: what the file says, else `class 0`, `class 1`, …. */
  readonly classNames?: readonly string[] | undefined;
  /** How images were prepared, where neither the file nor other options say it; default: by convention. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Leave out weights that the network has no place for; default false: they are an error. */
  readonly allowUnused?: boolean | undefined;
  /**
   * In a file of PyTorch, the keys that lead to the weights, joined by dots, such as `state_dict_ema`; default: `state_dict` or another
   * usual name, else the largest dict of tensors.
   */
  readonly state?: string | undefined;
}

/** A checkpoint made of foreign weights, and how. */
export interface ImportedWeights {
  /** Complete: it predicts, and saveCheckpoint writes it. */
  readonly checkpoint: Checkpoint;
  readonly source: ForeignWeights['source'];
  /** Whose names the tensors had, such as `torchvision`; `no table that Skein has` where they were matched by structure. */
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
  const weights = await readWeights(path, { state: options.state });
  return namingPath(path, () => imported(path, weights, options));
}

function imported(path: string, weights: ForeignWeights, options: ImportOptions): ImportedWeights {
  const { source, metadata } = weights;
  const fitted = importedNetwork(weights, options);
  const { network, image, classes, match, notes, naming, ignored } = fitted;
  const own = options.classNames ? undefined : classesIn(weights, classes);
  const classNames = givenClasses(path, classes, options.classNames) ?? own?.names;
  const said = metadata.preprocessing ?? (options.preprocessing && JSON.stringify(options.preprocessing));
  const { preprocessing, notes: guesses } = importPreprocessing(path, image, options, said);
  const { height, width } = preprocessing;
  const size = { channels: image.channels, height, width };
  expectHalving(network, size);
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
    naming,
    matched: match.state.size,
    ignored,
    leftOver: match.leftOver,
    notes: [
      ...weights.notes,
      ...precisionNotes(fitted, weights, match),
      ...notes,
      ...guesses,
      ...(own?.notes ?? []),
      ...classNotes(classes, classNames !== undefined),
    ],
  };
}

function precisionNotes(
  { layers }: ImportedNetwork,
  { halves, doubles: rounded = [] }: ForeignWeights,
  { doubles }: MatchedWeights,
): string[] {
  const used = new Set(layers.values());
  const count = (names: readonly string[]) => names.filter((name) => used.has(name)).length;
  const [half, double] = [count(halves), doubles.length + count(rounded)];
  return [
    ...(half > 0 ? [`${half} tensors were in half precision and are float32 now, without loss`] : []),
    ...(double > 0 ? [`${double} tensors were in double precision and are rounded to float32 now`] : []),
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

function givenClasses(
  path: string,
  count: number,
  given: readonly string[] | undefined,
): readonly string[] | undefined {
  if (given && given.length !== count)
    throw new ConfigError(
      `import: ${given.length} class names were given, but the classifier of ${path} has ${count} outputs`,
      'give one name for each output, in their order',
    );
  return given;
}
