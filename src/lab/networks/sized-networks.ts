/** Residual and dense networks of any depth and width. */
import { densenet, models, smallResidualNetwork } from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';

/** The kinds that are compared as they grow. */
export type SizedKind = 'residual' | 'dense';

/** What makes its size. */
export interface Size {
  /** Layers with weights: 6n + 2 residual, 6n + 4 dense. */
  readonly depth: number;
  /** Channels of a residual network's first stage, 16 in the paper; what each layer of a dense one adds, the paper’s k. */
  readonly width: number;
}

/** A published network where there is one of that size. Dense ones have bottlenecks and compression (BC). @throws ConfigError for an impossible depth */
export function sizedNetwork(kind: SizedKind, { depth, width }: Size): Network {
  if (kind === 'dense')
    return models.get(`densenet-bc${depth}-k${width}`)?.network ?? densenet({ depth, growth: width, bottleneck: true });
  const published = width === 16 ? models.get(`resnet${depth}`)?.network : undefined;
  return published ?? smallResidualNetwork({ name: `resnet${depth}-w${width}`, depth, width });
}
