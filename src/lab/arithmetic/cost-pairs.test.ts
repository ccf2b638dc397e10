import { expect, test } from 'vitest';
import { countLess, pairsOfEqualAccuracy } from './cost-pairs.ts';

const of = (name: string, params: number, top1?: number) => ({
  name,
  params,
  macs: 1,
  trafficBytes: 1,
  ...(top1 !== undefined && { top1 }),
});

test('pairs are a dense and a residual network within so many points, and who has less is counted', () => {
  const networks = [
    of('resnet50', 25, 76),
    of('resnet18', 11, 69),
    of('densenet121', 8, 75),
    of('densenet169', 30, 76.5),
    of('vgg16', 138, 75),
    of('densenet264', 33),
  ];
  const pairs = pairsOfEqualAccuracy(networks, 1);
  expect(pairs.map(({ dense, residual }) => [dense.name, residual.name])).toEqual([
    ['densenet121', 'resnet50'],
    ['densenet169', 'resnet50'],
  ]);
  expect(countLess(pairs, ({ params }) => params)).toBe(1);
  expect(countLess(pairs, ({ macs }) => macs)).toBe(0);
});
