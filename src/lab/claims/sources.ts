/**
 * What the claims read. Their full setting is one evening: ten epochs of the networks that all share, once, and of the other experiments as much as
 * then fits: alone, several do more.
 */
import type { Experiment } from '../experiment.ts';
import { accuracy } from '../experiments/accuracy.ts';
import { degradation } from '../experiments/degradation.ts';
import { type GradientSettings, gradients } from '../experiments/gradients.ts';
import { interpretability } from '../experiments/interpretability.ts';
import type { InterpretabilitySettings } from '../experiments/interpretability-result.ts';
import { type LesionSettings, lesion } from '../experiments/lesion.ts';
import { type MemorySettings, memory } from '../experiments/memory.ts';
import { overfitting } from '../experiments/overfitting.ts';
import type { OverfittingSettings } from '../experiments/overfitting-result.ts';
import { reliability } from '../experiments/reliability.ts';
import type { ReliabilitySettings } from '../experiments/reliability-result.ts';
import { reuse } from '../experiments/reuse.ts';
import { scaling } from '../experiments/scaling.ts';
import type { ScalingSettings } from '../experiments/scaling-result.ts';
import { type ShatteringSettings, shattering } from '../experiments/shattering.ts';
import { transfer } from '../experiments/transfer.ts';
import type { TransferSettings } from '../experiments/transfer-result.ts';
import type { ClaimSource } from './claim.ts';

/** An experiment whose full setting is changed here. */
const changed = <S extends object>(experiment: Experiment, changes: Partial<S>): ClaimSource => ({
  experiment,
  full: { ...(experiment.full as S), ...changes },
});

export const sources = {
  gradients: changed<GradientSettings>(gradients, { trained: ['plain56', 'resnet56'], steps: 200 }),
  shattering: changed<ShatteringSettings>(shattering, { towerSeeds: 20, networkSeeds: 5 }),
  degradation: { experiment: degradation },
  lesion: changed<LesionSettings>(lesion, { testImages: 1000, draws: 3 }),
  accuracy: { experiment: accuracy },
  reuse: changed<{ networks: readonly string[] }>(reuse, { networks: ['densenet-bc40-k12'] }),
  memory: changed<MemorySettings>(memory, { runs: 5 }),
  interpretability: changed<InterpretabilitySettings>(interpretability, { test: 100 }),
  // a second seed would train three networks again
  reliability: changed<ReliabilitySettings>(reliability, { seeds: 1 }),
  scaling: changed<ScalingSettings>(scaling, {
    // without the largest network of each sweep
    sweeps: (scaling.full as ScalingSettings).sweeps.map((one) => ({ ...one, sizes: one.sizes.slice(0, -1) })),
    images: 2000,
    batchSize: 64,
  }),
  overfitting: changed<OverfittingSettings>(overfitting, {
    ...(overfitting.quick as OverfittingSettings),
    networks: [8, 20, 56].map((depth) => ({ name: `resnet${depth}`, depth })),
    images: 500,
  }),
  transfer: changed<TransferSettings>(transfer, {
    every: 10,
    pretraining: { images: 20_000, steps: 500 },
    target: { images: 5000, steps: 200 },
    distillation: { images: 5000, steps: 200, temperature: 4, share: 0.9 },
    test: 1000,
  }),
} satisfies Readonly<Record<string, ClaimSource>>;
