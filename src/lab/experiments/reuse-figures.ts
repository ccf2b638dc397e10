/** The pictures of Figure 5, and the same by age. */
import type { Figure } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { relativeWeights } from '../arithmetic/read-weights.ts';
import type { ReusedNetwork, ReusedReading } from './reuse-result.ts';

export const reuseFigures = (network: ReusedNetwork): Figure[] => [...heatMaps(network), byAge(network)];

const heatMaps = ({ name, blocks }: ReusedNetwork): Figure[] =>
  blocks.map((block, i) => {
    const parts = Math.max(...block.map(({ weights }) => weights.length));
    const shares = block.map(({ weights }) => {
      const largest = Math.max(...weights);
      return weights.map((weight) => weight / largest);
    });
    return {
      kind: 'matrix',
      id: `${name}-block${i + 1}`,
      title: { en: `${name}: who reads whom in block ${i + 1}`, zh: `${name}：第 ${i + 1} 块中谁读取谁` },
      note: {
        en: 'Mean absolute weight, as a share of the strongest in its column. The first row is the block’s input; the last column reads the whole block.',
        zh: '权重绝对值的平均，以所在列的最大值为 100 %。第一行是块的输入；最后一列读取整个块。',
      },
      x: { en: 'reading layer', zh: '读取方' },
      y: { en: 'made by layer', zh: '来源层' },
      rows: Array.from({ length: parts }, (_, part) => (part === 0 ? { en: 'input', zh: '输入' } : String(part))),
      columns: block.map(nameOf),
      values: Array.from({ length: parts }, (_, part) => shares.map((column) => column[part] ?? null)),
      format: 'percent',
      hasNumbers: block.length <= 8,
    };
  });

const nameOf = ({ number, layer }: ReusedReading) =>
  number === null ? (layer.split('.')[0] ?? layer) : String(number);

function byAge({ name, blocks }: ReusedNetwork): Figure {
  return {
    kind: 'lines',
    id: `${name}-by-age`,
    title: { en: `${name}: weight by age`, zh: `${name}：权重与相隔层数` },
    note: {
      en: 'How strongly layers read what was made so many layers before them; 1 is a layer’s average. Equal weights give a level line.',
      zh: '各层对若干层之前的特征的读取强度；1 为该层的平均值。权重均匀时为水平线。',
    },
    x: { label: { en: 'layers before', zh: '相隔层数' } },
    y: { label: { en: 'weight relative to the mean', zh: '相对平均值的权重' } },
    series: blocks.map((block, i) => ({
      name: { en: `block ${i + 1}`, zh: `第 ${i + 1} 块` },
      points: agesOf(block),
    })),
  };
}

function agesOf(block: readonly ReusedReading[]): [number, number][] {
  const byDistance = new Map<number, number[]>();
  for (const { number, weights } of block) {
    if (number === null || weights.length < 2) continue;
    relativeWeights(weights).forEach((weight, part) => {
      byDistance.set(number - part, [...(byDistance.get(number - part) ?? []), weight]);
    });
  }
  return [...byDistance].sort(([a], [b]) => a - b).map(([distance, weights]) => [distance, mean(weights)]);
}
