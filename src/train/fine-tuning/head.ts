import { defineFineTuning, headPhase } from './fine-tuning.ts';

/** The rest of the network keeps its weights. */
export const head = defineFineTuning({
  name: 'head',
  about: 'the head alone, on features that are computed once: what a few images per class can pay for',
  options: {},
  phases: (network, epochs) => [headPhase(network, epochs)],
});
