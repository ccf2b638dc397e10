/** What a run recorded beside what its steps give once more, in the order in which they are compared. */
import { type Checkpoint, loadCheckpoint } from '../../checkpoint/index.ts';
import { canonicalJson } from '../../files/index.ts';
import type { EpochEvent } from '../events.ts';
import { stateOf } from '../kept-state.ts';
import type { RunUnderWay } from '../run.ts';
import { type DifferingEntry, differingEntry } from './differing-entry.ts';
import type { RecordedRun } from './recorded-run.ts';

/** Something that was recorded after as many steps. */
export interface Compared {
  readonly step: number;
  readonly what: 'loss' | 'checkpoint' | 'epoch';
  /** `metrics.jsonl`, `epoch-002.safetensors`, `the history in last.safetensors`. */
  readonly where: string;
  readonly isSame: boolean;
}

/** A number that is another one now. */
export interface Difference extends Pick<Compared, 'step' | 'what' | 'where'> {
  /** `loss`, `validation loss`, `stem.conv.weight[0]`. */
  readonly name: string;
  /** Null where there is none. */
  readonly recorded: number | null;
  readonly now: number | null;
  /** Of a checkpoint: numbers that differ, and of how many. */
  readonly differing?: number;
  readonly total?: number;
}

/** Compares as the steps are taken, and keeps all it finds. */
export class Comparison {
  readonly compared: Compared[] = [];
  readonly differences: Difference[] = [];
  readonly #recorded: RecordedRun;

  constructor(recorded: RecordedRun) {
    this.#recorded = recorded;
  }

  /** Whether the numbers went another way, so that all that follows differs: not where a checkpoint alone is another one. */
  get hasParted(): boolean {
    return this.differences.some(({ what }) => what !== 'checkpoint');
  }

  loss(step: number, loss: number): void {
    const recorded = this.#recorded.losses.get(step);
    if (recorded === undefined) return;
    this.#add({ step, what: 'loss', where: 'metrics.jsonl' }, Object.is(recorded, loss), {
      name: 'loss',
      recorded,
      now: loss,
    });
  }

  /** The state of a run, where checkpoints are of as many steps. @throws CheckpointError where one cannot be read any more */
  async state(run: RunUnderWay): Promise<void> {
    const { step, partial } = run.position;
    const here = this.#recorded.points.filter((point) => point.step === step && point.path !== undefined);
    if (here.length === 0) return;
    const now = await stateOf(run);
    for (const { name: where, path } of here) {
      const { tensors, training } = await loadCheckpoint(path as string);
      const found: (Omit<DifferingEntry, 'entry'> & { entry: string }) | undefined =
        differingEntry(tensors, now) ?? partialDifference(training, partial);
      const { entry = '', ...numbers } = found ?? {};
      const difference = { name: entry, recorded: null, now: null, ...numbers };
      this.#add({ step, what: 'checkpoint', where }, found === undefined, difference);
    }
  }

  /** What an epoch measured, where the newest checkpoint remembers it. */
  epoch({ epoch, train, validation, lr }: Omit<EpochEvent, 'seconds'>, step: number): void {
    const { history, newest } = this.#recorded;
    const recorded = history[epoch - 1];
    if (!recorded) return;
    const numbers = [
      ['training loss', recorded.train.loss, train.loss],
      ['training accuracy', recorded.train.top1, train.top1],
      ['validation loss', recorded.validation.loss, validation.loss],
      ['validation accuracy', recorded.validation.top1, validation.top1],
      ['learning rate', recorded.lr, lr],
    ] as const;
    const other = numbers.find(([, before, now]) => canonicalJson(before) !== canonicalJson(now));
    const [name, before, now] = other ?? numbers[0];
    const difference = { name: `${name} of epoch ${epoch}`, recorded: before, now };
    this.#add({ step, what: 'epoch', where: `the history in ${newest?.name}` }, other === undefined, difference);
  }

  #add(at: Omit<Compared, 'isSame'>, isSame: boolean, numbers: Omit<Difference, 'step' | 'what' | 'where'>): void {
    this.compared.push({ ...at, isSame });
    if (!isSame) this.differences.push({ ...at, ...numbers });
  }
}

/** The sums of an epoch under way. */
function partialDifference(
  training: Checkpoint['training'],
  now: RunUnderWay['position']['partial'],
): DifferingEntry | undefined {
  const recorded = training?.partial;
  if (!recorded) return undefined;
  for (const key of ['loss', 'correct', 'count'] as const)
    if (!Object.is(recorded[key], now[key]))
      return { entry: `${key} of the epoch so far`, recorded: recorded[key], now: now[key], differing: 1, total: 1 };
  return undefined;
}

/** Whether an epoch that ends after as many steps is remembered, so that its validation is worth repeating. */
export const isRemembered = ({ history }: RecordedRun, epoch: number): boolean => history[epoch - 1] !== undefined;
