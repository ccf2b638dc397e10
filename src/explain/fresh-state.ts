/** Weights as a network has them before training, for networks of which only the graph is known. */
import { liveNodes, type Program } from '../ir/index.ts';
import { type Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';

/**
 * New content of these state entries: matrices and kernels are normal with variance 2 / fan in (He et al. 2015, arXiv 1502.01852), batch norms are
 * as they begin, and other vectors have their trained numbers in another order. Each draws from a stream named after it.
 */
export function freshState(
  program: Program,
  trained: ReadonlyMap<string, Tensor>,
  names: Iterable<string>,
  random: Random,
): Map<string, Tensor> {
  const firstContent = vectorsAtStart(program);
  return new Map(
    [...names].map((name) => {
      const { shape, data } = trained.get(name) as Tensor<'float32'>;
      const own = random.fork(name);
      const start = firstContent.get(name);
      if (start !== undefined) return [name, tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(start))];
      const fanIn = sizeOf(shape.slice(1));
      const content =
        fanIn > 1
          ? Float32Array.from({ length: sizeOf(shape) }, () => Math.sqrt(2 / fanIn) * own.normal())
          : own.shuffle(Float32Array.from(data));
      return [name, tensor('float32', shape, content)];
    }),
  );
}

/** What ops call their inputs tells what those are before training. */
const starts: Readonly<Record<string, number>> = { mean: 0, variance: 1, weight: 1, bias: 0 };

/** Of vectors that ops name. */
function vectorsAtStart(program: Program): Map<string, number> {
  const found = new Map<string, number>();
  for (const { op, inputs } of liveNodes(program))
    for (const [i, { source, type }] of inputs.entries()) {
      const start = starts[op.inputs[i] ?? ''];
      if (source.kind === 'state' && type.shape.length === 1 && start !== undefined) found.set(source.name, start);
    }
  return found;
}
