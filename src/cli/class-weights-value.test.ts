import { describe, expect, it } from 'vitest';
import type { TrainOptions } from '../train/index.ts';
import { classWeightsValue, foldsValue } from './class-weights-value.ts';
import { withFlags } from './options-from-flags.ts';

describe('--class-weights', () => {
  it('is a word, or a number for some classes', () => {
    expect(['balanced', 'none'].map(classWeightsValue)).toEqual(['balanced', 'none']);
    expect(classWeightsValue('cat=2, big dog=0.5,a=b=1')).toEqual({ cat: 2, 'big dog': 0.5, 'a=b': 1 });
  });

  it.each(['even', 'cat', 'cat=', '=2', 'cat=two', 'cat=0', 'cat=none', 'cat=1,cat=2'])('is not %s', (words) => {
    expect(() => classWeightsValue(words)).toThrow(/^It /);
  });
});

describe('over the settings of a config.yaml', () => {
  const base: TrainOptions = {
    model: 'resnet8',
    data: 'photos',
    classWeights: 'balanced',
    patience: 3,
    sampling: 'balanced',
  };

  it('flags change one setting, or take it back', () => {
    expect(withFlags(base, {})).toMatchObject({ classWeights: 'balanced', patience: 3, sampling: 'balanced' });
    expect(withFlags(base, { patience: 5, classWeights: { cat: 2 }, sampling: 'shuffled' })).toMatchObject({
      classWeights: { cat: 2 },
      patience: 5,
      sampling: 'shuffled',
    });
    const none = withFlags(base, { patience: 'none', classWeights: 'none' });
    expect([none.patience, none.classWeights]).toEqual([undefined, undefined]);
  });
});

it('--folds is at least two', () => {
  expect(foldsValue('2')).toBe(2);
  expect(() => foldsValue('1')).toThrow('It is less than 2.');
});
