/** Every way to see a file's layers as those of a network: which network, and which layer is which. */
import type { Tensor } from '../../tensor/index.ts';
import { type Assignment, assignments } from './assign-layers.ts';
import type { Comparison } from './compare-layers.ts';
import { type FileLayer, naturally } from './file-layers.ts';
import type { Memory } from './follow-moments.ts';
import { measureFit, type NormFit } from './measure-fit.ts';
import { type TiledUnit, tilings } from './tile-layers.ts';

/** One of them. */
export interface Hypothesis {
  readonly comparison: Comparison;
  readonly units: readonly TiledUnit[];
  readonly layers: Assignment;
  /** Whether numbers in the names speak for the first hypothesis against this one. */
  readonly isByNumbers: boolean;
}

/** The natural one first. @param isSorted whether the file's names stand in the order of the alphabet, which says nothing */
export function hypotheses(
  exact: readonly Comparison[],
  layers: readonly FileLayer[],
  isSorted: boolean,
): Hypothesis[] {
  const natural = [...layers].sort((a, b) => naturally(a.path, b.path));
  const orders = isSorted ? [natural] : [layers, natural];
  const found = new Map<string, Hypothesis>();
  for (const comparison of exact)
    for (const order of orders)
      for (const units of tilings(order, comparison.network.layers)) {
        const { all, isByNumbers } = assignments(units);
        all.forEach((assignment, i) => {
          const key = `${exact.indexOf(comparison)} ${JSON.stringify([...assignment].map(([path, layer]) => [path, layer.path]).sort())}`;
          const numbered = i > 0 && isByNumbers[i] === true && order === orders[0];
          if (!found.has(key)) found.set(key, { comparison, units, layers: assignment, isByNumbers: numbered });
        });
      }
  return [...found.values()];
}

/** The tensors of a hypothesis by Skein's names. */
export function namesOf(layers: Assignment): Map<string, string> {
  const names = new Map<string, string>();
  for (const [path, { tensors }] of layers) for (const [role, name] of tensors) names.set(`${path}.${role}`, name);
  return names;
}

/** How well running statistics go with a hypothesis. */
export function fitOf(
  { comparison, layers }: Pick<Hypothesis, 'comparison' | 'layers'>,
  tensors: ReadonlyMap<string, Tensor>,
  memory: Memory,
): NormFit[] {
  const names = namesOf(layers);
  return measureFit(comparison.network.built, (name) => tensors.get(names.get(name) ?? ''), memory);
}
