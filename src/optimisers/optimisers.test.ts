/** Optimisers, averages and clipping beside a transcription of their formulas in plain float64. */
import { expect, it } from 'vitest';
import { ema } from '../averages/index.ts';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import { type Array64, defineProgram, Graph } from '../ir/index.ts';
import { constant, type Optimiser } from '../nn/index.ts';
import { Random } from '../tensor/index.ts';
import { adamw, sgd } from './index.ts';

const [size, steps, lr] = [5, 20, 0.1];

/** The weights after each of twenty steps along given gradients. */
function descend(
  optimiser: Optimiser,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
): number[][] {
  const graph = new Graph({ training: true });
  const type = { dtype: 'float32', shape: [size] } as const;
  const value = graph.entry('w', [size], 'parameter', constant(0));
  const gradient = graph.input('gradient', type);
  optimiser.update([{ name: 'w', value, gradient }], graph.input('lr', { dtype: 'float32', shape: [] }));
  const program = defineProgram({ name: 'step', graph, outputs: new Map(), updates: graph.updates });
  const array = (numbers: ArrayLike<number>, shape: readonly number[] = [size]): Array64 => ({
    shape,
    data: Float64Array.from(numbers),
  });
  const zeros = [...graph.state.keys()].map((name) => [name, array(new Float64Array(size))] as const);
  let state = new Map<string, Array64>([...zeros, ['w', array(start)]]);
  return gradients.map((numbers, step) => {
    const provided = [...graph.inputs].flatMap(
      ([
        name,
        {
          source,
          type: { shape },
        },
      ]) => {
        const provide = source.kind === 'input' ? source.provide : undefined;
        return provide
          ? [[name, array(provide.fill({ step, lr }, shape, new Random(0)) as Float32Array, shape)] as const]
          : [];
      },
    );
    const inputs = new Map([['gradient', array(numbers)], ['lr', array([lr], [])], ...provided]);
    state = new Map([...state, ...evaluate(program, inputs, state).updates]);
    return [...(state.get('w') as Array64).data];
  });
}

const random = new Random('transcription');
const start = Array.from({ length: size }, () => random.normal());
const gradients = Array.from({ length: steps }, () => Array.from({ length: size }, () => random.normal()));

/** As the graph holds it. */
const f = Math.fround;

it('adamw is algorithm 2 of its paper', () => {
  const [beta1, beta2, epsilon, decay] = [0.9, 0.95, 1e-6, 0.05];
  let weights = start;
  let [mean, square] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
  const expected = gradients.map((gradient, step) => {
    const t = step + 1;
    mean = mean.map((m, i) => f(beta1) * m + f(1 - beta1) * (gradient[i] as number));
    square = square.map((v, i) => f(beta2) * v + f(1 - beta2) * (gradient[i] as number) ** 2);
    const [meanCorrection, rootCorrection] = [f(1 / (1 - beta1 ** t)), f(Math.sqrt(1 / (1 - beta2 ** t)))];
    weights = weights.map((w, i) => {
      const root = Math.sqrt(square[i] as number) * rootCorrection + f(epsilon);
      return w - w * lr * f(decay) - (lr * meanCorrection * (mean[i] as number)) / root;
    });
    return weights;
  });
  const options = { betas: [beta1, beta2], epsilon, weightDecay: decay } as const;
  expect(descend(adamw(options), start, gradients).flat()).toBeClose(expected.flat(), {
    relative: 1e-9,
    absolute: 1e-12,
  });
});

it('sgd adds up momenta as PyTorch does', () => {
  let weights = start;
  let velocity = new Array<number>(size).fill(0);
  const expected = gradients.map((gradient) => {
    velocity = velocity.map((v, i) => f(0.8) * v + (gradient[i] as number) + f(0.01) * (weights[i] as number));
    weights = weights.map((w, i) => w - lr * (velocity[i] as number));
    return weights;
  });
  const made = descend(sgd({ momentum: 0.8, weightDecay: 0.01 }), start, gradients);
  expect(made.flat()).toBeClose(expected.flat(), { relative: 1e-9, absolute: 1e-12 });
});

it('an exponential moving average keeps its share', () => {
  const graph = new Graph({ training: false });
  const type = { dtype: 'float32', shape: [size] } as const;
  const [before, entry] = [graph.input('before', type), graph.input('entry', type)];
  const outputs = new Map([['next', ema({ decay: 0.9 }).next(before, entry)]]);
  const inputs = new Map([
    ['before', { shape: [size], data: Float64Array.from(start) }],
    ['entry', { shape: [size], data: Float64Array.from(gradients[0] as readonly number[]) }],
  ]);
  const { data } = evaluate({ name: 'average', graph, outputs, updates: new Map() }, inputs, new Map()).outputs.get(
    'next',
  )!;
  const expected = start.map((old, i) => f(0.9) * old + f(1 - 0.9) * (gradients[0]?.[i] as number));
  expect(data).toBeClose(expected, { relative: 1e-12 });
});

it('explains options that it has not', () => {
  expect(() => adamw({ betas: [0.9] })).toThrow(
    'adamw: `betas` must be 2 numbers of at least 0 and below 1, but is [0.9]',
  );
  expect(() => adamw({ momentum: 0.9 } as never)).toThrow('adamw: it has no option `momentum`');
});
