/** One step of a run, seen from within: what it was fed, and what it did to the weights. */
import { topK } from '../../metrics/index.ts';
import type { Batch } from '../../pipeline/index.ts';
import { parametersOf } from '../../step/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import { realSamples } from '../../trained/index.ts';
import type { RunUnderWay, Witness } from '../run.ts';
import { type LayerNorms, parameterNorms } from './layer-norms.ts';
import { addedUp, type MaskShare, maskShares } from './mask-shares.ts';

/** A batch of the step with copies of all that changes. */
export interface SeenBatch extends Omit<Batch, 'index' | 'bad'> {
  /** Samples that could not be read: other ones of the batch stand in their places. */
  readonly replaced: ReadonlySet<number>;
}

export interface SeenStep {
  readonly loss: number;
  readonly lr: number;
  /** Images whose label got the highest logit, before the step. */
  readonly correct: number;
  readonly batches: readonly SeenBatch[];
  readonly masks: readonly MaskShare[];
  readonly parameters: readonly LayerNorms[];
}

/** Looks at the step after `before` complete ones, and at no other. */
export class StepRecorder implements Witness {
  readonly #before: number;
  readonly #onSeen: (step: SeenStep, run: RunUnderWay) => void;
  #run: RunUnderWay | undefined;
  #names: string[] = [];
  #state: ReadonlyMap<string, Tensor> = new Map();
  #batches: SeenBatch[] = [];
  #masks: MaskShare[][] = [];
  #correct = 0;
  #squares: ArrayLike<number> = [];

  constructor(before: number, onSeen: (step: SeenStep, run: RunUnderWay) => void) {
    this.#before = before;
    this.#onSeen = onSeen;
  }

  async onStepBegins(run: RunUnderWay): Promise<void> {
    if (run.position.step !== this.#before) return;
    this.#run = run;
    this.#names = parametersOf(run.programs.whole).map(([name]) => name);
    this.#state = await run.executable.read(this.#names);
  }

  onBatch(batch: Batch, fed: ReadonlyMap<string, Tensor>, outputs: ReadonlyMap<string, Tensor>): void {
    if (!this.#run) return;
    const { programs, settings } = this.#run;
    const { images, labels, targets, weights, count, indices, bad = [] } = batch;
    this.#batches.push({
      // the pipeline fills the same memory again
      images: images.slice(),
      labels: labels.slice(),
      ...(targets && { targets: targets.slice() }),
      weights: Float32Array.from(fed.get('weights')?.data ?? weights, Number),
      count,
      indices,
      replaced: new Set(bad.map(({ index }) => index)),
    });
    this.#masks.push(maskShares(programs.batch, fed, count));
    const classes = settings.splits.train.classes.length;
    const real = realSamples(outputs.get('logits') as Tensor, batch, classes);
    this.#correct += topK(real.logits, real.labels, classes, 1);
    this.#squares = norms(outputs);
  }

  onUpdate(outputs: ReadonlyMap<string, Tensor>): void {
    if (this.#run) this.#squares = norms(outputs);
  }

  async onStepEnds(run: RunUnderWay, { loss, lr }: { readonly loss: number; readonly lr: number }): Promise<void> {
    if (!this.#run) return;
    this.#run = undefined;
    const after = await run.executable.read(this.#names);
    const parameters = parameterNorms(this.#names, this.#state, after, this.#squares);
    this.#onSeen(
      { loss, lr, correct: this.#correct, batches: this.#batches, masks: addedUp(this.#masks), parameters },
      run,
    );
  }
}

const norms = (outputs: ReadonlyMap<string, Tensor>): ArrayLike<number> =>
  Float32Array.from(outputs.get('gradientNorms')?.data ?? [], Number);
