import { defineMethod } from './method.ts';
import { weightedSum } from './weighted-sum.ts';

/** Σc gc · Ac place by place, with the gradient of each place: what is negative speaks against the class (Draelos and Carin 2020, arXiv 2011.08891, equation 3). */
export const hiResCam = defineMethod({
  name: 'hiResCam',
  about:
    'Grad-CAM with the gradient of each place instead of their mean: it shows nothing that the network did not use',
  source: 'arXiv:2011.08891',
  options: {},
  make: () => ({
    title: 'HiResCAM',
    asks: 'atLayer',
    explain: async (network, image, label) => {
      const answer = await network.atLayer(image, label);
      return weightedSum(answer, (_, index) => answer.gradients[index] as number);
    },
  }),
});
