import type { LayerAnswer } from '../questions.ts';
import { defineMethod } from './method.ts';
import { weightedSum } from './weighted-sum.ts';

/** relu(Σc αc Ac), αc the mean over all places of the gradient by channel c (Selvaraju et al. 2017, arXiv 1610.02391, equations 1 and 2). */
export const gradCam = defineMethod({
  name: 'gradCam',
  isDefault: true,
  about: 'where the channels of a layer are that speak for the class, weighed by their mean gradients',
  source: 'arXiv:1610.02391',
  options: {},
  make: () => ({
    title: 'Grad-CAM',
    asks: 'atLayer',
    explain: async (network, image, label) => {
      const answer = await network.atLayer(image, label);
      const means = meanGradients(answer);
      return weightedSum(answer, (channel) => means[channel] as number, { rectified: true });
    },
  }),
});

function meanGradients({ gradients, channels }: LayerAnswer): Float64Array {
  const area = gradients.length / channels;
  const means = new Float64Array(channels);
  for (const [i, gradient] of gradients.entries()) means[Math.floor(i / area)]! += gradient / area;
  return means;
}
