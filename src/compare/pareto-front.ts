/** What something gains and what it costs. */
export interface Trade {
  readonly gain: number;
  readonly cost: number;
}

/**
 * Which of several are on the Pareto front: no other one gains as much for less, or more for as little. Of equal ones all are.
 * What is not a number is on no front.
 */
export const paretoFront = (trades: readonly Trade[]): boolean[] =>
  trades.map(
    ({ gain, cost }) =>
      Number.isFinite(gain) &&
      Number.isFinite(cost) &&
      !trades.some((other) => other.gain >= gain && other.cost <= cost && (other.gain > gain || other.cost < cost)),
  );
