import { deepOptions, deepPhase, defineFineTuning, headFirst } from './fine-tuning.ts';

/** The head first, so that its random weights do not shake the rest, and then everything. @throws ConfigError */
export const all = defineFineTuning({
  name: 'all',
  about: 'the head first, then all layers, the first ones most slowly',
  source: 'arXiv:1801.06146',
  options: deepOptions,
  phases: (network, epochs, options) => [...headFirst(network, options), deepPhase(network, 0, epochs, options)],
});
