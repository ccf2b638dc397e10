/** The four statements of Huang et al. 2017, §5 “Feature Reuse”, as numbers of a network. */
import { average, evenness, relativeWeights, spread, spreadByChance, thirds } from './read-weights.ts';

/** A layer with its weights by part: the block's input first. */
export interface Reading {
  /** Its place among the block's layers; null for a transition or the classifier. */
  readonly number: number | null;
  readonly weights: readonly number[];
  readonly counts: readonly number[];
}

/** What a reader's weights say; relative to its own mean, so that 1 is as strong as the average. */
interface Read {
  readonly evenness: number;
  readonly oldest: number;
  readonly newest: number;
}

export interface ReuseNumbers {
  /** Layers of the deeper half of each block. */
  readonly deep: Read & {
    readonly layers: number /** That read the oldest third at half their average or more. */;
    readonly readEarly: number;
  };
  /** Undefined where there is no transition. */
  readonly transitions: Read | undefined;
  /** Of blocks after the first: layers, those that give the block's input the least weight, and how much they give it. */
  readonly laterInput: { readonly layers: number; readonly least: number; readonly weight: number } | undefined;
  readonly last: Read | undefined;
  /** How far relative weights are from 1, and how far chance alone would bring them. */
  readonly spread: number;
  readonly chance: number;
}

/** @param blocks in the network's order */
export function reuseNumbers(blocks: readonly (readonly Reading[])[]): ReuseNumbers {
  const layersIn = (block: readonly Reading[]) =>
    block.filter(({ number, weights }) => number !== null && weights.length > 1);
  const outside = blocks.map((block) => block.filter(({ number }) => number === null));
  const deepest = blocks.flatMap((block) => {
    const most = Math.max(...block.map(({ number }) => number ?? 0));
    return layersIn(block).filter(({ number }) => (number ?? 0) > most / 2);
  });
  const later = blocks
    .slice(1)
    .flatMap(layersIn)
    .map(({ weights }) => relativeWeights(weights));
  const all = blocks.flatMap(layersIn);
  const transitions = outside.slice(0, -1).flat();
  const last = outside.at(-1) ?? [];
  return {
    deep: {
      ...readOf(deepest),
      layers: deepest.length,
      readEarly: deepest.filter(({ weights }) => thirds(relativeWeights(weights)).oldest >= 0.5).length,
    },
    transitions: transitions.length > 0 ? readOf(transitions) : undefined,
    laterInput:
      later.length > 0
        ? {
            layers: later.length,
            least: later.filter(([input = 0, ...others]) => others.every((other) => other > input)).length,
            weight: average(later.map(([input = 0]) => input)),
          }
        : undefined,
    last: last.length > 0 ? readOf(last) : undefined,
    spread: spread(all.map(({ weights }) => relativeWeights(weights))),
    chance: spreadByChance(all.map(({ counts }) => counts)),
  };
}

function readOf(readings: readonly Reading[]): Read {
  const relative = readings.map(({ weights }) => thirds(relativeWeights(weights)));
  return {
    evenness: average(readings.map(({ weights }) => evenness(weights))),
    oldest: average(relative.map(({ oldest }) => oldest)),
    newest: average(relative.map(({ newest }) => newest)),
  };
}
