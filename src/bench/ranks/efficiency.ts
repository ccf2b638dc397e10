/** What a step on several machines takes, from what one machine computes and what a line carries: arithmetic alone. */
import { ConfigError } from '../../tensor/index.ts';

/** How the machines are joined. */
export interface Line {
  /** Of each machine's line, each way. */
  readonly bitsPerSecond: number;
  /** How much of that the bytes of gradients get; the rest are headers, and waits for other ranks. */
  readonly share: number;
  /** From one machine's sending to the other's receiving of a short message. */
  readonly latencySeconds: number;
}

/** One machine's part of a step. */
export interface NodeStep {
  /** Forward, backward and update, of this machine's images. */
  readonly computeSeconds: number;
  /** Four for each parameter. */
  readonly gradientBytes: number;
  /** What packing the gradients into one array and unpacking them takes, which happens on each machine at once. */
  readonly packingSeconds: number;
}

/**
 * Of an all-reduce in a ring, which sends each byte the fewest times that are possible (Patarasuk and Yuan 2009): N − 1 pieces go round to be summed
 * and N − 1 to be known, each a share 1/N of all bytes. So 2(N − 1)/N · bytes / bandwidth, and 2(N − 1) messages one after the other.
 */
export function ringSeconds(bytes: number, nodes: number, { bitsPerSecond, share, latencySeconds }: Line): number {
  const hops = 2 * (nodes - 1);
  return ((hops / nodes) * bytes * 8) / (bitsPerSecond * share) + hops * latencySeconds;
}

/** The bandwidth, in bits per second, at which a ring of this size takes these seconds: what a measured reduction says of its line. */
export const ringBandwidth = (bytes: number, nodes: number, seconds: number): number =>
  (((2 * (nodes - 1)) / nodes) * bytes * 8) / seconds;

/** A step of one of some nodes, each with the same number of images: nothing is done while gradients are reduced. */
export function stepSeconds(step: NodeStep, nodes: number, line: Line): number {
  if (!(Number.isSafeInteger(nodes) && nodes >= 1))
    throw new ConfigError(`efficiency: \`nodes\` must be a whole number of at least 1, but is ${nodes}`);
  const { computeSeconds, gradientBytes, packingSeconds } = step;
  return nodes === 1 ? computeSeconds : computeSeconds + packingSeconds + ringSeconds(gradientBytes, nodes, line);
}

/** The share of N machines' speed that N machines together have: a step on one ÷ a step on all. */
export const efficiency = (step: NodeStep, nodes: number, line: Line): number =>
  step.computeSeconds / stepSeconds(step, nodes, line);
