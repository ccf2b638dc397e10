import type { LayerAnswer } from '../questions.ts';
import { defineMethod } from './method.ts';
import { weightedSum } from './weighted-sum.ts';

/**
 * relu(Σc wc Ac) with wc = Σi αci · relu(gci) and αci = gci² / (2 gci² + gci³ · Σj Acj), 0 where that divides by 0 (Chattopadhyay et al. 2018,
 * arXiv 1710.11063, equations 9 and 19, for the score exp(logit)). Their wc has the factor exp(logit) besides: the same for all channels, it
 * changes the map's scale alone, and is left out.
 */
export const gradCamPlusPlus = defineMethod({
  name: 'gradCamPlusPlus',
  aliases: ['gradCam++'],
  about: 'Grad-CAM with weights that count several objects of the class alike',
  source: 'arXiv:1710.11063',
  options: {},
  make: () => ({
    title: 'Grad-CAM++',
    asks: 'atLayer',
    explain: async (network, image, label) => {
      const answer = await network.atLayer(image, label);
      const weights = channelWeights(answer);
      return weightedSum(answer, (channel) => weights[channel] as number, { rectified: true });
    },
  }),
});

function channelWeights({ activations, gradients, channels }: LayerAnswer): Float64Array {
  const area = gradients.length / channels;
  return Float64Array.from({ length: channels }, (_, channel) => {
    const own = gradients.subarray(channel * area, (channel + 1) * area);
    const total = activations.subarray(channel * area, (channel + 1) * area).reduce((sum, a) => sum + a, 0);
    return own.reduce((sum, g) => {
      const below = 2 * g ** 2 + total * g ** 3;
      return below === 0 ? sum : sum + (g ** 2 / below) * Math.max(0, g);
    }, 0);
  });
}
