import { deepOptions, deepPhase, defineFineTuning, headFirst } from './fine-tuning.ts';

/** Parts that begin to train one after the other. */
const most = 4;

/** Gradual unfreezing (Howard and Ruder 2018, §3.3): from the head down, one part more at a time. @throws ConfigError */
export const gradual = defineFineTuning({
  name: 'gradual',
  about: 'the head first, then one part more at a time, from the last stage down',
  source: 'arXiv:1801.06146',
  options: deepOptions,
  phases(network, epochs, options) {
    const { groups } = network;
    const parts = Math.min(most, groups.length, epochs);
    const each = Math.max(1, Math.floor(epochs / (parts + 1)));
    const deep = Array.from({ length: parts }, (_, i) => {
      const isLast = i === parts - 1;
      const from = Math.round(groups.length * (1 - (i + 1) / parts));
      return deepPhase(network, from, isLast ? epochs - each * (parts - 1) : each, options);
    });
    return [...headFirst(network, options), ...deep];
  },
});
