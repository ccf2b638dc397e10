/** Dense and residual networks that are about as accurate, side by side. */

export interface Costed {
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  /** Percent right. */
  readonly top1?: number;
  /** Bytes that ops read and write for one image. */
  readonly trafficBytes: number;
}

export interface CostPair<Network extends Costed = Costed> {
  readonly dense: Network;
  readonly residual: Network;
}

/** All pairs of a dense and a residual network whose accuracies are at most `points` percentage points apart. */
export function pairsOfEqualAccuracy<Network extends Costed>(
  networks: readonly Network[],
  points: number,
): CostPair<Network>[] {
  const named = (word: string) => networks.filter(({ name, top1 }) => name.startsWith(word) && top1 !== undefined);
  return named('densenet').flatMap((dense) =>
    named('resnet')
      .filter(({ top1 }) => Math.abs((top1 as number) - (dense.top1 as number)) <= points)
      .map((residual) => ({ dense, residual })),
  );
}

/** In how many pairs the dense network has less. */
export const countLess = (pairs: readonly CostPair[], of: (network: Costed) => number): number =>
  pairs.filter(({ dense, residual }) => of(dense) < of(residual)).length;
