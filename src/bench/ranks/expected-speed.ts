/** What a network's training is expected to reach on more machines, for lines and numbers of machines. */
import { countParams } from '../../ir/index.ts';
import { buildNetwork } from '../../nn/index.ts';
import type { BenchCase } from '../bench-case.ts';
import { efficiency, type Line, type NodeStep, stepSeconds } from './efficiency.ts';

/** What is assumed where nobody measured. */
export const usualLine = {
  /** Of Ethernet's rate, 95 % carry TCP's bytes; ranks wait for each other for the rest. */
  share: 0.9,
  latencySeconds: 25e-6,
} as const;

/** One core's copy of gradients that no cache holds, in bytes per second. */
export const usualCopyRate = 5e9;

/** One machine with the batch that it takes in each step. */
export interface NodeSpeed {
  readonly benchCase: Pick<BenchCase, 'network' | 'image' | 'classes' | 'batchSize'>;
  readonly imagesPerSecond: number;
  /** Bytes per second of a copy between arrays. */
  readonly copyRate: number;
}

/** What one number of machines on one kind of line is expected to do. */
export interface ExpectedSpeed {
  readonly bitsPerSecond: number;
  readonly nodes: number;
  readonly stepSeconds: number;
  /** Of all machines together. */
  readonly imagesPerSecond: number;
  readonly efficiency: number;
}

/** Bytes of float32 gradients: what every step reduces. */
export const gradientBytes = ({ network, image, classes }: NodeSpeed['benchCase']): number =>
  4 * countParams(buildNetwork(network, { batch: 1, training: false, image, classes }).graph);

/** What a step costs each machine; gradients are copied into one array and out of it. */
export function nodeStep({ benchCase, imagesPerSecond, copyRate }: NodeSpeed): NodeStep {
  const bytes = gradientBytes(benchCase);
  return {
    computeSeconds: benchCase.batchSize / imagesPerSecond,
    gradientBytes: bytes,
    packingSeconds: (2 * bytes) / copyRate,
  };
}

/** Line by line, in each the numbers of machines in their order. */
export function expectedSpeeds(
  step: NodeStep,
  imagesPerNode: number,
  lines: readonly Line[],
  numbersOfNodes: readonly number[],
): ExpectedSpeed[] {
  return lines.flatMap((line) =>
    numbersOfNodes.map((nodes) => {
      const seconds = stepSeconds(step, nodes, line);
      return {
        bitsPerSecond: line.bitsPerSecond,
        nodes,
        stepSeconds: seconds,
        imagesPerSecond: (nodes * imagesPerNode) / seconds,
        efficiency: efficiency(step, nodes, line),
      };
    }),
  );
}
