import { describe, expect, it } from 'vitest';
import { findModel } from '../../models/index.ts';
import { type BenchCase, benchCases } from '../bench-case.ts';
import { efficiency, type Line, ringBandwidth, ringSeconds, stepSeconds } from './efficiency.ts';
import { expectedSpeeds, gradientBytes, nodeStep } from './expected-speed.ts';

/** Nothing but bytes over bandwidth, 85 % of the line's. */
const line = (gigabits: number): Line => ({ bitsPerSecond: gigabits * 1e9, share: 0.85, latencySeconds: 0 });

const caseOf = (name: string) => benchCases({ networks: [findModel(name)], phase: 'train' })[0] as BenchCase;

describe('expected efficiency', () => {
  it('is for ResNet-50 what a calculation by hand gave, in per cent, at 20 and 100 images a second', () => {
    const slow = { computeSeconds: 32 / 20, gradientBytes: 4 * 25_557_032, packingSeconds: 0 };
    const fast = { computeSeconds: 64 / 100, gradientBytes: 4 * 25_557_032, packingSeconds: 0 };
    const table = [1, 10, 25, 100].map((gigabits) =>
      [2, 16, 256].map((nodes) =>
        [slow, fast].map((step) => Math.round(100 * efficiency(step, nodes, line(gigabits)))).join(' / '),
      ),
    );
    expect(table).toEqual([
      ['62 / 40', '47 / 26', '45 / 25'],
      ['94 / 87', '90 / 78', '89 / 77'],
      ['98 / 94', '96 / 90', '95 / 89'],
      ['99 / 99', '99 / 97', '99 / 97'],
    ]);
  });

  it('sends two machines’ gradients once each way, and pays for every message', () => {
    const gigabit = { bitsPerSecond: 1e9, share: 1, latencySeconds: 0.001 };
    expect(ringSeconds(125e6, 2, gigabit)).toBeCloseTo(1.002, 12);
    expect(ringSeconds(125e6, 4, gigabit)).toBeCloseTo(1.506, 12);
    expect(ringSeconds(125e6, 1, gigabit)).toBe(0);
  });

  it('finds the bandwidth that a measured reduction had', () => {
    for (const nodes of [2, 3, 64]) {
      const seconds = ringSeconds(4e6, nodes, { bitsPerSecond: 7e9, share: 1, latencySeconds: 0 });
      expect(ringBandwidth(4e6, nodes, seconds)).toBeCloseTo(7e9, 0);
    }
  });

  it('is 1 on one machine, which packs and sends nothing', () => {
    expect(efficiency({ computeSeconds: 2, gradientBytes: 1e9, packingSeconds: 5 }, 1, line(1))).toBe(1);
  });

  it('refuses a part of a machine', () => {
    const step = { computeSeconds: 1, gradientBytes: 1, packingSeconds: 0 };
    expect(() => stepSeconds(step, 1.5, line(1))).toThrow(
      'efficiency: `nodes` must be a whole number of at least 1, but is 1.5',
    );
  });
});

describe('a network’s step', () => {
  it('reduces four bytes for each parameter', () => {
    expect(gradientBytes(caseOf('resnet50'))).toBe(4 * 25_557_032);
    expect(gradientBytes(caseOf('resnet20'))).toBe(4 * 269_722);
  });

  it('has its images, its gradients, and two copies of them', () => {
    const benchCase = { ...caseOf('resnet20'), batchSize: 100 };
    expect(nodeStep({ benchCase, imagesPerSecond: 50, copyRate: 1e6 })).toEqual({
      computeSeconds: 2,
      gradientBytes: 1_078_888,
      packingSeconds: 2.157776,
    });
  });

  it('is told for every line and number of machines', () => {
    const step = { computeSeconds: 1, gradientBytes: 125e6, packingSeconds: 0 };
    const gigabit = { bitsPerSecond: 1e9, share: 1, latencySeconds: 0 };
    expect(expectedSpeeds(step, 10, [gigabit], [1, 2])).toEqual([
      { bitsPerSecond: 1e9, nodes: 1, stepSeconds: 1, imagesPerSecond: 10, efficiency: 1 },
      { bitsPerSecond: 1e9, nodes: 2, stepSeconds: 2, imagesPerSecond: 10, efficiency: 0.5 },
    ]);
  });
});
