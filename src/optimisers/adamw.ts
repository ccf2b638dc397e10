/** Adam with decoupled weight decay (Loshchilov and Hutter 2017, algorithm 2), exactly as PyTorch's AdamW computes it. */
import { add, divide, type Graph, multiply, sqrt, subtract, type Value } from '../ir/index.ts';
import { constant, defineOptimiser } from '../nn/index.ts';
import { number, numbers } from '../parts/index.ts';
import { decayed, decayOption, weightDecayOption } from './weight-decay.ts';

/** Keeps the entries `mean.<name>` and `square.<name>` for each parameter. @throws ConfigError */
export const adamw = defineOptimiser({
  name: 'adamw',
  about: 'Adam whose weight decay is apart from the gradient',
  source: 'arXiv:1711.05101',
  options: {
    betas: numbers({
      about: 'share of the gradient’s and of its square’s running mean that goes on',
      count: 2,
      from: 0,
      below: 1,
      default: [0.9, 0.999],
    }),
    epsilon: number({ about: 'added to the root of the mean square', from: 0, default: 1e-8 }),
    weightDecay: weightDecayOption('share of the rate by which weights shrink in each step', 0.01),
    decay: decayOption('all'),
  },
  make: ({ betas: [beta1 = 0, beta2 = 0], epsilon, weightDecay, decay }) => ({
    usualRate: 0.001,
    update(parameters, lr) {
      const { graph } = lr;
      const meanCorrection = scalar(graph, 'meanCorrection', `1 / (1 - ${beta1}^t)`, (t) => 1 / (1 - beta1 ** t));
      const rootCorrection = scalar(graph, 'rootCorrection', `1 / sqrt(1 - ${beta2}^t)`, (t) =>
        Math.sqrt(1 / (1 - beta2 ** t)),
      );
      for (const { name, value, gradient } of parameters) {
        const mean = running(graph, `mean.${name}`, gradient, beta1);
        const square = running(graph, `square.${name}`, multiply(gradient, gradient), beta2);
        // θ ← θ − lr · λ · θ, then θ ← θ − lr · m̂ / (√v̂ + ε)
        const shrunk =
          weightDecay > 0 && decayed(value, decay)
            ? subtract(value, multiply(value, multiply(lr, weightDecay)))
            : value;
        const root = add(multiply(sqrt(square), rootCorrection), epsilon);
        const direction = divide(multiply(mean, multiply(meanCorrection, lr)), root);
        graph.update(name, subtract(shrunk, direction));
      }
    },
  }),
});

/** m ← β · m + (1 − β) · x. */
function running(graph: Graph, name: string, x: Value, beta: number): Value {
  const entry = graph.entry(name, x.type.shape, 'optimiser', constant(0));
  const moved = add(multiply(entry, beta), multiply(x, 1 - beta));
  graph.update(name, moved);
  return moved;
}

/** An input computed in float64 from the number t of the step, counted from 1: in float32, 1 − βᵗ would lose its digits. */
const scalar = (graph: Graph, name: string, note: string, of: (t: number) => number): Value =>
  // one for all groups of parameters
  graph.inputs.get(name) ??
  graph.input(
    name,
    { dtype: 'float32', shape: [] },
    { provide: { kind: 'step', note, fill: ({ step }) => Float32Array.of(of(step + 1)) } },
  );
