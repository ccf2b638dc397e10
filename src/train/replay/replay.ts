/** A step of a run once more, with everything visible. */
import { type ClassShare, classSharesOf, idOf, sourceText } from '../../data/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import { recipeRows } from '../recipe-rows.ts';
import type { RunUnderWay } from '../run.ts';
import { stepsAfter, stepsPerEpoch } from '../settings.ts';
import { type LayerNorms, layerNorms, together } from './layer-norms.ts';
import type { MaskShare } from './mask-shares.ts';
import { pointBefore, recordedRun } from './recorded-run.ts';
import { type SeenBatch, type SeenStep, StepRecorder } from './step-recorder.ts';
import { type BegunAgain, type StepsAgainOptions, stepsAgain } from './steps-again.ts';
import type { ChangedSurrounding } from './surroundings.ts';

/** Options of `replay`. */
export interface ReplayOptions extends StepsAgainOptions {
  /** Counted from 1, over all epochs, as in metrics.jsonl. */
  readonly step: number;
  /** Before anything is computed: how many steps must be taken before it, and from where. */
  readonly onPlan?: (plan: ReplayPlan) => void;
}

/** Where the nearest checkpoint is. */
export interface ReplayPlan {
  /** `epoch-002.safetensors`; `the start`. */
  readonly from: string;
  /** Steps that are complete there. */
  readonly fromStep: number;
  /** Steps that are taken again before the one that is asked for. */
  readonly before: number;
}

/** A sample of the step, in the place that it had. */
export interface ReplayedSample {
  /** As split.csv names it. */
  readonly id: string;
  readonly label: number;
  /** Of classes that are mixed, or of soft labels. */
  readonly shares?: readonly ClassShare[];
  /** How much it counted in the loss. */
  readonly weight: number;
  /** Whether it could not be read, so that another sample of the batch stood in its place. */
  readonly isReplaced: boolean;
}

/** A step as it was. */
export interface ReplayedStep extends ReplayPlan {
  readonly run: string;
  readonly network: string;
  readonly data: string;
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Of a run that fine-tunes: `head`, `stage4 on`, `all`. */
  readonly phase: string | undefined;
  /** Whether the head alone trained, on features in place of images. */
  readonly isOnFeatures: boolean;
  readonly loss: number;
  /** The loss that metrics.jsonl has for this step, and whether that is the same number to the bit; undefined where it has none. */
  readonly recorded: { readonly loss: number; readonly isSame: boolean } | undefined;
  readonly lr: number;
  /** Images whose label had the highest logit, of how many. */
  readonly correct: number;
  readonly images: number;
  readonly classes: readonly string[];
  readonly samples: readonly ReplayedSample[];
  /** As the network was fed: [images, channels, height, width], normalised; a part for each batch of the step. */
  readonly batches: readonly SeenBatch[];
  /** Dropout and stochastic depth, by layer. */
  readonly masks: readonly MaskShare[];
  /** All parameters together. */
  readonly total: Omit<LayerNorms, 'path'>;
  readonly layers: readonly LayerNorms[];
  readonly parameters: readonly LayerNorms[];
  /** The limit of the gradient's norm, and what the gradient was multiplied by. */
  readonly clip: { readonly limit: number; readonly factor: number } | undefined;
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
  /** What is not as the run recorded it: where there is something, equal bytes are not promised. */
  readonly changed: readonly ChangedSurrounding[];
  /** What was chosen for the run: a label and its text. */
  readonly recipe: readonly (readonly [label: string, text: string])[];
}

/** A step, and the run at its end: what makes pictures of it. */
export interface ReplayedRun {
  readonly replayed: ReplayedStep;
  readonly run: RunUnderWay;
}

/**
 * Takes a step of a run again: from the nearest checkpoint before it, silently to the step before, and then the step itself with its batch, masks,
 * loss, rate, and the norms of weights, gradients and updates. On the run's own engine and threads it is the same step to the bit. The run's
 * folder is not written to.
 * @throws ConfigError for a step that the run has not taken, and for a run of several ranks; what `train` with `resume` throws for the same run; the signal's reason
 */
export async function replay(options: ReplayOptions): Promise<ReplayedStep> {
  return (await replayedRun(options)).replayed;
}

/** The same with the run at its end. */
export async function replayedRun(options: ReplayOptions): Promise<ReplayedRun> {
  const { step, onPlan, onStep } = options;
  const recorded = await recordedRun(options.run);
  const { lastStep } = recorded;
  if (!(Number.isInteger(step) && step >= 1 && step <= lastStep))
    throw new ConfigError(
      `replay: expected a step from 1 to ${lastStep}, which is how far ${options.run} tells of its steps, but got ${step}`,
      lastStep === 0
        ? 'it ended before anything of a step was saved'
        : 'steps are counted over all epochs, as in metrics.jsonl',
    );
  const from = pointBefore(recorded, step - 1);
  const plan: ReplayPlan = { from: from.name, fromStep: from.step, before: step - 1 - from.step };
  onPlan?.(plan);
  const end = new AbortController();
  let begun: BegunAgain | undefined;
  let seen:
    | { readonly step: SeenStep; readonly run: RunUnderWay; readonly at: PlaceInRun; readonly plan: Computed }
    | undefined;
  const recorder = new StepRecorder(step - 1, (one, run) => {
    seen = { step: one, run, at: placeOf(run), plan: undefined as never };
    end.abort();
  });
  await stepsAgain(recorded, options, {
    from,
    end,
    witness: {
      onStepBegins: (run) => recorder.onStepBegins(run),
      onBatch: (...all) => recorder.onBatch(...all),
      onUpdate: (outputs) => recorder.onUpdate(outputs),
      onStepEnds: async (run, told) => {
        await recorder.onStepEnds(run, told);
        if (seen) seen = { ...seen, plan: await run.executable.plan() };
        onStep?.(run.position.step - from.step, step - from.step);
      },
    },
    onBegun: (one) => {
      begun = one;
    },
  });
  if (!seen || !begun)
    throw new ConfigError(
      `replay: the run in ${options.run} ended before step ${step}`,
      'another program changed its config.yaml: the epochs in it are fewer than it trained',
    );
  const { run } = seen;
  return { run, replayed: replayedStep(plan, options, seen, begun, recorded.losses.get(step)) };
}

interface Computed {
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
}

interface PlaceInRun {
  readonly step: number;
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
}

/** Of the step that has just been taken. */
function placeOf({ position, settings }: RunUnderWay): PlaceInRun {
  const before = stepsPerEpoch(settings) * position.epoch;
  const last = stepsAfter(settings, position.epoch + 1);
  return {
    step: position.step,
    epoch: position.epoch + 1,
    stepInEpoch: position.step - before,
    stepsPerEpoch: last - before,
  };
}

function replayedStep(
  plan: ReplayPlan,
  { run: folder }: ReplayOptions,
  {
    step,
    run,
    at,
    plan: { engine, precision, threads },
  }: { step: SeenStep; run: RunUnderWay; at: PlaceInRun; plan: Computed },
  { changed }: BegunAgain,
  recordedLoss: number | undefined,
): ReplayedStep {
  const { settings, recipe, phase } = run;
  const { loss, lr, correct, batches, masks, parameters } = step;
  const total = together(parameters);
  const { clipNorm } = settings;
  return {
    ...plan,
    ...at,
    run: folder,
    network: settings.network.name,
    data: sourceText(settings.dataName),
    epochs: settings.epochs,
    phase: settings.phases.length > 1 || phase.isOnFeatures ? phase.name : undefined,
    isOnFeatures: phase.isOnFeatures,
    loss,
    recorded: recordedLoss === undefined ? undefined : { loss: recordedLoss, isSame: Object.is(recordedLoss, loss) },
    lr,
    correct,
    images: batches.reduce((sum, { count }) => sum + count, 0),
    classes: settings.splits.train.classes,
    samples: batches.flatMap((batch) => samplesOf(batch, run)),
    batches,
    masks,
    total,
    layers: layerNorms(parameters),
    parameters,
    clip: clipNorm === undefined ? undefined : { limit: clipNorm, factor: Math.min(1, clipNorm / total.gradient) },
    engine,
    precision,
    threads,
    changed,
    recipe: recipeRows(recipe),
  };
}

function samplesOf({ count, indices, labels, targets, weights, replaced }: SeenBatch, { settings }: RunUnderWay) {
  const { train } = settings.splits;
  return Array.from({ length: count }, (_, row): ReplayedSample => {
    const index = indices[row] as number;
    return {
      id: idOf(train, index),
      label: labels[row] as number,
      ...(targets && { shares: classSharesOf(targets, row, train.classes.length) }),
      weight: weights[row] as number,
      isReplaced: replaced.has(index),
    };
  });
}
