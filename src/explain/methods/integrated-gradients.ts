import { choice, number, whole } from '../../parts/index.ts';
import type { HeatMap } from '../heat-map.ts';
import type { Questions } from '../questions.ts';
import { defineMethod } from './method.ts';

/** More gradients than this are not taken, however large the gap. */
const mostSteps = 2048;

/**
 * (x − b) · ∫ ∂logit(b + t (x − b)) / ∂x dt from 0 to 1, summed over the channels of each pixel (Sundararajan et al. 2017, arXiv 1703.01365,
 * equations 1 and 3). The integral is a sum; where attributions miss the difference of the logits by more than `tolerance` of it, the steps are
 * doubled.
 */
export const integratedGradients = defineMethod({
  name: 'integratedGradients',
  aliases: ['ig'],
  about: 'which pixels make the difference to an image without content, by gradients along the way from there',
  source: 'arXiv:1703.01365',
  options: {
    steps: whole({ about: 'gradients along the way, at least', from: 1, to: mostSteps, default: 50 }),
    baseline: choice(['black', 'mean'], {
      about: 'the image without content: black, or of the mean colour of the data',
      default: 'black',
    }),
    rule: choice(['midpoint', 'trapezoid'], { about: 'how the integral becomes a sum', default: 'midpoint' }),
    tolerance: number({
      about: 'share of the difference by which attributions may miss it before steps are doubled',
      above: 0,
      default: 0.01,
      hint: '1 never doubles them but where they are far off',
    }),
  },
  make: ({ steps, baseline, rule, tolerance }) => ({
    title: 'Integrated gradients',
    asks: 'imageGradients',
    explain: async (network, image, label) => {
      const from = baselineOf(network, baseline);
      const [own, without] = await logitsAt(network, [image, from], label);
      const difference = (own as number) - (without as number);
      for (let taken = steps; ; taken *= 2) {
        const attributions = await integrate(network, image, from, label, pointsOf(rule, taken));
        const sum = attributions.reduce((total, value) => total + value, 0);
        const gap = Math.abs(sum - difference) / Math.abs(difference);
        // NaN where there is no difference: nothing gets nearer
        if (!(gap > tolerance) || taken * 2 > mostSteps)
          return { ...perPixel(attributions, network), completeness: { difference, gap, steps: taken } };
      }
    },
  }),
});

function baselineOf({ image: { channels, height, width }, black }: Questions, kind: 'black' | 'mean'): Float32Array {
  const area = height * width;
  const level = (i: number) => (kind === 'black' ? (black[Math.floor(i / area)] as number) : 0);
  return Float32Array.from({ length: channels * area }, (_, i) => level(i));
}

async function logitsAt(network: Questions, images: readonly Float32Array[], label: number): Promise<number[]> {
  const all = await network.logits(Float32Array.from(images.flatMap((image) => [...image])));
  return images.map((_, row) => all[row * network.classes + label] as number);
}

/** Where along the way gradients are taken, and how much each counts. */
function pointsOf(rule: 'midpoint' | 'trapezoid', steps: number): { at: number; weight: number }[] {
  if (rule === 'midpoint' || steps === 1)
    return Array.from({ length: steps }, (_, i) => ({ at: (i + 0.5) / steps, weight: 1 / steps }));
  const last = steps - 1;
  return Array.from({ length: steps }, (_, i) => ({ at: i / last, weight: (i === 0 || i === last ? 0.5 : 1) / last }));
}

/** Points whose images are in memory together. */
const together = 32;

/** [C, H, W], in float64. */
async function integrate(
  network: Questions,
  image: Float32Array,
  from: Float32Array,
  label: number,
  points: readonly { at: number; weight: number }[],
): Promise<Float64Array> {
  const size = image.length;
  const sums = new Float64Array(size);
  for (let first = 0; first < points.length; first += together) {
    const some = points.slice(first, first + together);
    const images = new Float32Array(some.length * size);
    for (const [row, { at }] of some.entries())
      for (let i = 0; i < size; i++)
        images[row * size + i] = (from[i] as number) + at * ((image[i] as number) - (from[i] as number));
    const gradients = await network.imageGradients(images, label);
    for (const [row, { weight }] of some.entries())
      for (let i = 0; i < size; i++) sums[i]! += weight * (gradients[row * size + i] as number);
  }
  return sums.map((sum, i) => sum * ((image[i] as number) - (from[i] as number)));
}

function perPixel(attributions: Float64Array, { image: { height, width } }: Questions): HeatMap {
  const area = height * width;
  const values = new Float64Array(area);
  for (const [i, value] of attributions.entries()) values[i % area]! += value;
  return { values: Float32Array.from(values), height, width };
}
