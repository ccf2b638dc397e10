/** What is measured: a network, a phase, a batch size, and who measures the same in PyTorch. */
import type { Recompute } from '../autodiff/index.ts';
import { findModel, models } from '../models/index.ts';
import type { ImageSize, Network } from '../nn/index.ts';

/** A whole training step, or prediction with finished weights. */
export type Phase = 'train' | 'infer';

/** All of them. */
export const phases: readonly Phase[] = ['train', 'infer'];

/** How many forward passes a phase costs: a training step computes gradients by both operands of each product. */
export const passes: Readonly<Record<Phase, number>> = { train: 3, infer: 1 };

/** One thing to measure. */
export interface BenchCase {
  readonly network: Network;
  readonly phase: Phase;
  readonly batchSize: number;
  readonly image: ImageSize;
  readonly classes: number;
  /** Of a training step. */
  readonly recompute: Recompute;
  /** The script of `bench/peers` that builds the same network. */
  readonly peer: string | undefined;
}

interface Standard {
  readonly batchSize: number;
  readonly peer: string;
}

const standard: ReadonlyMap<string, Standard> = new Map([
  ['resnet20', { batchSize: 128, peer: 'torch_resnet20.py' }],
  ['densenet-bc100-k12', { batchSize: 64, peer: 'torch_densenet_bc100.py' }],
  ['resnet50', { batchSize: 16, peer: 'torch_resnet50.py' }],
  ['densenet121', { batchSize: 16, peer: 'torch_densenet121.py' }],
  ['seresnet50', { batchSize: 16, peer: 'torch_seresnet50.py' }],
  ['vgg16_bn', { batchSize: 8, peer: 'torch_vgg16_bn.py' }],
]);

/** Options of `benchCases`. */
export interface BenchCasesOptions {
  /** Default: the networks that are compared with PyTorch. */
  readonly networks?: readonly Network[];
  /** Default: both. */
  readonly phase?: Phase;
  /** Default: 128 for resnet20, 16 for resnet50, densenet121 and seresnet50, 8 for vgg16_bn, 64 for the rest. */
  readonly batchSize?: number;
  /** Default 'none'. */
  readonly recompute?: Recompute;
}

/** The cases to measure, network by network. */
export function benchCases(options: BenchCasesOptions = {}): BenchCase[] {
  const { networks = [...standard.keys()].map(findModel), phase, batchSize, recompute = 'none' } = options;
  return networks.flatMap((network) => {
    const { name, image = { channels: 3, height: 32, width: 32 }, classes = 10 } = network;
    // a network of the user's own may have a known one's name
    const known = models.get(name)?.network === network ? standard.get(name) : undefined;
    return (phase ? [phase] : phases).map((one) => ({
      network,
      phase: one,
      batchSize: batchSize ?? known?.batchSize ?? 64,
      image,
      classes,
      recompute,
      peer: known?.peer,
    }));
  });
}
