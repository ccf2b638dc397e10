/** How well the running statistics of batch norms go with the layers before them, where weights are put into a network's graph. */
import { ops, type Value } from '../../ir/index.ts';
import type { BuiltNetwork } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import { followed, type Memory } from './follow-moments.ts';
import { known, type Moments, normalised, unknown } from './moments.ts';

/** What one batch norm says. */
export interface NormFit {
  /** The entry of its mean. */
  readonly name: string;
  /** Of channels that were derived: the mean square of their distance to the running mean, in running deviations. */
  readonly error: number;
  /** The same had nothing been known: of the running mean to the mean of the channels'. */
  readonly baseline: number;
  /** How many channels these are of, and whether none of them is only roughly known. */
  readonly channels: number;
  readonly isSharp: boolean;
  /** Of channels that a norm before it has measured already: the largest distance. They must be the same. */
  readonly contradiction: number;
}

/** One for each batch norm before which something is known. @param state by the names of the graph */
export function measureFit(
  { graph }: BuiltNetwork,
  state: (name: string) => Tensor | undefined,
  memory: Memory,
): NormFit[] {
  const moments = new Map<Value, Moments>();
  const of = (x: Value): Moments => {
    const found = moments.get(x) ?? unknown(x.type.shape[1] ?? 1);
    moments.set(x, found);
    return found;
  };
  const entry = (x: Value | undefined) => (x?.source.kind === 'state' ? state(x.source.name) : undefined);
  const last = graph.nodes.findLastIndex(({ op }) => op.name === ops.normalise.name);
  const fits: NormFit[] = [];
  for (const node of graph.nodes.slice(0, last + 1)) {
    const [x] = node.inputs as [Value];
    const [y] = node.outputs as [Value];
    if (node.op.name === ops.normalise.name) {
      const vectors = node.inputs.slice(1).map((input) => entry(input)?.data as Float32Array | undefined);
      const [mean, variance, weight, bias] = vectors;
      if (!mean || !variance || !weight || !bias) continue;
      const name = node.inputs[1]?.source.kind === 'state' ? node.inputs[1].source.name : '';
      const fit = fitOf(name, of(x), mean, variance);
      if (fit) fits.push(fit);
      const { epsilon } = node.attributes as { readonly epsilon: number };
      const { measured, result } = memory.norm(weight, () => normalised({ mean, variance, weight, bias, epsilon }));
      moments.set(x, measured);
      moments.set(y, result);
    } else if (y.type.shape.length === 4) {
      const found = followed(node, of, entry, memory);
      if (found) moments.set(y, found);
    }
  }
  return fits;
}

/** A distance beyond this many deviations says no more. */
const farthest = 3;

function fitOf(name: string, x: Moments, mean: Float32Array, variance: Float32Array): NormFit | undefined {
  let [error, baseline, channels, contradiction] = [0, 0, 0, 0];
  let isSharp = true;
  let isKnown = false;
  const centre = mean.reduce((sum, m) => sum + m, 0) / mean.length;
  for (let c = 0; c < mean.length; c++) {
    const knowledge = x.knowledge[c] as number;
    if (knowledge === known.nothing) continue;
    isKnown = true;
    const deviation = Math.sqrt((variance[c] as number) + 1e-8);
    const distance = (of: number) => Math.min(farthest, Math.abs(of - (mean[c] as number)) / deviation) ** 2;
    if (knowledge === known.measured) {
      contradiction = Math.max(contradiction, Math.sqrt(distance(x.mean[c] as number)));
      continue;
    }
    if (knowledge === known.roughly) isSharp = false;
    error += distance(x.mean[c] as number);
    baseline += distance(centre);
    channels++;
  }
  if (!isKnown) return undefined;
  const per = Math.max(1, channels);
  return { name, error: error / per, baseline: baseline / per, channels, isSharp, contradiction };
}
