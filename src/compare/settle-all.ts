/** All networks of a comparison with one recipe, settled before any of them trains. */
import { ConfigError, ShapeError } from '../tensor/index.ts';
import {
  type KnownOptions,
  optionsFromRecord,
  type SettledRun,
  settledRun,
  type TrainOptions,
} from '../train/index.ts';
import type { CompareOptions } from './compare-options.ts';
import type { ComparisonState, KeptNetwork } from './comparison-state.ts';
import type { Contestant } from './contestant.ts';

/** @throws ConfigError, DataError for a recipe, data or network that cannot work, naming the network */
export async function settleAll(
  contestants: readonly Contestant[],
  { models: _, seeds: count = 3, seed = 0, maxMinutes, out: __, callbacks: ___, ...recipe }: CompareOptions,
): Promise<ComparisonState> {
  expectCounts(count, maxMinutes);
  const settle = async (options: TrainOptions) => {
    const runs: SettledRun[] = [];
    for (const { name, network } of contestants)
      runs.push(await naming(name, () => settledRun({ ...options, model: network, seed })));
    return runs;
  };
  const options = recipe as Omit<TrainOptions, 'model'> as TrainOptions;
  let settled = await settle(options);
  // one recipe: as many images in a step as all have room for
  const sizes = settled.map(({ config }) => config.batchSize as number);
  if (new Set(sizes).size > 1) settled = await settle({ ...options, batchSize: Math.min(...sizes) });
  for (const [i, { name, network, module }] of contestants.entries())
    await naming(name, () => expectRecorded(settled[i], module === undefined ? {} : { model: network }));
  const seeds = Array.from({ length: count }, (_, i) => seed + i);
  const networks = contestants.map((contestant, i) => keptNetwork(contestant, settled[i] as SettledRun));
  const folders = folderNames(networks);
  return {
    version: 1,
    seeds,
    ...(maxMinutes !== undefined && { maxMinutes }),
    samples: (settled[0] as SettledRun).samples,
    networks,
    runs: seeds.flatMap((seed) =>
      networks.map(({ name }) => ({ network: name, seed, folder: `${folders.get(name)}-seed-${seed}`, seconds: 0 })),
    ),
  };
}

const keptNetwork = ({ name, word, module }: Contestant, { params, macs, config }: SettledRun): KeptNetwork => ({
  name,
  ...(word !== undefined && { word }),
  ...(module !== undefined && { module }),
  params,
  macs,
  config,
});

/** Names as file systems take them, each once. */
function folderNames(networks: readonly KeptNetwork[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name } of networks) {
    const plain = name
      .replaceAll(/[^A-Za-z0-9.-]+/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, 100);
    const isTaken = [...names.values()].some((taken) => taken.toLowerCase() === plain.toLowerCase());
    names.set(name, isTaken ? `${plain}_${names.size + 1}` : plain);
  }
  return names;
}

/** @throws ConfigError for what only the code of this process can make */
async function expectRecorded(settled: SettledRun | undefined, known: KnownOptions): Promise<void> {
  try {
    await optionsFromRecord('compare', settled?.config, known);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `${error.message}, and each run has a process of its own, which must find it`,
      'export a network from a module and give its path; of augmentations, optimisers and the like take those of Skein',
    );
  }
}

function expectCounts(seeds: number, maxMinutes: number | undefined): void {
  if (!(Number.isSafeInteger(seeds) && seeds >= 1 && seeds <= 1000))
    throw new ConfigError(
      `compare: \`seeds\` must be a whole number from 1 to 1000, but is ${seeds}`,
      'three to five are usual; two are the least that say anything of differences',
    );
  if (maxMinutes !== undefined && !(maxMinutes > 0 && maxMinutes < Number.POSITIVE_INFINITY))
    throw new ConfigError(
      `compare: \`maxMinutes\` must be a number above 0, but is ${maxMinutes}`,
      '30 is half an hour for all runs together; leave it out for no limit',
    );
}

/** @throws what `work` throws; of what is wrong with a network or its options, with the network's name */
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfNetwork = error instanceof ConfigError || error instanceof ShapeError;
    throw isOfNetwork && !error.message.includes(name)
      ? new ConfigError(`${name}: ${error.message}`, error.hint)
      : error;
  }
}
