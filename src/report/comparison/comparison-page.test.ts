import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import type { ComparisonData, ShownDifference } from './comparison-data.ts';
import { comparisonPage } from './comparison-page.ts';

const network = (name: string, mean: number, seeds = 2) => ({
  name,
  seeds,
  top1: { mean, low: mean - 0.02, high: mean + 0.02, over: 'seeds' as const },
  params: 1234,
  macs: 5.6e6,
  imagesPerSecond: 100,
  peakBytes: 2e8,
  seconds: 90,
  secondsToTarget: 45,
  pareto: { macs: true, params: false, seconds: true },
  curves: Array.from({ length: seeds }, () =>
    [1, 2].map((epoch) => ({
      epoch,
      train: { loss: 1, top1: mean },
      validation: { loss: 1, top1: mean },
      seconds: 45,
    })),
  ),
});
const data: ComparisonData = {
  data: 'photos',
  split: 'test',
  images: 1000,
  seeds: 2,
  left: 0,
  networks: [network('plain<b>20', 0.8), network('resnet20', 0.9), network('vgg11', 0.85)],
  differences: [
    {
      a: 'plain<b>20',
      b: 'resnet20',
      mean: -0.1,
      interval: { low: -0.12, high: -0.08 },
      isReal: true,
      words: 'resnet20 is better.',
    },
    {
      a: 'resnet20',
      b: 'vgg11',
      mean: 0.05,
      interval: { low: -0.1, high: 0.2 },
      isReal: false,
      words: 'nobody knows.',
    },
  ],
  notes: ['what it stands on'],
  target: 0.7,
  failures: [],
  facts: [['optimiser', 'sgd']],
  version: '1.2.3',
};

const text = (page: string) => (parseHTML(page).document.querySelector('main') as { textContent: string }).textContent;
const headings = (page: string) => [...parseHTML(page).document.querySelectorAll('h2')].map((one) => one.textContent);

test('a page has the table, the differences in words and as intervals, trade-offs, curves and the recipe', () => {
  const page = comparisonPage(data);
  expect(headings(page)).toEqual([
    'Results',
    'Which differences are real',
    'What accuracy costs',
    'Learning curves',
    'One recipe for all',
  ]);
  const { document } = parseHTML(page);
  const names = [...document.querySelectorAll('tbody th')].map((one) => one.textContent);
  expect(names).toEqual(['resnet20', 'vgg11', 'plain<b>20']);
  expect([...document.querySelectorAll('.findings b')].map((one) => one.textContent)).toEqual(['real', 'not shown']);
  expect(document.querySelectorAll('svg[role=img]').length).toBe(7);
  // names are text
  expect(document.querySelectorAll('b').length).toBe(2);
  expect(text(page)).toContain('above 1 of the 2 others by more than chance');
});

test('a difference counts for the first place only where the first is the better of the two', () => {
  const [first, second] = data.differences as [ShownDifference, ShownDifference];
  const shown = (...differences: ShownDifference[]) => text(comparisonPage({ ...data, differences }));
  const worse = { ...second, mean: -0.05, interval: { low: -0.08, high: -0.02 }, isReal: true };
  expect(shown(first, worse)).toContain('above 1 of the 2 others by more than chance');
  expect(shown({ ...first, mean: 0.1 }, worse)).toContain('above no other by more than chance');
  expect(shown(first, { ...worse, mean: 0.05 })).toContain('above every other by more than chance');
});

test('one network, one seed and one epoch make a page too, and failures are told', () => {
  const { curves, ...rest } = network('alone', 0.5, 1);
  const one = {
    ...rest,
    curves: curves.map((epochs) => epochs.slice(0, 1)),
    top1: { ...rest.top1, over: 'images' as const },
  };
  const failures = [{ network: 'dying', seed: 0, message: 'its process ended with code 7' }];
  const page = comparisonPage({ ...data, seeds: 1, left: 1, networks: [one], differences: [], failures });
  expect(headings(page)).toEqual(['Results', 'Learning curves', 'Trainings that failed', 'One recipe for all']);
  expect(text(page)).toContain('dying: its process ended with code 7');
  expect(text(page)).toContain('1 training is not done yet');
  expect((parseHTML(page).document.querySelector('main') as { innerHTML: string }).innerHTML).not.toMatch(
    /NaN|undefined|Infinity/,
  );
});
