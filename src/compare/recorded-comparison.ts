/** What a comparison was begun with, as options: to go on with it. */
import { ConfigError } from '../tensor/index.ts';
import { networkOf, optionsFromRecord } from '../train/index.ts';
import type { CompareOptions } from './compare-options.ts';
import { comparisonIn } from './comparison-folder.ts';

/** @throws ConfigError where the folder holds no comparison; CheckpointError where it is damaged */
export async function recordedComparison(folder: string): Promise<Omit<CompareOptions, 'callbacks'>> {
  const state = await comparisonIn(folder);
  const [first] = state?.networks ?? [];
  if (!state || !first)
    throw new ConfigError(
      `compare: ${folder} holds no comparison to go on with: there is no comparison.json in it`,
      'give the folder of one, such as runs/comparison-1, or start a new one',
    );
  const models = await Promise.all(
    state.networks.map(async ({ word, config }) => word ?? (await optionsFromRecord(folder, config)).model),
  );
  const known = first.module === undefined ? {} : { model: await networkOf(first.module) };
  const { model: _, imageSize: __, maxMinutes: ___, ...recipe } = await optionsFromRecord(folder, first.config, known);
  // a record has neither callbacks nor a signal
  const { engine, testEngine, data, callbacks: ____, ...rest } = recipe;
  return {
    ...rest,
    models,
    data: data as CompareOptions['data'],
    ...imageSizeOf(state.networks.map(({ config }) => config)),
    ...(typeof engine === 'string' && { engine }),
    ...(typeof testEngine === 'string' && { testEngine }),
    seeds: state.seeds.length,
    seed: state.seeds[0] ?? 0,
    ...(state.maxMinutes !== undefined && { maxMinutes: state.maxMinutes }),
    out: folder,
  };
}

/** Where networks have sizes of their own, nobody asked for one. */
function imageSizeOf(configs: readonly Readonly<Record<string, unknown>>[]): { imageSize?: number } {
  const sides = configs.map(({ image }) => (image as { readonly height: number }).height);
  const [side] = sides;
  return side !== undefined && sides.every((other) => other === side) ? { imageSize: side } : {};
}
