import { describe, expect, it } from 'vitest';
import { degradationClaim } from '../claims/degradation.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { degradationFindings } from './degradation-findings.ts';

/** A training that ends with these errors, of 3,000 and 1,000 images. */
function run(network: string, training: number, test: number): TrainedRecord {
  const score = { loss: 1, top1: 1 - training };
  return {
    network,
    seed: 0,
    epochs: [{ epoch: 1, train: score, validation: { ...score, correct: 0, total: 0 }, lr: 0.1 }],
    test: { loss: 1, top1: 1 - test, total: 1000 },
    params: 1,
    macs: 1,
    seconds: 1,
    imagesPerSecond: 1,
    peakBytes: 1,
  };
}

const runs = (plain20: number, plain56: number, resnet20: number, resnet56: number) => [
  run('plain20', plain20, plain20),
  run('plain56', plain56, plain56),
  run('resnet20', resnet20, resnet20),
  run('resnet56', resnet56, resnet56),
];

const says = (given: readonly TrainedRecord[]) =>
  degradationFindings({ images: 3000, runs: given }).map((finding) =>
    typeof finding.says === 'string' ? finding.says : finding.says.en,
  );

describe('degradation', () => {
  it.each([
    [runs(0.3, 0.5, 0.3, 0.3), 'holds', 'plain56 trains worse than plain20', 'Depth costs the plain network more'],
    [runs(0.3, 0.5, 0.3, 0.5), 'in part', 'plain56 trains worse than plain20', 'It cannot be told whether depth costs'],
    [runs(0.5, 0.3, 0.3, 0.3), 'does not hold', 'plain56 trains better than plain20', 'Here depth costs the residual'],
    [runs(0.3, 0.31, 0.3, 0.3), 'open', 'It cannot be told whether plain56', 'It cannot be told whether depth costs'],
  ] as const)('says what the numbers say, and no more (%#)', (given, verdict, step, against) => {
    const [plain, , contrast] = says(given);
    expect(plain).toContain(step);
    expect(contrast).toContain(against);
    expect(degradationClaim.answer([{ images: 3000, runs: given }, null]).verdict).toBe(verdict);
  });

  it('gives the difference with its numbers', () => {
    const [plain] = says(runs(0.3, 0.5, 0.3, 0.3));
    expect(plain).toContain('training error 30.0 % → 50.0 %, +20.0 points (95 % interval +17.6 to +22.4)');
    expect(plain).toContain('Test error 30.0 % → 50.0 %, +20.0 points (95 % interval +15.8 to +24.1)');
  });

  it('says nothing of what was not measured', () => {
    const [lost] = JSON.parse(JSON.stringify([run('plain56', Number.NaN, Number.NaN)]));
    const [plain] = says([run('plain20', 0.3, 0.3), lost]);
    expect(plain).toContain('It cannot be told');
    expect(plain).toContain('30.0 % → –.');
    expect(degradationClaim.answer([{ images: 3000, runs: [lost] }, null]).verdict).toBe('open');
  });
});
