/** Parameters in groups of one learning rate each: discriminative fine-tuning (Howard and Ruder 2018, arXiv 1801.06146, §3.1). */
import { isWithin, type Value } from '../ir/index.ts';
import type { Parameter } from '../nn/index.ts';

/** The learning rate of the layers within `path`, as a share of the step's. */
export interface LayerRate {
  readonly path: string;
  readonly factor: number;
}

export interface RateGroup {
  readonly parameters: readonly Parameter[];
  /** A float32 scalar. */
  readonly lr: Value;
}

/** In the order of their first parameters. The longest path that a parameter is within counts; without one its rate is the step's. */
export function rateGroups(parameters: readonly Parameter[], lr: Value, rates: readonly LayerRate[]): RateGroup[] {
  const longestFirst = [...rates].sort((a, b) => b.path.length - a.path.length);
  const factorOf = (name: string) => longestFirst.find(({ path }) => isWithin(name, path))?.factor ?? 1;
  const groups = new Map<number, Parameter[]>();
  for (const parameter of parameters) {
    const factor = factorOf(parameter.name);
    groups.set(factor, [...(groups.get(factor) ?? []), parameter]);
  }
  return [...groups].map(([factor, group]) => ({ parameters: group, lr: factor === 1 ? lr : scaled(lr, factor) }));
}

/** An input of its own: as PyTorch does, the product is formed in float64. */
const scaled = ({ graph, type }: Value, factor: number): Value =>
  graph.input(`lr*${factor}`, type, {
    provide: { kind: 'rate', note: `lr · ${factor}`, fill: ({ lr }) => Float32Array.of(lr * factor) },
  });
