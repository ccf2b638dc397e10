/** Made-up accuracies under all corruptions, for a page: noise is borne badly, weather well. */
import { corruptionsOf } from '../src/corruptions/index.ts';
import type { EvaluationCorruptions, Picture } from '../src/report/index.ts';

/** What a severity costs, by category. */
const costs = { noise: 0.13, blur: 0.08, weather: 0.05, digital: 0.07 } as const;
const total = 10_000;

/** @param pictures taken in turn */
export function madeUpCorruptions(pictures: readonly Picture[], clean = 0.91): EvaluationCorruptions {
  const scores = corruptionsOf('all').map(({ name, category, standing, options: { severity } }) => {
    const own = 0.6 + ((name.length * 7) % 10) / 12;
    const correct = Math.round(total * Math.max(0.1, clean - costs[category] * own * severity ** 1.1));
    return { name, category, standing, severity, top1: correct / total, correct, total };
  });
  const names = [...new Set(scores.map(({ name }) => name))];
  return {
    scores,
    pictures: names.map((name, i) => ({
      name,
      severity: 3,
      picture: pictures[i % pictures.length] as Picture,
    })),
  };
}
