/** A run's results as values: for experiments, which need no folder. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { CheckpointError, ConfigError } from '../tensor/index.ts';
import type { EpochRecord } from './events.ts';
import { type EpochToKeep, isBefore, keptText, type Measurement, type RunPoint, type RunSink } from './run-sink.ts';

/** What a run folder holds, as values; they are there as soon as the run has made them. */
export interface MemorySink extends RunSink {
  /** What the run can go on from. */
  readonly last: Checkpoint | undefined;
  /** After the epoch with the highest validation accuracy. */
  readonly best: Checkpoint | undefined;
  /** Of the newest epochs, where the run is to `keep` some, oldest first. */
  readonly epochCheckpoints: ReadonlyMap<number, Checkpoint>;
  /** As in metrics.jsonl. */
  readonly measurements: readonly Measurement[];
  /** As in results.csv: a row for each epoch. */
  readonly epochs: readonly EpochRecord[];
  /** As in config.yaml. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
  /** As in split.csv. */
  readonly splitText: string | undefined;
  /** As in report.html, where it was asked for. */
  readonly page: string | undefined;
}

/**
 * Keeps a run's results in memory and writes nothing to disk: `train({ …, out: memorySink() })`. A sink holds one run. An interrupted one
 * goes on to the bit: `train({ …, out: sink, resume: true })`.
 * @param options.report whether to make the report's page too; default: no
 */
export const memorySink = ({ report = false }: { readonly report?: boolean } = {}): MemorySink => new InMemory(report);

class InMemory implements MemorySink {
  readonly name = 'memory';
  last: Checkpoint | undefined;
  best: Checkpoint | undefined;
  epochCheckpoints = new Map<number, Checkpoint>();
  measurements: Measurement[] = [];
  epochs: readonly EpochRecord[] = [];
  config: Readonly<Record<string, unknown>> | undefined;
  splitText: string | undefined;
  page: string | undefined;
  readonly #wantsReport: boolean;
  #isTaken = false;

  constructor(wantsReport: boolean) {
    this.#wantsReport = wantsReport;
  }

  get kept(): string | undefined {
    return keptText(this.name, this.last?.training);
  }

  async take({ resume }: { readonly resume: boolean }): Promise<void> {
    const another = 'give each run a memorySink() of its own';
    if (this.#isTaken) throw new ConfigError('train: another run is using this memory sink', another);
    if (resume && !this.last)
      throw new ConfigError('train: the memory sink holds no run to go on with', 'start a new run without `resume`');
    if (!resume && this.last)
      throw new ConfigError(
        'train: the memory sink already holds a run',
        `${another}, or go on with this one: \`resume: true\``,
      );
    this.#isTaken = true;
  }

  async leave(): Promise<void> {
    this.#isTaken = false;
  }

  async begin(config: Readonly<Record<string, unknown>>, split: string | undefined): Promise<void> {
    this.measurements = [];
    this.epochs = [];
    this.best = undefined;
    this.epochCheckpoints = new Map();
    this.config = withoutUndefined(config);
    this.splitText = split;
  }

  async split(): Promise<string | undefined> {
    return this.splitText;
  }

  async recorded(): Promise<unknown> {
    return this.config;
  }

  async goOn(at: RunPoint, changes: Readonly<Record<string, unknown>>, split = this.splitText): Promise<void> {
    this.measurements = this.measurements.filter((measured) => isBefore(measured, at));
    this.config = withoutUndefined({ ...this.config, ...changes });
    this.splitText = split;
  }

  async log(measurement: Measurement): Promise<void> {
    this.measurements.push(measurement);
  }

  async measured(): Promise<readonly Measurement[]> {
    return this.measurements;
  }

  async results(epochs: readonly EpochRecord[]): Promise<void> {
    this.epochs = [...epochs];
  }

  async save(which: 'last' | 'best', checkpoint: Checkpoint): Promise<void> {
    this[which] = checkpoint;
  }

  async keepEpoch(checkpoint: Checkpoint, { epoch, most }: EpochToKeep): Promise<void> {
    const before = [...this.epochCheckpoints].filter(([one]) => one < epoch && one > epoch - most);
    this.epochCheckpoints = new Map([...before, [epoch, checkpoint]]);
  }

  async load(which: 'last' | 'best'): Promise<{ name: string; checkpoint: Checkpoint }> {
    const name = `the ${which} checkpoint in memory`;
    const checkpoint = this[which];
    if (!checkpoint) throw new CheckpointError(`${name}: there is none`);
    return { name, checkpoint };
  }

  async report(page: () => Promise<string>): Promise<undefined> {
    if (this.#wantsReport) this.page = await page();
  }
}

const withoutUndefined = (config: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
