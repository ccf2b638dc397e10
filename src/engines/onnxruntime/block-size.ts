/** How many channels the blocked layout of this processor has in a block: tried out, because the library does not tell. */
import { conv2d, defineProgram, Graph, type Program } from '../../ir/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { evaluate } from '../evaluator/evaluate.ts';
import { type EntryModel, entryModel } from './entry-model.ts';

const candidates = [16, 8];

/** Compiles and runs entry points; failing to is an answer while the process lives. */
export interface Probe {
  readonly isAlive: () => boolean;
  readonly compile: (entries: Readonly<Record<string, EntryModel>>) => Promise<unknown>;
  readonly run: (entry: string, inputs: ReadonlyMap<string, Tensor>) => Promise<ReadonlyMap<string, Tensor>>;
}

/** The first block size with which a small convolution comes out right; 0 where none does, and blocks are not used. @throws EngineError where the process ended */
export async function blockSize(probe: Probe): Promise<number> {
  const program = smallConvolution();
  const random = new Random('block size');
  const inputs = new Map(
    [...program.graph.inputs].map(
      ([
        name,
        {
          type: { shape },
        },
      ]) => {
        const numbers = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
        return [name, tensor('float32', shape, numbers)] as const;
      },
    ),
  );
  const wide = new Map([...inputs].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]));
  const expected = evaluate(program, wide, new Map()).outputs.get('y')?.data as Float64Array;
  for (const block of candidates) {
    const entry = `blocks of ${block}`;
    try {
      await probe.compile({
        [entry]: entryModel(program, { block }),
      });
      const y = (await probe.run(entry, inputs)).get('y')?.data as Float32Array;
      if (expected.every((v, i) => Math.abs(v - (y[i] as number)) < 1e-3)) return block;
    } catch (error) {
      if (!probe.isAlive()) throw error;
      // an operator that this build does not have
    }
  }
  return 0;
}

/** Its channels need padding with either block size. */
function smallConvolution(): Program {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape: [1, 20, 5, 6] });
  const weight = graph.input('weight', { dtype: 'float32', shape: [36, 20, 3, 3] });
  const y = conv2d(x, weight, { padding: [1, 1] });
  return defineProgram({ name: 'block size', graph, outputs: new Map([['y', y]]), updates: new Map() });
}
