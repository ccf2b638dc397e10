/** Whether a run is what its options, its data and its engine give: steps of it are taken again, and all that it recorded of them is compared. */
import { ConfigError } from '../../tensor/index.ts';
import { stepsAfter } from '../settings.ts';
import { type Compared, Comparison, type Difference, isRemembered } from './comparison.ts';
import { fewestSteps, type Leg, lengthOf, plannedLegs, type Recorded } from './planned-legs.ts';
import { type RecordedRun, recordedRun, type UnreadablePoint } from './recorded-run.ts';
import { type BegunAgain, type StepsAgainOptions, stepsAgain } from './steps-again.ts';
import type { ChangedSurrounding } from './surroundings.ts';

/** Options of `verify`. */
export interface VerifyOptions extends StepsAgainOptions {
  /** The most steps that are taken again, or all; default: as many as the run took in a minute. */
  readonly steps?: number | 'all';
  /** Before anything is computed. */
  readonly onPlan?: (legs: readonly VerifiedLeg[]) => void;
}

/** Steps that are taken again, from a checkpoint or the start. */
export interface VerifiedLeg extends Leg {
  /** `the start`, `epoch-001.safetensors`. */
  readonly name: string;
}

/** What came of it. */
export interface Verification {
  readonly run: string;
  /** Whether something was compared, all of it is the same to the bit, and every checkpoint can be read. */
  readonly verified: boolean;
  /** That were taken again. */
  readonly steps: number;
  /** Complete steps where the first leg begins and the last one ends; not all between them need have been taken. */
  readonly from: number;
  readonly to: number;
  /** The last step that the run tells of. */
  readonly lastStep: number;
  readonly legs: readonly VerifiedLeg[];
  readonly compared: readonly Compared[];
  readonly firstDifference: Difference | null;
  /** Where checkpoints alone differ: whether what was recorded later came out the same, so that the file is to blame and not the run. */
  readonly agreesAfter: boolean;
  readonly unreadable: readonly UnreadablePoint[];
  /** Checkpoints of the data as it was before it changed: they cannot be compared. */
  readonly outdated: readonly string[];
  /** What is not as the run recorded it: where there is something, equal bytes are not promised. */
  readonly changed: readonly ChangedSurrounding[];
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
}

/** Without a measured pace. */
const usualSteps = 100;

/**
 * Takes steps of a run again, between checkpoints that lie near and else along the losses that it recorded, and compares every loss, epoch and
 * checkpoint on the way, to the bit. Ends at the first loss that differs. The run's folder is not written to.
 * @throws ConfigError where nothing lies within as many steps, and for a run of several ranks; what `train` with `resume` throws for the same run; the signal's reason
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const recorded = await recordedRun(options.run);
  const legs = legsOf(recorded, options.steps);
  options.onPlan?.(legs);
  const comparison = new Comparison(recorded);
  const total = legs.reduce((sum, leg) => sum + lengthOf(leg), 0);
  const made: { begun?: BegunAgain; computed?: Pick<Verification, 'engine' | 'precision' | 'threads'>; steps: number } =
    { steps: 0 };
  for (const leg of legs) {
    if (comparison.hasParted) break;
    await takeLeg(recorded, options, leg, comparison, made, total);
  }
  const { begun, computed, steps } = made;
  const [first = null] = comparison.differences;
  const later = comparison.compared.filter(({ step, what }) => first && step >= first.step && what !== 'checkpoint');
  return {
    run: options.run,
    verified: first === null && recorded.unreadable.length === 0 && comparison.compared.length > 0,
    steps,
    from: legs[0]?.from ?? 0,
    to: legs.at(-1)?.to ?? 0,
    lastStep: recorded.lastStep,
    legs,
    compared: comparison.compared,
    firstDifference: first,
    agreesAfter: first?.what === 'checkpoint' && later.some(({ step }) => step > first.step) && !comparison.hasParted,
    unreadable: recorded.unreadable,
    outdated: recorded.outdated,
    changed: begun?.changed ?? [],
    ...(computed ?? { engine: '', precision: '', threads: 0 }),
  };
}

function legsOf(recorded: RecordedRun, asked: VerifyOptions['steps']): VerifiedLeg[] {
  const { points, losses, folder } = recorded;
  const known: Recorded = { points: points.map(({ step }) => step), losses: [...losses.keys()].sort((a, b) => a - b) };
  if (typeof asked === 'number' && !(Number.isInteger(asked) && asked >= 1))
    throw new ConfigError(`verify: \`steps\` must be a whole number of at least 1, but is ${asked}`);
  const fewest = fewestSteps(known);
  if (fewest === undefined)
    throw new ConfigError(
      `verify: expected checkpoints or losses to compare with, but ${folder} has none that steps lead to`,
      'a run that ended before its first save, and before step 50, left nothing to compare',
    );
  const most = asked === 'all' ? Number.POSITIVE_INFINITY : (asked ?? Math.max(fewest, stepsInAMinute(recorded)));
  const legs = plannedLegs(known, most);
  if (legs.length === 0)
    throw new ConfigError(
      `verify: expected as many steps as lead to something recorded, but got ${most}`,
      `the nearest is ${fewest} away: --steps ${fewest}`,
    );
  return legs.map((leg) => ({ ...leg, name: points.find(({ step }) => step === leg.from)?.name ?? '' }));
}

/** By its own measurements, of the slowest epoch. */
function stepsInAMinute({ measured, config }: RecordedRun): number {
  const rates = measured.flatMap((one) => (one.kind === 'step' || one.kind === 'epoch' ? [one.imagesPerSecond] : []));
  const { batchSize, accumulate = 1 } = config as { readonly batchSize?: number; readonly accumulate?: number };
  const rate = Math.min(...rates.filter((each) => each > 0));
  return Number.isFinite(rate) && batchSize
    ? Math.max(1, Math.round((60 * rate) / (batchSize * accumulate)))
    : usualSteps;
}

async function takeLeg(
  recorded: RecordedRun,
  options: VerifyOptions,
  leg: VerifiedLeg,
  comparison: Comparison,
  made: { begun?: BegunAgain; computed?: Pick<Verification, 'engine' | 'precision' | 'threads'>; steps: number },
  total: number,
): Promise<void> {
  const end = new AbortController();
  await stepsAgain(recorded, options, {
    from: recorded.points.find(({ step }) => step === leg.from) as RecordedRun['points'][number],
    end,
    onBegun: (begun) => {
      made.begun = begun;
    },
    callbacks: [
      {
        onEpoch: (event) => {
          const step = stepsAfter((made.begun as BegunAgain).run.settings, event.epoch);
          comparison.epoch(event, step);
          if (step >= leg.to || comparison.hasParted) end.abort();
        },
      },
    ],
    witness: {
      onStepEnds: async (run, { loss }) => {
        const { step, epoch } = run.position;
        made.steps++;
        options.onStep?.(made.steps, total);
        comparison.loss(step, loss);
        await comparison.state(run);
        if (!made.computed) {
          const { engine, precision, threads } = await run.executable.plan();
          made.computed = { engine, precision, threads };
        }
        // the last epoch's validation is compared too, where it is remembered
        const isEpochsEnd = step === stepsAfter(run.settings, epoch + 1);
        const goesOn = step < leg.to || (isEpochsEnd && isRemembered(recorded, epoch + 1));
        if (!goesOn || comparison.hasParted) end.abort();
      },
    },
  });
}
