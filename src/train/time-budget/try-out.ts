/** What each part of a run takes, by a trial of its phases. */
import { forecastWork } from '../../probes/index.ts';
import { featureSize } from '../head-network.ts';
import { stateOf } from '../kept-state.ts';
import { looksFurther } from '../next-steps.ts';
import { openPhase } from '../open-phase.ts';
import { phaseAt, phasesOf } from '../phase-at.ts';
import type { OpenPhase, RunUnderWay } from '../run.ts';
import { stepsPerEpoch } from '../settings.ts';
import { measureSaving, measureSteps, measureValidation } from './measure.ts';
import type { MeasuredTimes } from './steps-within.ts';

/** Another engine for the test, pictures for the report, and the packages that draw it. */
const reportSeconds = 3;
/** The linear classifiers that tell what more images would bring: those that everybody has, and as long as the rest may compute. */
const probeSeconds = { least: 3, most: 20 };

/** What a trial found. */
export interface Tried {
  /** With the phase open that it began in. */
  readonly run: RunUnderWay;
  readonly times: MeasuredTimes;
  /** Of a prediction of an image that is read the first time. */
  readonly secondsPerImage: number;
  /** Whether that is the only phase that minutes are for. */
  readonly isAlone: boolean;
}

/**
 * Tries the phases that are left, one after the other. Undefined where the signal came while features were computed.
 * @param seconds for the steps of all phases together, and for validation
 * @param open hears of each phase whose engine runs, as in `runPhases`
 * @throws TrainingError, DataError, EngineError
 */
export async function tryOut(
  run: RunUnderWay,
  seconds: { readonly steps: number; readonly validation: number },
  open: (phase: OpenPhase) => void,
): Promise<Tried | undefined> {
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
  const forPhase = seconds.steps / phases.length;
  const steps = await measureSteps(run, forPhase);
  const validation = await measureValidation(run, seconds.validation);
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
  const further = looksFurther(settings) ? secondsLookingFurther(images, perImage, forecastWorkOf(run, images)) : 0;
  return {
    run: opened,
    isAlone: phases.length === 1,
    secondsPerImage: perImage,
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

/** What a fine-tuned run's report takes besides: the features of all images, and classifiers on them. */
export const secondsLookingFurther = (images: number, secondsPerImage: number, work = 1): number =>
  images * secondsPerImage + probeSeconds.least + work * (probeSeconds.most - probeSeconds.least);

/** Of the forecast, 0 to 1. */
function forecastWorkOf({ network, settings }: RunUnderWay, images: number): number {
  const { channels, height, width } = featureSize(network);
  return forecastWork(images, channels * height * width, settings.splits.train.classes.length);
}
