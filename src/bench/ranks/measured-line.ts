/** What a measurement says of steps on more machines: their parts, and the line that the ranks had. */
import type { Line, NodeStep } from './efficiency.ts';
import { ringBandwidth } from './efficiency.ts';
import type { MeasuredRanks } from './measure-ranks.ts';

const isOneMachine = ({ hosts }: Pick<MeasuredRanks, 'hosts'>) => hosts.length === 1;

type Told = Pick<MeasuredRanks, 'ranks' | 'hosts' | 'computeSeconds' | 'reductionSeconds' | 'copyRate'>;

/**
 * A machine's part of a step. Ranks of one machine all share its cores, so what they reduce among themselves is a part of the machine's own time;
 * between machines the line's part of the reduction is told from the copies.
 */
export function measuredStep(measured: Told, gradientBytes: number): NodeStep {
  const { computeSeconds, reductionSeconds } = measured;
  const packingSeconds = isOneMachine(measured) ? reductionSeconds : packing(measured, gradientBytes);
  return { computeSeconds, gradientBytes, packingSeconds };
}

/** The line at which a ring of these ranks would have taken as long; undefined where they are on one machine, and had none. */
export function measuredLine(measured: Told, gradientBytes: number): Line | undefined {
  if (isOneMachine(measured)) return undefined;
  const onLine = measured.reductionSeconds - packing(measured, gradientBytes);
  return { bitsPerSecond: ringBandwidth(gradientBytes, measured.ranks, onLine), share: 1, latencySeconds: 0 };
}

/** Never all of the reduction: a fast line may take less time than the estimate of what is done beside it. */
const packing = ({ reductionSeconds, copyRate }: Told, gradientBytes: number) =>
  Math.min((2 * gradientBytes) / copyRate, reductionSeconds / 2);
