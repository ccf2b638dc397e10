/** Whether engines work on this machine: told by running something, not by what is installed. */
import { gradients } from '../autodiff/index.ts';
import { conv2d, defineProgram, Graph, multiply, type Program, subtract, sum, type Value } from '../ir/index.ts';
import { EngineError, Random, SkeinError, sizeOf, type Tensor, tensor } from '../tensor/index.ts';
import type { Engine, EngineFacts, Tensors } from './engine.ts';
import { evaluate } from './evaluator/evaluate.ts';

/** What trying an engine showed. */
export interface EngineDiagnosis extends EngineFacts {
  readonly name: string;
  /** It ran a small training step, and its numbers were right. */
  readonly works: boolean;
  /** Why it does not work. */
  readonly problem?: string;
  /** What to do about that. */
  readonly remedy?: string;
}

/** Runs a training step of one convolution and compares its results with the evaluator's. Never throws. */
export async function diagnose(engine: Engine): Promise<EngineDiagnosis> {
  const { name } = engine;
  try {
    await tryStep(engine);
    return { name, works: true, ...(await engine.facts?.()) };
  } catch (error) {
    const remedy = error instanceof SkeinError ? error.hint : undefined;
    return { name, works: false, problem: (error as Error).message, ...(remedy !== undefined && { remedy }) };
  }
}

/** @throws EngineError where the engine is missing, dies or computes something else */
async function tryStep(engine: Engine): Promise<void> {
  const program = smallStep();
  const random = new Random('diagnose');
  const inputs = new Map([['x', drawn(program.graph.inputs.get('x') as Value, random)]]);
  const state = new Map([['weight', drawn(program.graph.state.get('weight') as Value, random)]]);
  const expected = evaluate(program, widened(inputs), widened(state));
  const executable = await engine.compile({ step: program }, { threads: 1 });
  try {
    await executable.load(state);
    const outputs = await executable.run('step', inputs);
    expectNear(engine, 'loss', outputs.get('loss'), expected.outputs.get('loss')?.data);
    const moved = await executable.read(['weight']);
    expectNear(engine, 'weight', moved.get('weight'), expected.updates.get('weight')?.data);
  } finally {
    await executable.dispose();
  }
}

/** The sum of a convolution's squares, and its weight one step down the gradient. */
function smallStep(): Program {
  const graph = new Graph({ training: true });
  const x = graph.input('x', { dtype: 'float32', shape: [2, 20, 6, 6] });
  const weight = graph.entry('weight', [8, 20, 3, 3], 'parameter', (shape) => new Float32Array(sizeOf(shape)));
  const y = conv2d(x, weight, { padding: [1, 1] });
  const loss = sum(multiply(y, y));
  const [gradient] = gradients(loss, [weight]) as [Value];
  const updates = new Map([['weight', subtract(weight, multiply(gradient, 1e-4))]]);
  return defineProgram({ name: 'diagnosis', graph, outputs: new Map([['loss', loss]]), updates });
}

const drawn = ({ type: { shape } }: Value, random: Random): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );

const widened = (tensors: Tensors) =>
  new Map(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data as Float32Array) }]),
  );

function expectNear(engine: Engine, what: string, given: Tensor | undefined, expected: Float64Array | undefined): void {
  const near = (value: number, i: number) =>
    Math.abs(value - (given?.data[i] as number)) <= 1e-3 * (1 + Math.abs(value));
  if (expected && given && given.data.length === expected.length && expected.every(near)) return;
  throw new EngineError(
    `${engine.name}: a small training step gives another ${what} than it should`,
    'its library is damaged or does not fit this processor: install it again',
  );
}
