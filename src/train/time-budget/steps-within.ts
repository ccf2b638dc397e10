/** The arithmetic of a time budget: from measured seconds to a number of steps. */

/** What parts of a run take, in seconds. */
export interface MeasuredTimes {
  readonly stepsPerEpoch: number;
  /** A step of each phase, by its name, once the images have been read. */
  readonly step: ReadonlyMap<string, number>;
  /** What a step of the first epoch takes besides, in which images are read. */
  readonly firstStepMore: number;
  /** The validation after an epoch, and what the first one takes besides. */
  readonly validation: number;
  readonly firstValidationMore: number;
  /** Saving the checkpoints of an epoch. */
  readonly saving: number;
  /** Making the programs of a phase after the first. */
  readonly opening: number;
  /** Test and report. */
  readonly closing: number;
}

interface PhaseLength {
  readonly name: string;
  readonly epochs: number;
}

/**
 * Seconds that `steps` steps take, with all that belongs to them.
 * @param phases of a run of so many epochs
 */
export function secondsFor(
  steps: number,
  times: MeasuredTimes,
  phases: (epochs: number) => readonly PhaseLength[],
): number {
  const { stepsPerEpoch, firstStepMore, validation, firstValidationMore, saving, opening, closing } = times;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const slowest = Math.max(...times.step.values());
  const parts = phases(epochs);
  let left = steps;
  let seconds = 0;
  for (const { name, epochs: length } of parts) {
    const own = Math.min(left, length * stepsPerEpoch);
    seconds += own * (times.step.get(name) ?? slowest);
    left -= own;
  }
  return (
    seconds +
    Math.min(steps, stepsPerEpoch) * firstStepMore +
    epochs * (validation + saving) +
    firstValidationMore +
    (parts.length - 1) * opening +
    closing
  );
}

/** The most steps, at least 1 and at most `most`, that take no longer than `seconds`. */
export function stepsWithin(
  seconds: number,
  times: MeasuredTimes,
  phases: (epochs: number) => readonly PhaseLength[],
  most = Number.POSITIVE_INFINITY,
): number {
  const fastest = Math.max(1e-6, Math.min(...times.step.values()));
  let low = 1;
  let high = Math.min(most, Math.max(1, Math.ceil(seconds / fastest))) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (secondsFor(middle, times, phases) <= seconds) low = middle;
    else high = middle;
  }
  return low;
}
