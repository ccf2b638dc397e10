/** The phases of a run that are left, one after the other. */
import type { EpochEvent } from './events.ts';
import { stateOf } from './kept-state.ts';
import { openPhase } from './open-phase.ts';
import { phaseAt } from './phase-at.ts';
import type { OpenPhase, Run, RunUnderWay } from './run.ts';
import { runEpochs } from './run-epochs.ts';
import { fixLength } from './time-budget/fix-length.ts';
import { isLengthOpen } from './time-budget/index.ts';

interface PhasesEnd extends Pick<Run, 'epochs' | 'stopped'> {
  /** In the phase that it ended in. */
  readonly run: RunUnderWay;
  /** The most that the engines of the phases before held. */
  readonly peakBytes: number;
}

/** @param open hears of each phase as soon as its engine runs */
export async function runPhases(first: RunUnderWay, open: (phase: OpenPhase) => void): Promise<PhasesEnd> {
  const epochs: EpochEvent[] = [];
  let run = first;
  let peakBytes = 0;
  while (true) {
    if (isLengthOpen(run)) run = await fixLength(run, open);
    const ended = await runEpochs(run);
    epochs.push(...ended.epochs);
    if (ended.stopped !== 'finished' || run.to === run.settings.epochs) return { ...ended, epochs, run, peakBytes };
    const tensors = await stateOf(run);
    peakBytes = Math.max(peakBytes, (await run.executable.plan()).peakBytes);
    // two engines at a time may be more than the machine's memory holds
    await run.executable.dispose();
    const phase = await openPhase(run, phaseAt(run.settings, run.to), { tensors, isNew: true });
    open(phase);
    run = { ...run, ...phase };
  }
}
