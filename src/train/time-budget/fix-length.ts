/** From minutes to a number of steps, once in a run: a trial, and what follows from it for the run's settings. */
import { recipeOf } from '../config.ts';
import { stateOf } from '../kept-state.ts';
import { openPhase } from '../open-phase.ts';
import { phaseAt, phasesOf } from '../phase-at.ts';
import { phasesFor } from '../phases-for.ts';
import type { OpenPhase, RunUnderWay } from '../run.ts';
import { type Settings, stepsPerEpoch } from '../settings.ts';
import { secondsFor, stepsWithin } from './steps-within.ts';
import { tryOut } from './try-out.ts';

/** Of the time that is left: for a run's steps together, and for its validation. */
const trial = { steps: 0.05, validation: 0.02, mostSeconds: 120 };
/** What of the time is planned for: machines have slower moments. */
const planned = 0.98;

/**
 * Measures, fixes the number of steps, and records it. Where the signal comes before the end nothing is fixed.
 * @param open hears of each phase whose engine runs, as in `runPhases`
 * @throws TrainingError, DataError, EngineError
 */
export async function fixLength(run: RunUnderWay, open: (phase: OpenPhase) => void): Promise<RunUnderWay> {
  const { settings, sink, position, callbacks, signal } = run;
  const maxMinutes = settings.maxMinutes as number;
  const budget = maxMinutes * 60;
  // an earlier call may have trained the head
  const measured = run.isResumed ? await sink.measured() : [];
  const before = measured.reduce((sum, one) => sum + (one.kind === 'epoch' ? one.seconds : 0), 0);
  const elapsed = () => (run.isResumed ? before : 0) + (performance.now() - run.began) / 1000;
  const most = Math.max(0, budget - elapsed());
  const share = (of: number) => Math.min(trial.mostSeconds, of * most);
  const tried = await tryOut(run, { steps: share(trial.steps), validation: share(trial.validation) }, open);
  if (signal?.aborted || !tried) return tried?.run ?? run;
  const { times } = tried;
  const each = stepsPerEpoch(settings);
  const limit = settings.epochLimit === undefined ? Number.POSITIVE_INFINITY : settings.epochLimit * each;
  const ownPhases = (epochs: number) => phasesWith(settings, epochs).filter((_, i) => i >= leading(settings));
  const left = budget * planned - elapsed();
  const steps = stepsWithin(left, times, ownPhases, limit);
  const fixed = withSteps(settings, steps);
  const recipe = recipeOf(fixed);
  const { epochs, maxSteps } = recipe;
  await sink.goOn({ epoch: position.epoch, step: position.step }, { epochs, maxSteps });
  const seconds = elapsed() + secondsFor(steps, times, ownPhases);
  const told = { maxMinutes, steps, epochs: fixed.ownEpochs, stepsPerEpoch: each, seconds };
  for (const { onLength } of callbacks) onLength?.(told);
  return reopened({ ...tried.run, settings: fixed, recipe }, open, tried.isAlone);
}

/** Phases before those that minutes are for. */
const leading = (settings: Settings) =>
  phasesOf(settings).filter(({ from }) => from < settings.epochs - settings.ownEpochs).length;

const phasesWith = ({ fineTune, network, image, splits, freeze }: Settings, epochs: number) =>
  phasesFor({ fineTune, network, image, train: splits.train, epochs, freeze });

function withSteps(settings: Settings, maxSteps: number): Settings {
  const ownEpochs = Math.ceil(maxSteps / stepsPerEpoch(settings));
  const phases = phasesWith(settings, ownEpochs);
  const epochs = phases.reduce((sum, phase) => sum + phase.epochs, 0);
  return { ...settings, maxSteps, ownEpochs, epochLimit: undefined, phases, epochs };
}

/** In few epochs fewer layers may wait for their turn, so that the first phase is another one. */
async function reopened(run: RunUnderWay, open: (phase: OpenPhase) => void, isAlone: boolean): Promise<RunUnderWay> {
  const at = phaseAt(run.settings, run.position.epoch);
  if (isAlone || at.phase.name === run.phase.name) return { ...run, ...at };
  const tensors = await stateOf(run);
  await run.executable.dispose();
  const phase = await openPhase(run, at, { tensors, isNew: true });
  open(phase);
  return { ...run, ...phase };
}
