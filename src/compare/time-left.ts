/** How long the runs of a comparison may still take. */

/** A run: how long it took or is expected to take in all, where that is known. */
export interface RunTime {
  readonly network: string;
  /** Of its network. */
  readonly macs: number;
  /** Of runs that are done, and of the one under way as it looks now. */
  readonly seconds?: number;
  readonly isDone: boolean;
}

/**
 * Seconds that the runs which are not done take together: a run takes as long as those of its network, else as long as others for the same
 * multiply-adds. Undefined where nothing is known of any.
 */
export function secondsOfRest(runs: readonly RunTime[]): number | undefined {
  const known = runs.filter(({ seconds }) => seconds !== undefined);
  if (known.length === 0) return undefined;
  const sum = (some: readonly RunTime[], of: (run: RunTime) => number) => some.reduce((all, run) => all + of(run), 0);
  const seconds = ({ seconds = 0 }: RunTime) => seconds;
  const perMac = sum(known, seconds) / sum(known, ({ macs }) => macs);
  return sum(
    runs.filter(({ isDone }) => !isDone),
    (run) => {
      if (run.seconds !== undefined) return run.seconds;
      const alike = known.filter(({ network }) => network === run.network);
      return alike.length > 0 ? sum(alike, seconds) / alike.length : run.macs * perMac;
    },
  );
}
