/** What a network is: a name, and a function from an image to logits. */
import { Graph, outermost, type RankSlices, type Value } from '../ir/index.ts';
import { ConfigError, formatShape, SkeinError, sameShape } from '../tensor/index.ts';

export interface ImageSize {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface Network {
  readonly name: string;
  /** What it was made with, as written to configuration files. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The image that it is meant for. */
  readonly image?: ImageSize;
  /** The number of classes that it is meant for. */
  readonly classes?: number;
  /** From image [N, C, H, W] to logits [N, classes], by nodes and state entries of the image's graph. */
  build(image: Value, options: { readonly classes: number }): Value;
}

/** A network of your own: `build` is all that it takes. */
export function defineNetwork(
  name: string,
  build: Network['build'],
  defaults: Partial<Pick<Network, 'options' | 'image' | 'classes'>> = {},
): Network {
  return { name, options: {}, ...defaults, build };
}

export interface BuildOptions {
  readonly batch: number;
  /** Default: what the network is meant for. */
  readonly image?: ImageSize;
  /** Default: what the network is meant for. */
  readonly classes?: number;
  /** Whether batch norm and dropout behave as in training. */
  readonly training: boolean;
  /** Paths of layers that behave as in prediction all the same: `stage1`. */
  readonly frozen?: readonly string[];
  /** Where batch norm takes the statistics of all ranks' images; `batch` is this rank's own number. */
  readonly ranks?: RankSlices | undefined;
}

export interface BuiltNetwork {
  readonly graph: Graph;
  /** The input `image`, float32 [batch, channels, height, width]. */
  readonly image: Value;
  /** float32 [batch, classes]. */
  readonly logits: Value;
}

/** What `build` returns. @throws ConfigError naming the network where it fails by a mistake of its own */
function builtBy(network: Network, image: Value, classes: number): Value {
  try {
    return network.build(image, { classes });
  } catch (error) {
    if (error instanceof SkeinError || !(error instanceof Error)) throw error;
    const { name, message, stack } = error;
    const failure = new ConfigError(
      `${network.name}: build() fails: ${name === 'Error' ? '' : `${name}: `}${message}`,
      'look into the function that defines the network; --debug shows where it fails',
    );
    if (stack !== undefined) failure.stack = stack;
    throw failure;
  }
}

/**
 * Builds a network in a graph of its own.
 * @throws ConfigError for sizes that are missing or impossible, or logits of another shape than [batch, classes]
 */
export function buildNetwork(network: Network, options: BuildOptions): BuiltNetwork {
  const { name } = network;
  const { batch, training, frozen = [], ranks, image: size = network.image, classes = network.classes } = options;
  if (size === undefined) throw new ConfigError(`${name}: it has no default image size`, 'give `image`');
  if (classes === undefined) throw new ConfigError(`${name}: it has no default number of classes`, 'give `classes`');
  const { channels, height, width } = size;
  for (const [what, n] of Object.entries({ batch, channels, height, width, classes }))
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`${name}: \`${what}\` must be a whole number of at least 1, but is ${n}`);

  if (ranks && ranks.samples[ranks.rank] !== batch)
    throw new ConfigError(
      `${name}: expected \`batch\` to be the ${ranks.samples[ranks.rank]} images of rank ${ranks.rank}, but it is ${batch}; ranks have ${ranks.samples.join(', ')}`,
    );
  const graph = new Graph({ training, frozen, ranks });
  const image = graph.input('image', { dtype: 'float32', shape: [batch, channels, height, width] });
  const logits = outermost(() => builtBy(network, image, classes));
  if (logits?.graph !== graph) throw new ConfigError(`${name}: build() must return a value made from its image`);
  if (logits.type.dtype !== 'float32' || !sameShape(logits.type.shape, [batch, classes]))
    throw new ConfigError(
      `${name}: build() must return logits of float32 ${formatShape([batch, classes])}, but got ${logits.type.dtype} ${formatShape(logits.type.shape)}`,
      'end with linear(globalAveragePool(x), classes)',
    );
  return { graph, image, logits };
}
