/** What `skein inspect` looks at: a network by name or from a module, or a checkpoint. */
import { stat } from 'node:fs/promises';
import { models } from '../models/index.ts';
import type { ImageSize, Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { inspectCheckpoint, inspectNetwork, type NetworkDescription } from '../train/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import type { MemoryAmount } from './flag-values.ts';
import { type NetworkOptions, networkArgument } from './network-options.ts';

/** Flags that say for which sizes. */
export interface SizeFlags {
  readonly batchSize?: number;
  readonly imageSize?: number;
  readonly channels?: number;
  readonly classes?: number;
  /** What batches are to fit into. */
  readonly memory?: MemoryAmount;
  readonly option?: NetworkOptions;
}

/** The network that is meant, described. @throws ConfigError or CheckpointError where there is no such network, or it cannot take these sizes */
export async function inspected(model: string, flags: SizeFlags): Promise<NetworkDescription> {
  const batch = {
    ...(flags.batchSize !== undefined && { batchSize: flags.batchSize }),
    ...(flags.memory !== undefined && { memoryBytes: flags.memory.bytes }),
  };
  if (await isCheckpoint(model)) {
    expectNoSizes(model, flags);
    return inspectCheckpoint(await checkpointArgument(model), batch);
  }
  const network = await networkArgument(model, flags.option);
  return inspectNetwork(network, { ...batch, ...sizesOf(network, flags) });
}

async function isCheckpoint(model: string): Promise<boolean> {
  if (models.has(model)) return false;
  if (model.endsWith('.safetensors')) return true;
  // any file that is no module: its content says what is wrong with it
  const found = await stat(model).catch(() => undefined);
  return found !== undefined && (found.isDirectory() || !/\.[mc]?[jt]s$/.test(model));
}

function expectNoSizes(model: string, { imageSize, channels, classes, option }: SizeFlags): void {
  const given = Object.entries({
    '--image-size': imageSize,
    '--channels': channels,
    '--classes': classes,
    '--option': option,
  });
  const flag = given.find(([, value]) => value !== undefined)?.[0];
  if (flag !== undefined)
    throw new ConfigError(
      `${model}: ${flag} cannot be given for a checkpoint, whose network is made already`,
      `leave ${flag} out, or inspect the model by its name`,
    );
}

/** The sizes that are asked for, else the network's own; what is missing is named at once. */
function sizesOf(network: Network, flags: SizeFlags): { image: ImageSize; classes: number } {
  const { name, image } = network;
  const { imageSize, channels } = flags;
  const height = imageSize ?? image?.height;
  const width = imageSize ?? image?.width;
  const classes = flags.classes ?? network.classes;
  if (height !== undefined && width !== undefined && classes !== undefined)
    return { image: { channels: channels ?? image?.channels ?? 3, height, width }, classes };
  const missing = [
    ...(height === undefined || width === undefined ? [['which image size', '--image-size PIXELS']] : []),
    ...(classes === undefined ? [['how many classes', '--classes N']] : []),
  ];
  const all = (at: number) => missing.map((words) => words[at]).join(' and ');
  throw new ConfigError(`${name}: the network does not say ${all(0)} it is for`, `give ${all(1)}`);
}
