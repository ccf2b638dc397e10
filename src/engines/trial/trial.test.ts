/** What a trial lets pass, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { enginesHere } from '../../../tests/engines-here.ts';
import { multiply, type Node, ops, type Program, rebuild, type Value } from '../../ir/index.ts';
import type { Precision } from '../engine.ts';
import { evaluator } from '../evaluator/engine.ts';
import { evaluate } from '../evaluator/evaluate.ts';
import { padPrograms } from '../onednn/planning/padding/pad-program.ts';
import { smallNetworks } from './networks.ts';
import { batchOf, startOf, stepOf } from './programs.ts';
import { type Trial, trials, widened } from './trial.ts';

const [residual, dense] = trials as [Trial, Trial];

const stepIn = (trial: Trial) => trial.programs[trial.name('float32')] as Program;

async function evaluated(trial: Trial, precision: Precision, programs: Trial['programs']): Promise<void> {
  const runner = await evaluator.compile(programs);
  await runner.load(trial.start);
  await trial.run(precision, () => runner);
}

type Rewritten = (node: Node, inputs: readonly Value[]) => readonly Value[] | undefined;

/** The trial of an evaluator that takes some nodes for something else, always or in the step alone. */
function run(trial: Trial, precision: Precision, node: Rewritten, wrongIn: 'both' | 'step' | 'prediction' = 'both') {
  const change = (program: Program, which: string) =>
    wrongIn === 'both' || wrongIn === which ? rebuild(program, { node }) : program;
  const [stepName, predictionName] = [trial.name('float32'), trial.name('float32', 'prediction')];
  return evaluated(trial, precision, {
    [stepName]: change(stepIn(trial), 'step'),
    [predictionName]: change(trial.programs[predictionName] as Program, 'prediction'),
  });
}

/** The last node of an op as it is, changed by `change`. */
const only = (trial: Trial, op: Node['op'], change: (node: Node, inputs: readonly Value[]) => readonly Value[]) => {
  const last = stepIn(trial).graph.nodes.findLast((node) => node.op === op);
  return (node: Node, inputs: readonly Value[]) => (node === last ? change(node, inputs) : undefined);
};

const applied = ({ op, attributes }: Node, inputs: readonly Value[]) =>
  (inputs[0] as Value).graph.apply(op, inputs, attributes);

/** A batch norm that leaves its shift out. */
const withoutShift: Rewritten = (node, inputs) => {
  const [x, mean, variance, weight, bias] = inputs as [Value, Value, Value, Value, Value];
  if (node.op !== ops.normalise) return undefined;
  return applied(node, [x, mean, variance, weight, x.graph.constant(0, bias.type.shape)]);
};

const offBy5Percent = (node: Node, inputs: readonly Value[]) => [multiply(applied(node, inputs)[0] as Value, 1.05)];

describe('a trial', () => {
  it.each(trials.map((trial) => [trial.name('float32'), trial] as const))(
    'lets the evaluator pass in each precision: %s',
    async (_, trial) => {
      for (const precision of ['float32', 'bf16'] as const) await run(trial, precision, () => undefined);
    },
  );

  // measured with oneDNN 2.6 and 3.7 on AVX-512, AVX2 and SSE4.1, and with ONNX Runtime
  it.each(enginesHere.map((engine) => [engine.name, engine] as const))(
    'finds %s at least five times nearer to the evaluator than it asks',
    async (_, engine) => {
      for (const trial of trials) {
        const executable = await engine.compile(trial.programs, { threads: 1 });
        try {
          await executable.load(trial.start);
          for (const { what, distance, isState } of await trial.findings('float32', executable))
            expect(distance, what).toBeLessThan(isState ? 2e-4 : 1e-5);
        } finally {
          await executable.dispose();
        }
      }
    },
  );

  it('refuses one gradient of a convolution that is off by 5 %', async () => {
    for (const op of [ops.conv2dWeightGradient, ops.conv2dInputGradient])
      for (const trial of trials)
        await expect(run(trial, 'float32', only(trial, op, offBy5Percent))).rejects.toThrow(
          /^a training step of a small .* network: `.+`.*: expected \S+ at \d+, but got \S+; in all .+ apart/,
        );
  });

  it('refuses a batch norm without its shift, in a step and in a prediction, in each precision', async () => {
    for (const trial of trials)
      for (const precision of ['float32', 'bf16'] as const) {
        const suffix = precision === 'bf16' ? ' in bf16' : '';
        await expect(run(trial, precision, withoutShift, 'step')).rejects.toThrow(
          `${trial.name('float32')}${suffix}: `,
        );
        await expect(run(trial, precision, withoutShift, 'prediction')).rejects.toThrow(
          /^a prediction of a small \S+ network( in bf16)?: `logits`: expected/,
        );
      }
  });

  it('refuses a guard that is false, results that are no numbers, and results that are missing', async () => {
    const { programs } = residual;
    const step = stepIn(residual);
    const closed = { ...step, guard: step.graph.constant(0) };
    const guarded = evaluated(residual, 'float32', { ...programs, [residual.name('float32')]: closed });
    await expect(guarded).rejects.toThrow('network: `loss` of the second step: expected');
    const noNumber = only(residual, ops.conv2dInputGradient, (node, inputs) => [
      multiply(applied(node, inputs)[0] as Value, Number.NaN),
    ]);
    await expect(run(residual, 'bf16', noNumber)).rejects.toThrow(
      'network in bf16: `loss` of the second step: expected',
    );
    const runner = await evaluator.compile(programs);
    await runner.load(residual.start);
    const forgetful = residual.run('float32', () => ({ ...runner, read: async () => new Map() }));
    await expect(forgetful).rejects.toThrow(/`.+`: expected \d+ numbers, but got 0$/);
  });
});

describe('the small networks', () => {
  it.each(smallNetworks.map((small) => [small.network.name, small] as const))(
    'have rectifiers that rounding cannot turn: %s',
    (_, { network, seed }) => {
      const step = stepOf(network);
      const rectified = step.graph.nodes.filter(({ op }) => op === ops.relu).map(({ inputs: [x] }) => x as Value);
      const watched = { ...step, outputs: new Map(rectified.map((x, i) => [String(i), x])) };
      const batch = widened(batchOf(step, seed));
      let state = widened(startOf(step.graph, seed));
      for (const _step of ['first', 'second']) {
        const { outputs, updates } = evaluate(watched, batch, state);
        const numbers = [...outputs.values()].flatMap(({ data }) => [...data]);
        expect(Math.min(...numbers.map(Math.abs))).toBeGreaterThan(5e-5);
        state = new Map([...state, ...updates]);
      }
    },
  );

  it('have dense blocks that oneDNN packs, in blocks of 8 and of 16', () => {
    for (const block of [8, 16])
      expect(padPrograms(new Map(Object.entries(dense.programs)), block).paddings.size).toBeGreaterThan(20);
  });
});
