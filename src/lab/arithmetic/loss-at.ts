/** A network's loss on the same images at many places of its weights, by one compiled program. */
import type { Engine, Executable } from '../../engines/index.ts';
import type { Program } from '../../ir/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import type { State } from './filter-directions.ts';

/** A loss of logits [count, classes]. */
export type LossOf = (logits: Float32Array) => number;

/** What is measured: a prediction program, its images, and a loss of its logits. */
export interface MeasuredLoss {
  readonly engine: Engine;
  readonly threads: number;
  readonly program: Program;
  /** As many as the program takes. */
  readonly images: Float32Array;
  readonly lossOf: LossOf;
}

/** Hands a function that gives the loss at a state to `look`. @throws EngineError */
export async function withLossAt<Found>(
  { engine, threads, program, images, lossOf }: MeasuredLoss,
  look: (lossAt: (state: State) => Promise<number | null>) => Promise<Found>,
): Promise<Found> {
  const executable: Executable = await engine.compile({ predict: program }, { threads });
  const shape = program.graph.inputs.get('image')?.type.shape ?? [];
  const inputs = new Map([['image', tensor('float32', shape, images)]]);
  try {
    return await look(async (state) => {
      await executable.load(onlyOf(program, state));
      const logits = (await executable.run('predict', inputs)).get('logits') as Tensor;
      const loss = lossOf(logits.data as Float32Array);
      return Number.isFinite(loss) ? loss : null;
    });
  } finally {
    await executable.dispose();
  }
}

/** The entries that the program reads: a checkpoint may hold more. */
const onlyOf = ({ graph }: Program, state: State): Map<string, Tensor> =>
  new Map([...graph.state.keys()].map((name) => [name, state.get(name) as Tensor]));
