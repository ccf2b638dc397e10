/** Weights whose names no table knows, as a network of Skein: told from order, shapes and roles of their tensors, and from running statistics. */
import { canonicalGraph } from '../../ir/index.ts';
import { inferNetwork } from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { type Shape, SkeinError, type Tensor } from '../../tensor/index.ts';
import type { Assignment } from './assign-layers.ts';
import { candidateNetworks } from './candidate-networks.ts';
import { type Chosen, choose } from './choose-hypothesis.ts';
import { type Comparison, compareLayers, differenceOf } from './compare-layers.ts';
import { type FileLayer, fileLayers } from './file-layers.ts';
import { hypotheses, namesOf } from './hypotheses.ts';

/** A whole fit. */
export interface StructuralMatch {
  readonly network: Network;
  readonly classes: number;
  readonly channels: number;
  /** By the name in Skein: the name in the file. */
  readonly names: ReadonlyMap<string, string>;
  /** Counters, which no network needs. */
  readonly ignored: readonly string[];
  readonly notes: readonly string[];
}

/** Why there is none. */
export interface NoMatch {
  readonly problem: string;
  readonly hint: string;
  /** Whether the file is at least nearly a network of Skein. */
  readonly isNear: boolean;
}

const otherwise =
  'if it is a network of your own, give a module that builds it: --model ./net.mjs; if the file lacks a part of it, save all of its weights again';

/** @param given the only network that may be meant @param imageSize what it was trained on, where that is known */
export function matchStructure(
  tensors: ReadonlyMap<string, Tensor>,
  { given, imageSize }: { readonly given?: Network | undefined; readonly imageSize?: number | undefined } = {},
): StructuralMatch | NoMatch {
  const read = fileLayers(tensors);
  if ('problem' in read) return { problem: read.problem, hint: otherwise, isNear: false };
  const { layers, ignored } = read;
  const compared = (given ? [given] : candidateNetworks(layers)).flatMap((network) =>
    comparison(network, layers, imageSize),
  );
  const exact = distinct(compared.filter(({ more, missing }) => more.length + missing.length === 0));
  if (exact.length === 0) return nearest(compared, layers, given);
  const names = [...tensors.keys()].filter((name) => !ignored.includes(name));
  const isSorted = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  const all = hypotheses(exact, layers, isSorted);
  const [{ network }] = exact as [Comparison];
  if (all.length === 0)
    return {
      problem: `it has exactly the layers of ${network.network.name}, but those of a block do not stand together under their names`,
      hint: otherwise,
      isNear: true,
    };
  const choice = choose(all, tensors, isSorted);
  if ('problem' in choice) return { ...choice, isNear: true };
  const { comparison: found, layers: assigned } = choice.chosen;
  return {
    ...asPublished(found.network.network, assigned, choice),
    classes: found.classes,
    channels: found.channels,
    names: namesOf(assigned),
    ignored,
  };
}

function comparison(network: Network, layers: readonly FileLayer[], side: number | undefined): Comparison[] {
  try {
    return [compareLayers(network, layers, side)];
  } catch (error) {
    // images or shapes that it does not take
    if (error instanceof SkeinError) return [];
    throw error;
  }
}

/** Under its published name, with what weights do not show. */
function asPublished(
  network: Network,
  assigned: Assignment,
  { notes, areShortcutsTold }: Chosen,
): Pick<StructuralMatch, 'network' | 'notes'> {
  const shapes = new Map<string, Shape>();
  for (const [path, { shape }] of assigned) shapes.set(`${path}.weight`, shape);
  const { shortcut } = network.options;
  try {
    const inferred = inferNetwork(shapes, shortcut === 'D' ? { shortcut } : {});
    const text = (options: object) => JSON.stringify(Object.entries(options).sort());
    if (text(inferred.network.options) === text(network.options))
      return {
        network: { ...network, name: inferred.network.name },
        notes: [...notes, ...(areShortcutsTold ? [] : inferred.notes)],
      };
  } catch (error) {
    // not one that names and shapes tell
    if (!(error instanceof SkeinError)) throw error;
  }
  return { network, notes };
}

/** Without those that are another's graph again. */
function distinct(exact: readonly Comparison[]): Comparison[] {
  const graphs = new Set<string>();
  return exact.filter(({ network: { network }, channels, classes }) => {
    const { height = 32, width = 32 } = network.image ?? {};
    const graph = canonicalGraph(
      predictionProgram({ network, image: { channels, height, width }, classes, batchSize: 1 }),
    );
    return graphs.has(graph) ? false : graphs.add(graph);
  });
}

function nearest(compared: readonly Comparison[], layers: readonly FileLayer[], given: Network | undefined): NoMatch {
  const distance = ({ more, missing }: Comparison) => more.length + missing.length;
  const [first, ...rest] = compared;
  const best = first && rest.reduce((a, b) => (distance(b) < distance(a) ? b : a), first);
  if (best && given)
    return { problem: `they do not fit ${given.name}: ${differenceOf(best)}`, hint: otherwise, isNear: true };
  if (!best || distance(best) > layers.length / 2)
    return { problem: 'its layers are not nearly those of a network that Skein has', hint: otherwise, isNear: false };
  return {
    problem: `the nearest is ${best.network.network.name}, but ${differenceOf(best)}`,
    hint: otherwise,
    isNear: true,
  };
}
