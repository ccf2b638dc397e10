/** Accuracy under corruptions as lines for people: a row for each, under the mean of its category. */
import {
  type CorruptionMeans,
  type CorruptionScore,
  corruptionCategories,
  corruptionMeans,
  corruptionTitle,
} from '../corruptions/index.ts';
import { percent } from './quantity.ts';
import { textTable } from './text-table.ts';

/** @param scores at least one */
export function corruptionLines(scores: readonly CorruptionScore[]): string[] {
  const means = corruptionMeans(scores);
  const severities = [...new Set(scores.map(({ severity }) => severity))].sort((a, b) => a - b);
  const rows = corruptionCategories.flatMap((category) => {
    const of = scores.filter((score) => score.category === category);
    if (of.length === 0) return [];
    const own = means.categories.get(category);
    const head = [category, ...severities.map(() => ''), own === undefined ? '' : inPercent(own)];
    return [head, ...[...new Set(of.map(({ name }) => name))].map((name) => row(name, of, severities, means))];
  });
  return ['', ...textTable(['severity', ...severities.map(String), 'mean'], rows), '', ...conclusions(scores, means)];
}

const marks = { benchmark: '', extra: ' +', apart: ' *' } as const;

function row(
  name: string,
  of: readonly CorruptionScore[],
  severities: readonly number[],
  { corruptions }: CorruptionMeans,
): string[] {
  const own = of.filter((score) => score.name === name);
  const { standing } = own[0] as CorruptionScore;
  const at = severities.map((severity) => own.find((score) => score.severity === severity));
  return [
    `  ${corruptionTitle(name)}${marks[standing]}`,
    ...at.map((score) => (score ? inPercent(score.top1) : '')),
    inPercent(corruptions.get(name) as number),
  ];
}

const inPercent = (share: number) => (100 * share).toFixed(1);

/** Sentences below the table. */
function conclusions(scores: readonly CorruptionScore[], { top1, over }: CorruptionMeans): string[] {
  const has = (standing: CorruptionScore['standing']) => scores.some((score) => score.standing === standing);
  return [
    ...(top1 === undefined
      ? []
      : [`mean accuracy over ${over} ${over === 1 ? 'corruption' : 'corruptions'}: ${percent(top1, 2)}`]),
    ...(has('apart') ? ['* drawn, where the benchmark has photographs: not in the means'] : []),
    ...(has('extra') ? ['+ one of the benchmark’s extra corruptions: not in the means'] : []),
  ];
}
