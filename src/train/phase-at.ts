/** Where the phases of a run begin and end. */
import type { Phase } from './fine-tuning/fine-tuning.ts';
import type { Settings } from './settings.ts';

/** A phase in its run. */
export interface PhaseOfRun {
  readonly phase: Phase;
  /** Complete epochs when it begins, and when it is over. */
  readonly from: number;
  readonly to: number;
}

export function phasesOf({ phases }: Pick<Settings, 'phases'>): PhaseOfRun[] {
  let to = 0;
  return phases.map((phase) => {
    const from = to;
    to += phase.epochs;
    return { phase, from, to };
  });
}

/** The phase of the epoch that follows `epoch` complete ones; after the last epoch, the last phase. */
export function phaseAt(settings: Pick<Settings, 'phases'>, epoch: number): PhaseOfRun {
  const all = phasesOf(settings);
  return all.find(({ to }) => epoch < to) ?? (all.at(-1) as PhaseOfRun);
}

/** Without epochs on features, which are no images; all where there are no others. */
export function epochsOnImages<T extends { readonly epoch: number }>(
  settings: Pick<Settings, 'phases'>,
  epochs: readonly T[],
): readonly T[] {
  const seen = epochs.filter(({ epoch }) => !phaseAt(settings, epoch - 1).phase.isOnFeatures);
  return seen.length > 0 ? seen : epochs;
}

/** Whether no phase ever sees an image: then nothing is augmented. */
export const trainsOnFeatures = ({ phases }: Pick<Settings, 'phases'>): boolean =>
  phases.every(({ isOnFeatures }) => isOnFeatures);

/** The phase whose state a checkpoint of `epoch` complete epochs has, and whether the next one takes over from there. */
export function savedPhaseAt(
  settings: Pick<Settings, 'phases'>,
  epoch: number,
  isBetween: boolean,
): PhaseOfRun & { readonly isOver: boolean } {
  const next = phaseAt(settings, epoch);
  const isOver = isBetween && epoch > 0 && next.from === epoch;
  return { ...(isOver ? phaseAt(settings, epoch - 1) : next), isOver };
}
