/** Whether a map shows what the network learned: it must change as the weights are lost, from the head downwards (Adebayo et al. 2018, arXiv 1810.03292, §3.1). */

import type { Program } from '../ir/index.ts';
import { rankCorrelation } from '../metrics/index.ts';
import { Random, type Tensor } from '../tensor/index.ts';
import { freshState } from './fresh-state.ts';

/** What is new after a stage of the cascade, with all stages before it. */
export interface RandomisedStage {
  /** The part of the network whose weights are lost next: `classifier`, `stage3`. */
  readonly path: string;
  readonly state: ReadonlyMap<string, Tensor>;
}

/** A map's likeness to the first one after a stage. */
export interface StageLikeness {
  readonly path: string;
  /** Spearman's rank correlation with the trained network's map; undefined where one of the two is flat. */
  readonly correlation: number | undefined;
}

/** More stages tell no more. */
const mostStages = 8;

/** The states of a cascade, the head's part first. `trained` is the first of them, before anything is lost. */
export function* cascade(
  program: Program,
  trained: ReadonlyMap<string, Tensor>,
  seed: number,
): Generator<RandomisedStage, void, undefined> {
  const random = new Random(seed).fork('randomised weights');
  const state = new Map(trained);
  for (const { path, names } of partsOf([...trained.keys()]).reverse()) {
    for (const [name, content] of freshState(program, trained, names, random)) state.set(name, content);
    yield { path, state: new Map(state) };
  }
}

/** @returns undefined where one of them is flat, or not finite */
export function likeness(a: Float32Array, b: Float32Array): number | undefined {
  const correlation = rankCorrelation(a, b);
  return Number.isFinite(correlation) && b.every(Number.isFinite) ? correlation : undefined;
}

interface Part {
  readonly path: string;
  readonly names: readonly string[];
}

/** The state entries by the parts of the network that hold them, in their order: by as many words of their paths as make three parts or more. */
function partsOf(entries: readonly string[]): Part[] {
  const deepest = Math.max(...entries.map((name) => name.split('.').length - 1), 1);
  for (let words = 1; ; words++) {
    const parts = new Map<string, string[]>();
    for (const name of entries) {
      const layer = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
      const path = layer.split('.').slice(0, words).join('.');
      parts.set(path, [...(parts.get(path) ?? []), name]);
    }
    if (parts.size >= 3 || words >= deepest) return fewer([...parts].map(([path, names]) => ({ path, names })));
  }
}

/** Neighbours together where they are many. */
function fewer(parts: readonly Part[]): Part[] {
  if (parts.length <= mostStages) return [...parts];
  return Array.from({ length: mostStages }, (_, i) => {
    const [first, after] = [i, i + 1].map((at) => Math.round((at * parts.length) / mostStages));
    const some = parts.slice(first, after);
    const [from, to] = [some[0]?.path as string, some.at(-1)?.path as string];
    return { path: from === to ? from : `${from} to ${to}`, names: some.flatMap(({ names }) => names) };
  });
}
