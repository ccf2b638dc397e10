/** Training steps and predictions that an engine must get right before it is trusted. */
import type { Array64, Program } from '../../ir/index.ts';
import { EngineError, type Tensor } from '../../tensor/index.ts';
import type { Precision, Tensors } from '../engine.ts';
import { evaluate } from '../evaluator/evaluate.ts';
import { type Deviation, deviationOf, expectWithin } from './deviation.ts';
import { type SmallNetwork, smallNetworks } from './networks.ts';
import { batchOf, predictionOf, startOf, stepOf } from './programs.ts';

/** What has compiled the programs of a trial and loaded its start: an engine's executable, or what answers as one. */
export interface TrialRunner {
  run(entry: string, inputs: Tensors): Tensors | Promise<Tensors>;
  read(): Tensors | Promise<Tensors>;
}

/**
 * Distances that rounding explains. Measured in float32: 3e-6 in outputs, 1e-4 in the change of a weight, of which the weight's last digit is
 * as large a part; in bf16: 0.016 and 0.31. There a rectifier's input near 0 is rounded to the other side, and the gradient of its pixel is
 * another one.
 */
const tolerances: Readonly<Record<Precision, { readonly outputs: number; readonly state: number }>> = {
  float32: { outputs: 1e-4, state: 1e-3 },
  bf16: { outputs: 0.05, state: 0.6 },
};

/** In the second step an error of the first shows again: through weights, momenta and running statistics. */
const steps = ['first', 'second'] as const;

type What = 'step' | 'prediction';
type Arrays = ReadonlyMap<string, Array64>;

interface Expected {
  readonly steps: readonly Arrays[];
  /** After the last step. */
  readonly state: Arrays;
  readonly prediction: Arrays;
}

/** A comparison, and whether it is of state. */
type Finding = Deviation & { readonly isState: boolean };

/** One small network: what is computed with it, and what the evaluator makes of it. */
export class Trial {
  readonly #small: SmallNetwork;
  #built: Record<What, Program> | undefined;
  #expected: Expected | undefined;

  constructor(small: SmallNetwork) {
    this.#small = small;
  }

  /** `a training step of a small residual network` */
  name(precision: Precision, what: What = 'step'): string {
    const suffix = precision === 'float32' ? '' : ` in ${precision}`;
    return `a ${what === 'step' ? 'training step' : 'prediction'} of a ${this.#small.network.name}${suffix}`;
  }

  /** By entry points and over state that no other trial has, so that an engine may compile those of several at once. */
  get programs(): Readonly<Record<string, Program>> {
    const { step, prediction } = this.#programs;
    return { [this.name('float32')]: step, [this.name('float32', 'prediction')]: prediction };
  }

  /** The state before the first step. */
  get start(): Tensors {
    return startOf(this.#programs.step.graph, this.#small.seed);
  }

  /**
   * Two training steps and a prediction.
   * @param prepare compiles `programs` and loads `start`
   * @throws EngineError that says what failed: `a training step of a small residual network: …`
   */
  async run(precision: Precision, prepare: () => TrialRunner | Promise<TrialRunner>): Promise<void> {
    const runner = await naming(this.name(precision), prepare);
    for (const finding of await this.findings(precision, runner))
      expectWithin(tolerances[precision][finding.isState ? 'state' : 'outputs'], finding);
  }

  /** Every result beside the evaluator's, in the order in which they are computed. @throws EngineError where a run fails */
  async findings(precision: Precision, runner: TrialRunner): Promise<Finding[]> {
    const { start } = this;
    const batch = batchOf(this.#programs.step, this.#small.seed);
    this.#expected ??= expectedOf(this.#programs, start, batch);
    const expected = this.#expected;
    const [training, predicting] = [this.name(precision), this.name(precision, 'prediction')];
    const run = (what: What, inputs: Tensors) =>
      naming(this.name(precision, what), () => runner.run(this.name('float32', what), inputs));
    const findings: Finding[] = [];
    const compare = (wanted: Arrays, given: Tensors, what: (name: string) => string, from?: Tensors) => {
      for (const [name, { data }] of wanted) {
        const numbers = (of: Tensors) => of.get(name)?.data as Float32Array | undefined;
        const deviation = deviationOf(what(name), numbers(given) ?? [], data, from && numbers(from));
        findings.push({ ...deviation, isState: from !== undefined });
      }
    };
    for (const [i, which] of steps.entries()) {
      const outputs = await run('step', batch);
      compare(expected.steps[i] as Arrays, outputs, (name) => `${training}: \`${name}\` of the ${which} step`);
    }
    const state = await naming(training, () => runner.read());
    compare(expected.state, state, (name) => `${training}: \`${name}\``, start);
    const outputs = await run('prediction', imageOf(batch));
    compare(expected.prediction, outputs, (name) => `${predicting}: \`${name}\``);
    return findings;
  }

  /** Made when first asked for. */
  get #programs(): Record<What, Program> {
    const { network } = this.#small;
    this.#built ??= { step: stepOf(network), prediction: predictionOf(network) };
    return this.#built;
  }
}

/** Together they reach what the published networks need of an engine. */
export const trials: readonly Trial[] = smallNetworks.map((small) => new Trial(small));

/** In float64 throughout. */
function expectedOf({ step, prediction }: Record<What, Program>, start: Tensors, batch: Tensors): Expected {
  const inputs = widened(batch);
  let state = widened(start);
  const outputs = steps.map(() => {
    const evaluation = evaluate(step, inputs, state);
    state = new Map([...state, ...evaluation.updates]);
    return evaluation.outputs;
  });
  return { steps: outputs, state, prediction: evaluate(prediction, widened(imageOf(batch)), state).outputs };
}

const imageOf = (batch: Tensors): Tensors => new Map([['image', batch.get('image') as Tensor]]);

/** The same numbers, as the evaluator takes them. */
export const widened = (tensors: Tensors): Arrays =>
  new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data, Number) }]));

/** @throws EngineError with `what` before the reason */
async function naming<T>(what: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(`${what}: ${error.message}`, error.hint);
  }
}
