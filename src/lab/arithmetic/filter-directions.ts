/** Directions in the space of weights, and networks moved along them: Li et al. 2018 (arXiv 1712.09913), §4. */
import type { Program } from '../../ir/index.ts';
import { type Random, type Tensor, tensor } from '../../tensor/index.ts';

/** Tensors by the names of state entries. */
export type State = ReadonlyMap<string, Tensor>;

/** What each state entry moves by; entries that are missing stay. */
export type Direction = ReadonlyMap<string, Float32Array>;

/** Added to norms that are divided by, as in the authors' code. */
const least = 1e-10;

/**
 * A random direction whose filters have the norms of the network's own: d ← d / ‖d‖ · ‖w‖ for each filter, or each row of a fully connected layer.
 * Biases, batch norms and statistics stay, as in the authors' code.
 */
export function filterDirection({ graph }: Pick<Program, 'graph'>, state: State, random: Random): Direction {
  const direction = new Map<string, Float32Array>();
  for (const [name, { source, type }] of graph.state) {
    if (source.kind !== 'state' || source.role !== 'parameter' || type.shape.length < 2) continue;
    const weight = (state.get(name) as Tensor).data as Float32Array;
    const stream = random.fork(name);
    const drawn = Float32Array.from({ length: weight.length }, () => stream.normal());
    const size = weight.length / (type.shape[0] as number);
    for (let at = 0; at < weight.length; at += size) {
      const filter = drawn.subarray(at, at + size);
      const scale = norm(weight.subarray(at, at + size)) / (norm(filter) + least);
      for (let i = 0; i < size; i++) filter[i] = (filter[i] as number) * scale;
    }
    direction.set(name, drawn);
  }
  return direction;
}

/** From one state to another, statistics included. */
export function directionTo(from: State, to: State): Direction {
  return new Map(
    [...from].map(([name, { data }]) => {
      const target = to.get(name)?.data as Float32Array;
      return [name, Float32Array.from(data as Float32Array, (value, i) => (target[i] as number) - value)];
    }),
  );
}

/** state + Σ share · direction. */
export function moved(
  state: State,
  ...steps: readonly (readonly [share: number, direction: Direction])[]
): Map<string, Tensor> {
  return new Map(
    [...state].map(([name, one]) => {
      const data = Float32Array.from(one.data as Float32Array);
      for (const [share, direction] of steps) {
        const by = direction.get(name);
        if (by && share !== 0)
          for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + share * (by[i] as number);
      }
      return [name, tensor('float32', one.shape, data)];
    }),
  );
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
