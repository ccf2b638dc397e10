/** What `skein demo` trains, and how: one recipe, in which each network has its own epochs and rate. */
import { flip } from '../augmentations/index.ts';
import { densenet, linearClassifier, resnet } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { oneCycle } from '../schedules/index.ts';

/** One network of the demo. */
export interface DemoEntry {
  readonly network: Network;
  readonly epochs: number;
  /** The peak of its one-cycle schedule. */
  readonly lr: number;
}

/** Shared by the three. */
export const demoRecipe = {
  data: 'fashion-mnist-sample',
  batchSize: 32,
  augment: [flip()],
  validationFraction: 0.05,
  // the same numbers on a machine with oneDNN as without
  engine: 'onnxruntime',
} as const;

/** Of a network whose peak this is. */
export const demoSchedule = (lr: number) => oneCycle({ lr });

// biome-ignore format: a table
export const demoEntries: Readonly<Record<'linear' | 'residual' | 'dense', DemoEntry>> = {
  linear:   { network: linearClassifier(),                                   epochs: 10, lr: 0.01 },
  residual: { network: resnet({ depth: 14 }),                                epochs: 10, lr: 0.1 },
  dense:    { network: densenet({ depth: 22, growth: 8, bottleneck: true }), epochs: 11, lr: 0.1 },
};
