/** The words after `--class-weights`, `--patience` and `--folds`. */
import { InvalidArgumentError } from 'commander';
import type { ClassWeights } from '../train/index.ts';
import { numberOrNone, positiveValue } from './flag-values.ts';

/** balanced; none; cat=2,dog=0.5 */
export function classWeightsValue(words: string): ClassWeights | 'none' {
  if (words === 'none' || words === 'balanced') return words;
  const weights = new Map<string, number>();
  for (const word of words.split(',')) {
    const [, name, weight] = /^(.+)=([^=]+)$/.exec(word.trim()) ?? [];
    const value = weight === undefined ? 'none' : numberOrNone(weight);
    if (name === undefined || value === 'none')
      throw new InvalidArgumentError('It is neither balanced nor a list such as cat=2,dog=0.5.');
    if (weights.has(name)) throw new InvalidArgumentError(`It names ${name} twice.`);
    weights.set(name, value);
  }
  return Object.fromEntries(weights);
}

/** 5, or none */
export const positiveOrNone = (word: string): number | 'none' => (word === 'none' ? word : positiveValue(word));

/** 2, 3, … */
export function foldsValue(word: string): number {
  const value = positiveValue(word);
  if (value < 2) throw new InvalidArgumentError('It is less than 2.');
  return value;
}
