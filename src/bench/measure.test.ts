import { describe, expect, it } from 'vitest';
import { findModel } from '../models/index.ts';
import { type BenchCase, benchCases } from './bench-case.ts';
import { benchProgram } from './measure.ts';

describe('what is measured', () => {
  it('has the standard networks with their batch sizes', () => {
    const found = benchCases({ phase: 'train' }).map(({ network, batchSize, image, classes }) => [
      network.name,
      batchSize,
      image.height,
      classes,
    ]);
    expect(found).toEqual([
      ['resnet20', 128, 32, 10],
      ['densenet-bc100-k12', 64, 32, 10],
      ['resnet50', 16, 224, 1000],
      ['densenet121', 16, 224, 1000],
      ['seresnet50', 16, 224, 1000],
      ['vgg16_bn', 8, 224, 1000],
    ]);
  });

  it('counts parameters and the multiply-adds of one forward pass of one image, in both phases', () => {
    const [train, infer] = benchCases({ networks: [findModel('resnet20')], batchSize: 4 }) as [BenchCase, BenchCase];
    const { params, macs } = benchProgram(train);
    // He et al. 2015, Table 6: 0.27M parameters
    expect([params, macs]).toEqual([269_722, 40_551_040]);
    expect(benchProgram(infer)).toMatchObject({ params, macs });
  });
});
