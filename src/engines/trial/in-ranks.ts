/**
 * The small networks, trained in all ranks of a job. Each has the whole batch and counts for a part of it, so that together they must come to
 * what one process comes to alone, batch norm included.
 */
import type { Program, Value } from '../../ir/index.ts';
import { EngineError, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import type { Engine, Executable, Ranks, ReducedEntries, Tensors } from '../engine.ts';
import { smallNetworks } from './networks.ts';
import { halvesOf } from './programs.ts';
import { type Trial, type TrialRunner, trials } from './trial.ts';

interface Halves {
  readonly gradients: Program;
  readonly update: Program;
}

/**
 * Every rank must call it. @param engine is one of the ranks
 * @throws EngineError where a result is not the evaluator's: `a training step of a small residual network: …`
 */
export async function trainInRanks(engine: Engine, ranks: Ranks): Promise<void> {
  const all = smallNetworks.map(({ network }, i) => ({
    trial: trials[i] as Trial,
    halves: halvesOf(network, ranks) as unknown as Halves,
  }));
  const programs = Object.assign({}, ...all.map(({ trial, halves }) => programsOf(trial, halves)));
  const executable = await engine.compile(programs as Record<string, Program>, { threads: 1 });
  try {
    await executable.load(new Map(all.flatMap(({ trial, halves }) => [...startOf(trial, halves)])));
    for (const { trial, halves } of all) await trial.run('float32', () => runner(trial, halves, executable, ranks));
  } finally {
    await executable.dispose();
  }
}

const gradientsName = (trial: Trial) => `gradients of ${trial.name('float32')}`;

const programsOf = (trial: Trial, { gradients, update }: Halves): Record<string, Program> => {
  const predicting = trial.name('float32', 'prediction');
  return {
    [gradientsName(trial)]: gradients,
    [trial.name('float32')]: update,
    [predicting]: trial.programs[predicting] as Program,
  };
};

/** The trial's own, and what adds up at 0. */
const startOf = (trial: Trial, { gradients }: Halves): Tensors =>
  new Map([
    ...[...gradients.graph.state].map(([name, { type }]) => [name, zeros('float32', type.shape)] as const),
    ...trial.start,
  ]);

function runner(
  trial: Trial,
  { gradients, update }: Halves,
  executable: Executable,
  { rank, size }: Ranks,
): TrialRunner {
  const { reduce } = executable;
  if (!reduce) throw new EngineError('the engine cannot reduce');
  // unequal parts, all of which must arrive
  const share = tensor('float64', [], Float64Array.of((rank + 1) / ((size * (size + 1)) / 2)));
  const reduced = reducedEntries(gradients);
  return {
    read: () => executable.read([...trial.start.keys()]),
    run: async (entry, inputs) => {
      if (entry !== trial.name('float32')) return executable.run(entry, inputs);
      const given = new Map([...inputs, ['share', share] as const]);
      const outputs = await executable.run(gradientsName(trial), inputsOf(gradients, given));
      await reduce.call(executable, reduced, new Float64Array());
      await executable.run(entry, inputsOf(update, given));
      return outputs;
    },
  };
}

const inputsOf = ({ graph }: Program, given: Tensors): Tensors =>
  new Map([...graph.inputs.keys()].map((name) => [name, given.get(name) as Tensor]));

function reducedEntries({ graph, updates }: Program): ReducedEntries {
  const isGradient = (name: string) => {
    const { source } = graph.state.get(name) as Value;
    return source.kind === 'state' && source.role === 'gradient';
  };
  const names = [...updates.keys()];
  return { sums: names.filter(isGradient), means: names.filter((name) => !isGradient(name)) };
}
