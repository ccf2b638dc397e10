/** Correlations as sentences have them. */
import type { LaboratoryFinding, Words } from '../../report/index.ts';
import { leastDifference, linesOf } from './shattering-readings.ts';
import type { ShatteringResult, TowerLine } from './shattering-result.ts';
import { short } from './tower-readings.ts';

/** 0.5 (2), 0.11 (10): with the depths. */
export const byDepth = (
  result: ShatteringResult,
  variant: string,
  read = (line: TowerLine) => line.correlation,
): string =>
  linesOf(result, variant)
    .map((line) => `${short(read(line))} (${line.depth})`)
    .join(', ');

/** A finding of several sentences. */
export const says = (about: Words, ...parts: readonly Words[]): LaboratoryFinding => ({
  about,
  says: {
    en: parts
      .map(({ en }) => en)
      .filter(Boolean)
      .join(' '),
    zh: parts.map(({ zh }) => zh).join(''),
  },
});

export const undecided: Words = {
  en: `The two are within ${leastDifference} of each other, and cannot be told apart.`,
  zh: `两者相差不到 ${leastDifference}，无法区分。`,
};
