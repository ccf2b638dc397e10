import { expect, test } from 'vitest';
import { type CorruptionScore, corruptionMeans } from './corruption-means.ts';

const score = (
  name: string,
  category: CorruptionScore['category'],
  severity: number,
  top1: number,
  standing: CorruptionScore['standing'] = 'benchmark',
): CorruptionScore => ({ name, category, standing, severity, top1, correct: 100 * top1, total: 100 });

test('each corruption counts once, however many of its severities were measured; frost and the extra ones do not', () => {
  const means = corruptionMeans([
    score('fog', 'weather', 1, 0.8),
    score('fog', 'weather', 5, 0.4),
    score('snow', 'weather', 1, 0.5),
    score('contrast', 'digital', 1, 0.3),
    score('frost', 'weather', 1, 0, 'apart'),
    score('spatter', 'weather', 1, 1, 'extra'),
  ]);
  // ((0.8 + 0.4) / 2 + 0.5 + 0.3) / 3
  expect(means.top1).toBeCloseTo(1.4 / 3, 12);
  expect(means.over).toBe(3);
  expect(means.categories.get('weather')).toBeCloseTo(0.55, 12);
  expect(means.categories.get('digital')).toBeCloseTo(0.3, 12);
  expect([...means.categories.keys()]).toEqual(['weather', 'digital']);
  expect(means.corruptions.get('fog')).toBeCloseTo(0.6, 12);
  expect(means.corruptions.get('spatter')).toBe(1);
});

test('of frost alone there is no mean', () => {
  const { top1, over, categories } = corruptionMeans([score('frost', 'weather', 1, 0.7, 'apart')]);
  expect(top1).toBeUndefined();
  expect(over).toBe(0);
  expect(categories.size).toBe(0);
});
