/** Stochastic gradient descent with momentum, exactly as PyTorch computes it. */
import { add, multiply, subtract, type Value } from '../ir/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { constant } from './initialisers.ts';
import type { Optimiser } from './optimiser.ts';

export interface SgdOptions {
  /** Share of the last step that goes on; default 0.9. */
  readonly momentum?: number;
  /** Looks ahead along the momentum (Sutskever et al. 2013); default false. */
  readonly nesterov?: boolean;
  /** Times the parameter, added to its gradient; default 1e-4. */
  readonly weightDecay?: number;
  /** What decays: everything (default), or only weights of two or more axes, not biases and batch norms (arXiv 1812.01187, §3.1). */
  readonly decay?: 'all' | 'weights';
}

/**
 * An optimiser that keeps one entry `momentum.<name>` for each parameter, unless its momentum is 0.
 * @throws ConfigError for a momentum outside [0, 1), a negative decay, or Nesterov without momentum
 */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { momentum = 0.9, nesterov = false, weightDecay = 1e-4, decay = 'all' } = options;
  if (!(momentum >= 0 && momentum < 1))
    throw new ConfigError(
      `sgd: \`momentum\` must be at least 0 and below 1, but is ${momentum}`,
      '0.9 is usual; 0 is off',
    );
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY))
    throw new ConfigError(`sgd: \`weightDecay\` must be at least 0, but is ${weightDecay}`, '1e-4 is usual; 0 is off');
  if (nesterov && momentum === 0) throw new ConfigError('sgd: `nesterov` needs a `momentum` above 0', '0.9 is usual');

  const decayed = (parameter: Value, gradient: Value) =>
    weightDecay > 0 && (decay === 'all' || parameter.type.shape.length >= 2)
      ? add(gradient, multiply(parameter, weightDecay))
      : gradient;

  // v ← momentum · v + g
  const accumulate = (name: string, gradient: Value) => {
    const entry = gradient.graph.entry(`momentum.${name}`, gradient.type.shape, 'optimiser', constant(0));
    const velocity = add(multiply(entry, momentum), gradient);
    gradient.graph.update(`momentum.${name}`, velocity);
    return nesterov ? add(gradient, multiply(velocity, momentum)) : velocity;
  };

  return {
    name: 'sgd',
    options: { momentum, nesterov, weightDecay, decay },
    update(name, parameter, gradient, lr) {
      const g = decayed(parameter, gradient);
      const direction = momentum === 0 ? g : accumulate(name, g);
      parameter.graph.update(name, subtract(parameter, multiply(direction, lr)));
    },
  };
}
