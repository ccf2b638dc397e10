/** What the page of an explanation is made of: three images, five methods, names that are long, and numbers of nothing. */
import type { ExplanationData, Picture } from '../src/report/index.ts';

const titles = ['Grad-CAM', 'Grad-CAM++', 'HiResCAM', 'Integrated gradients', 'Occlusion'];
const longName = 'a class of things whose name is much longer than anybody would like';
const curve = (at: (share: number) => number) => Array.from({ length: 33 }, (_, i) => at(i / 32));

/** @param pictures three or more */
export function madeUpExplanation(pictures: readonly Picture[]): ExplanationData {
  const picture = (i: number) => pictures[i % pictures.length] as Picture;
  const verdict =
    'What it marks matters no more than random pixels do: do not rely on it. It depends on the weights: with new ones it is another map (rank correlation 0.05).';
  const checks = {
    ...{ insertion: 0.62, deletion: 0.11, random: { insertion: 0.31, deletion: 0.3 }, verdict },
    ...{ inserted: curve((share) => share ** 0.5), deleted: curve((share) => (1 - share) ** 4) },
  };
  const maps = titles.map((title, i) => ({ title, picture: picture(i), file: `1-cat-${i}-cat.png`, checks }));
  const stages = ['classifier', 'stage3', 'stage2', 'stage1', 'stem'];
  return {
    ...{ network: 'resnet20', checkpoint: 'runs/resnet20-1/best.safetensors', version: '0.1.0', layer: 'stage3' },
    methods: titles.map((title, i) => ({
      ...{ title, about: 'what it does, in a few words', source: 'arXiv:1610.02391', options: 'steps 50', maps: 4 },
      checks: {
        ...{ insertion: 0.6 - i / 20, deletion: 0.1 + i / 20, random: { insertion: 0.3, deletion: 0.3 } },
        randomised: stages.map((path, at) => ({
          path,
          correlation: i === 2 && at === 3 ? undefined : (0.8 - i / 10) / (at + 1),
        })),
      },
    })),
    images: ['cat/1.jpg', `${longName.replaceAll(' ', '_')}/2.jpg`, '<b>&"3".png'].map((name, at) => ({
      name,
      picture: picture(at),
      truth: at === 0 ? undefined : longName,
      predictions: ['cat', longName, 'dog'].map((label, i) => ({
        label,
        probability: [0.71, 0.25, 0.04][i] as number,
      })),
      labels: [
        { label: 'cat', probability: 0.71, maps },
        ...(at === 0 ? [] : [{ label: longName, probability: 0.25, maps: maps.slice(0, 2) }]),
      ],
      nearest:
        at === 1 ? [0, 1, 2].map((i) => ({ picture: picture(i), label: longName, id: name, distance: 0.1 * i })) : [],
    })),
  };
}
