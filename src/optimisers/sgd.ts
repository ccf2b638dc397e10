/** Stochastic gradient descent with momentum, exactly as PyTorch computes it. */
import { add, multiply, subtract, type Value } from '../ir/index.ts';
import { constant, defineOptimiser } from '../nn/index.ts';
import { number, yesOrNo } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { decayed, decayOption, weightDecayOption } from './weight-decay.ts';

/** Keeps one entry `momentum.<name>` for each parameter, unless its momentum is 0. @throws ConfigError */
export const sgd = defineOptimiser({
  name: 'sgd',
  isDefault: true,
  about: 'gradient descent with momentum',
  options: {
    momentum: number({
      about: 'share of the last step that goes on',
      from: 0,
      below: 1,
      default: 0.9,
      hint: '0.9 is usual; 0 is off',
      flag: { flags: '--momentum <m>', about: 'of sgd: share of the last step that goes on' },
    }),
    nesterov: yesOrNo({
      about: 'looks ahead along the momentum (Sutskever et al. 2013)',
      default: false,
      flag: { flags: '--nesterov', value: true, about: 'of sgd: Nesterov momentum' },
    }),
    weightDecay: weightDecayOption('times the weights, added to their gradients', 1e-4),
    decay: decayOption('all'),
  },
  make({ momentum, nesterov, weightDecay, decay }) {
    if (nesterov && momentum === 0) throw new ConfigError('sgd: `nesterov` needs a `momentum` above 0', '0.9 is usual');

    // v ← momentum · v + g
    const accumulate = (name: string, gradient: Value) => {
      const entry = gradient.graph.entry(`momentum.${name}`, gradient.type.shape, 'optimiser', constant(0));
      const velocity = add(multiply(entry, momentum), gradient);
      gradient.graph.update(`momentum.${name}`, velocity);
      return nesterov ? add(gradient, multiply(velocity, momentum)) : velocity;
    };

    return {
      update(parameters, lr) {
        for (const { name, value, gradient } of parameters) {
          const g = decayed(value, decay) && weightDecay > 0 ? add(gradient, multiply(value, weightDecay)) : gradient;
          const direction = momentum === 0 ? g : accumulate(name, g);
          value.graph.update(name, subtract(value, multiply(direction, lr)));
        }
      },
    };
  },
});
