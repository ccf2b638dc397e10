/** What a network is made of and costs, before anything runs. */
import type { Recompute } from '../autodiff/index.ts';
import { type Calibration, type Checkpoint, loadCheckpoint } from '../checkpoint/index.ts';
import {
  type Layer,
  largestReceptiveField,
  layersOf,
  type NetworkStructure,
  type Plan,
  type Program,
  plan,
  type ReceptiveField,
  structureOf,
} from '../ir/index.ts';
import type { ImageSize, Network, Optimiser } from '../nn/index.ts';
import { predictionProgram, stepProgram } from '../step/index.ts';
import { bytesPerElement, ConfigError, sizeOf } from '../tensor/index.ts';
import { programOf } from '../trained/index.ts';
import { modelOf } from './from-config.ts';
import { largestBatch } from './largest-batch.ts';

/** Options of `inspectNetwork`. */
export interface InspectOptions {
  /** Default: what the network is meant for. */
  readonly image?: ImageSize;
  /** Default: what the network is meant for. */
  readonly classes?: number;
  /** Images that go through together; of the planned memory only. Default 128. */
  readonly batchSize?: number;
  /** Whose state training keeps; default `sgd()`. */
  readonly optimiser?: Optimiser;
  /** Bytes for which to look for the largest batches that fit. */
  readonly memoryBytes?: number;
}

/** Bytes that a program needs at the same time, by liveness: each result is freed after its last use. */
export interface PlannedMemory {
  /** All state and results together. */
  readonly totalBytes: number;
  readonly parameterBytes: number;
  readonly statisticBytes: number;
  readonly optimiserBytes: number;
  /** The most that inputs and results (activations, gradients, new state) occupy at the same time. */
  readonly peakResultBytes: number;
}

/** A network's layers, and what it costs. */
export interface NetworkDescription {
  readonly name: string;
  readonly image: ImageSize;
  readonly classes: number;
  /** In the order of computation, for one image; their numbers add up to the totals below. */
  readonly layers: readonly Layer[];
  /** What the layers are and how they are connected. */
  readonly structure: NetworkStructure;
  /** Trained numbers. */
  readonly params: number;
  /** Running means and variances. */
  readonly statistics: number;
  /** Multiply-adds of convolutions and linear layers for one image. */
  readonly macs: number;
  /** Of all results for one image. */
  readonly activationBytes: number;
  /** How much of the image a pixel of the last map before the classifier sees; absent where there is no map. */
  readonly receptiveField?: ReceptiveField;
  readonly batchSize: number;
  /** Of a whole training step; absent where only the prediction graph is known. */
  readonly training?: PlannedMemory;
  /** The same where the backward pass computes cheap results again. */
  readonly recomputing?: Readonly<Record<Exclude<Recompute, 'none'>, PlannedMemory>>;
  readonly prediction: PlannedMemory;
  /** The largest batches whose planned memory stays within `memoryBytes`, 0 where one image is too many. */
  readonly fits?: {
    readonly memoryBytes: number;
    readonly training?: number;
    /** Where the backward pass computes cheap results again. */
    readonly recomputing?: Readonly<Record<Exclude<Recompute, 'none'>, number>>;
    readonly prediction: number;
  };
  /** Of a checkpoint, where `skein eval --calibrate` kept a temperature in it. */
  readonly calibration?: Calibration;
}

/**
 * A network's layers and totals for one image, and the memory that is planned for `batchSize` images. What an engine needs beyond
 * that (its own program, workspaces of convolutions, copies) is not in the plan.
 * @throws ConfigError for sizes that are missing or that the network cannot take, or a memory that is no size
 */
export function inspectNetwork(network: Network, options: InspectOptions = {}): NetworkDescription {
  const { image = network.image, classes = network.classes, batchSize = 128, optimiser, memoryBytes } = options;
  if (image === undefined) throw new ConfigError(`${network.name}: it has no image size of its own`, 'give `image`');
  if (classes === undefined) throw new ConfigError(`${network.name}: it has no number of classes`, 'give `classes`');
  const sizes = { network, image, classes };
  return describe({
    name: network.name,
    image,
    classes,
    batchSize,
    memoryBytes,
    predict: (batch) => predictionProgram({ ...sizes, batchSize: batch }),
    step: (batch, recompute) => stepProgram({ ...sizes, batchSize: batch, recompute, ...(optimiser && { optimiser }) }),
  });
}

/**
 * The same for a checkpoint: of the graph that it carries. Training is planned where the network is one of Skein's.
 * @throws CheckpointError where the file is missing, damaged or not a checkpoint
 */
export async function inspectCheckpoint(
  path: string,
  options: Pick<InspectOptions, 'batchSize' | 'optimiser' | 'memoryBytes'> = {},
): Promise<NetworkDescription> {
  const { batchSize = 128, optimiser, memoryBytes } = options;
  const checkpoint = await loadCheckpoint(path);
  const { channels, height, width } = checkpoint.preprocessing;
  const image = { channels, height, width };
  const classes = checkpoint.classes.length;
  const network = knownNetwork(path, checkpoint);
  const { calibration } = checkpoint;
  const description = describe({
    name: checkpoint.network.name,
    image,
    classes,
    batchSize,
    memoryBytes,
    predict: (batch) => programOf(path, checkpoint, batch),
    ...(network && {
      step: (batch, recompute) =>
        stepProgram({ network, image, classes, batchSize: batch, recompute, ...(optimiser && { optimiser }) }),
    }),
  });
  return { ...description, ...(calibration && { calibration }) };
}

/** The network that the checkpoint's graph was built from, where Skein can build it again. */
function knownNetwork(path: string, { network: { name, options } }: Checkpoint): Network | undefined {
  try {
    return modelOf(path, { model: name, modelOptions: { ...options } });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

interface Described {
  readonly name: string;
  readonly image: ImageSize;
  readonly classes: number;
  readonly batchSize: number;
  readonly memoryBytes: number | undefined;
  /** Prediction of a batch of this size. */
  predict(batch: number): Program;
  /** A training step. */
  step?(batch: number, recompute: Recompute): Program;
}

function describe({ name, image, classes, batchSize, memoryBytes, predict, step }: Described): NetworkDescription {
  if (memoryBytes !== undefined && !(Number.isFinite(memoryBytes) && memoryBytes > 0))
    throw new ConfigError(`${name}: \`memoryBytes\` must be a number above 0, but is ${memoryBytes}`);
  const one = predict(1);
  const layers = layersOf(one);
  const receptiveField = largestReceptiveField(one);
  const batchWithin = (build: (batch: number) => Program, limit: number) =>
    largestBatch((batch) => memoryOf(build(batch)).totalBytes, limit);
  const total = (of: (layer: Layer) => number) => layers.reduce((sum, layer) => sum + of(layer), 0);
  return {
    name,
    image,
    classes,
    layers,
    structure: structureOf(one),
    params: total(({ params }) => params),
    statistics: total(({ statistics }) => statistics),
    macs: total(({ macs }) => macs),
    activationBytes: total(({ activationBytes }) => activationBytes),
    ...(receptiveField && { receptiveField }),
    batchSize,
    ...(step && {
      training: memoryOf(step(batchSize, 'none')),
      recomputing: {
        dense: memoryOf(step(batchSize, 'dense')),
        cheap: memoryOf(step(batchSize, 'cheap')),
      },
    }),
    prediction: memoryOf(predict(batchSize)),
    ...(memoryBytes !== undefined && {
      fits: {
        memoryBytes,
        ...(step && {
          training: batchWithin((batch) => step(batch, 'none'), memoryBytes),
          recomputing: {
            dense: batchWithin((batch) => step(batch, 'dense'), memoryBytes),
            cheap: batchWithin((batch) => step(batch, 'cheap'), memoryBytes),
          },
        }),
        prediction: batchWithin(predict, memoryBytes),
      },
    }),
  };
}

function memoryOf(program: Program): PlannedMemory {
  const { stateBytes, peakActivationBytes }: Plan = plan(program);
  const ofRole = (wanted: string) => {
    let bytes = 0;
    for (const { source, type } of program.graph.state.values())
      if (source.kind === 'state' && source.role === wanted) bytes += sizeOf(type.shape) * bytesPerElement[type.dtype];
    return bytes;
  };
  return {
    totalBytes: stateBytes + peakActivationBytes,
    parameterBytes: ofRole('parameter'),
    statisticBytes: ofRole('statistic'),
    optimiserBytes: ofRole('optimiser'),
    peakResultBytes: peakActivationBytes,
  };
}
