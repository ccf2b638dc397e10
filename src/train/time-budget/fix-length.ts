/** From minutes to a number of steps, once in a run: a trial, and what follows from it for the run's settings. */
import { recipeOf } from '../config.ts';
import { stateOf } from '../kept-state.ts';
import { looksFurther } from '../next-steps.ts';
import { openPhase } from '../open-phase.ts';
import { phaseAt, phasesOf } from '../phase-at.ts';
import { phasesFor } from '../phases-for.ts';
import type { OpenPhase, RunUnderWay } from '../run.ts';
import { type Settings, stepsPerEpoch } from '../settings.ts';
import { measureSaving, measureSteps, measureValidation } from './measure.ts';
import { type MeasuredTimes, secondsFor, stepsWithin } from './steps-within.ts';

/** Of the time that is left: for a run's steps together, and for its validation. */
const trial = { steps: 0.05, validation: 0.02, mostSeconds: 120 };
/** What of the time is planned for: machines have slower moments. */
const planned = 0.98;
/** Another engine for the test, pictures for the report, and the packages that draw it. */
const reportSeconds = 3;
/** The linear classifiers that tell what more images would bring: about as long as they are allowed to compute. */
const probeSeconds = 20;

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
  const tried = await tryOut(run, Math.max(0, budget - elapsed()), open);
  if (signal?.aborted || !tried) return tried?.run ?? run;
  const { times } = tried;
  const each = stepsPerEpoch(settings);
  const most = settings.epochLimit === undefined ? Number.POSITIVE_INFINITY : settings.epochLimit * each;
  const ownPhases = (epochs: number) => phasesWith(settings, epochs).filter((_, i) => i >= leading(settings));
  const left = budget * planned - elapsed();
  const steps = stepsWithin(left, times, ownPhases, most);
  const fixed = withSteps(settings, steps);
  const recipe = recipeOf(fixed);
  const { epochs, maxSteps } = recipe;
  await sink.goOn({ epoch: position.epoch, step: position.step }, { epochs, maxSteps });
  const seconds = elapsed() + secondsFor(steps, times, ownPhases);
  const told = { maxMinutes, steps, epochs: fixed.ownEpochs, stepsPerEpoch: each, seconds };
  for (const { onLength } of callbacks) onLength?.(told);
  return reopened({ ...tried.run, settings: fixed, recipe }, open, tried.isAlone);
}

interface Tried {
  /** With the phase open that it began in. */
  readonly run: RunUnderWay;
  readonly times: MeasuredTimes;
  /** Whether that is the only phase that minutes are for. */
  readonly isAlone: boolean;
}

/** Undefined where the signal came while features were computed. */
async function tryOut(run: RunUnderWay, seconds: number, open: (phase: OpenPhase) => void): Promise<Tried | undefined> {
  const { settings, signal, position } = run;
  const began = performance.now();
  try {
    await run.feed.ready();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
  const readied = (performance.now() - began) / 1000;
  const phases = phasesOf(settings).filter(({ from }) => from >= run.from);
  const forPhase = Math.min(trial.mostSeconds, trial.steps * seconds) / phases.length;
  const steps = await measureSteps(run, forPhase);
  const validation = await measureValidation(run, Math.min(trial.mostSeconds, trial.validation * seconds));
  const saving = await measureSaving(run);
  const step = new Map([[run.phase.name, steps.later]]);
  let opening = 0;
  let opened = run;
  if (phases.length > 1) {
    const tensors = await stateOf(run);
    // one engine at a time, as later; the last phase first, so that the run ends up in the one that it began in
    for (const at of [...phases.slice(1).reverse(), phaseAt(settings, position.epoch)]) {
      await opened.executable.dispose();
      const began = performance.now();
      const phase = await openPhase(run, at, { tensors, isNew: true });
      open(phase);
      opening = Math.max(opening, (performance.now() - began) / 1000);
      opened = { ...run, ...phase };
      if (at.from !== run.from && !signal?.aborted)
        step.set(at.phase.name, (await measureSteps(opened, forPhase)).later);
    }
  }
  const { train, validation: held, test: last } = settings.splits;
  const images = train.length + held.length;
  // the head alone sees no images: what they take was seen while features were computed
  const perImage = run.phase.isOnFeatures ? readied / images : validation.first / Math.max(1, held.length);
  const test = (last ? 2 * last.length : held.length) * perImage;
  const further = looksFurther(settings) ? images * perImage + probeSeconds : 0;
  return {
    run: opened,
    isAlone: phases.length === 1,
    times: {
      stepsPerEpoch: stepsPerEpoch(settings),
      step,
      firstStepMore: Math.max(0, steps.first - steps.later),
      validation: validation.later,
      firstValidationMore: Math.max(0, validation.first - validation.later),
      saving,
      opening,
      closing: test + further + reportSeconds,
    },
  };
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
