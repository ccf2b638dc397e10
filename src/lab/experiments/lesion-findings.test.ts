import { describe, expect, it } from 'vitest';
import type { BlockKind } from '../arithmetic/network-blocks.ts';
import { lesionFindings, oneBlock } from './lesion-findings.ts';
import type { LesionRecord } from './lesion-result.ts';

const record = (
  network: string,
  kind: BlockKind,
  error: number,
  without: readonly (number | null)[],
): LesionRecord => ({
  network,
  kind,
  classes: 10,
  images: 500,
  error,
  without: without.map((one, i) => ({ block: `block${i + 1}`, error: one })),
  several: [],
  swaps: [],
});

const residual = record('resnet56', 'residual', 0.2, [0.2, 0.22, 0.5, 0.21]);

const against = (plain: LesionRecord) => {
  const finding = lesionFindings([residual, plain]).find(
    ({ about }) => typeof about !== 'string' && about.en.includes('against'),
  );
  return typeof finding?.says === 'object' ? finding.says.en : undefined;
};

describe('what lesions say', () => {
  it('is the median, the worst, and how many blocks leave chance', () => {
    expect(oneBlock(record('plain56', 'plain', 0.3, [0.9, null, 0.4, 0.88]))).toEqual({
      median: 0.88,
      highest: 0.9,
      worst: 'block1',
      atChance: 2,
      taken: 3,
    });
  });

  it('is of three kinds', () => {
    expect(against(record('plain56', 'plain', 0.3, [0.9, 0.8]))).toContain(
      'As in the paper, the median block costs resnet56 1.5 and plain56 55.0',
    );
    expect(against(record('plain56', 'plain', 0.3, [0.33, 0.35]))).toContain('It cannot be told: the median');
    const shy = record('plain56', 'plain', 0.85, [0.9]);
    expect(oneBlock(shy)).toBeUndefined();
    expect(against(shy)).toContain('plain56 has learnt too little (85.0 % error)');
  });
});
