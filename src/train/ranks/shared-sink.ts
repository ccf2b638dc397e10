/** A run's sink among ranks: rank 0 has it and writes, and what it reads all ranks get. */
import { deserialize, serialize } from 'node:v8';
import type { Ranks } from '../../engines/index.ts';
import type { RunSink } from '../run-sink.ts';
import { writingSeconds } from './run-ranks.ts';

const alone = new WeakMap<RunSink, RunSink>();

/** The sink for what this rank does alone: what it reads there nobody else gets. */
export const aloneWith = (sink: RunSink): RunSink => alone.get(sink) ?? sink;

/** Of rank 0. */
export function leadingSink(sink: RunSink, ranks: Ranks): RunSink {
  const told = async <T>(value: T): Promise<T> => {
    await ranks.broadcast(serialize(value));
    return value;
  };
  const shared: RunSink = {
    name: sink.name,
    get kept() {
      return sink.kept;
    },
    take: (options) => sink.take(options),
    leave: () => sink.leave(),
    begin: (config, split) => sink.begin(config, split),
    goOn: (at, changes, split) => sink.goOn(at, changes, split),
    log: (measurement) => sink.log(measurement),
    measured: () => sink.measured(),
    results: (epochs) => sink.results(epochs),
    save: (which, checkpoint) => sink.save(which, checkpoint),
    ...(sink.keepEpoch && { keepEpoch: (checkpoint, at) => (sink.keepEpoch as KeepEpoch)(checkpoint, at) }),
    report: (page) => sink.report(page),
    recorded: async () => told(await sink.recorded()),
    split: async () => told(await sink.split()),
    load: async (which) => told(await sink.load(which)),
  };
  alone.set(shared, sink);
  return shared;
}

type KeepEpoch = NonNullable<RunSink['keepEpoch']>;

/** Of the other ranks: it keeps nothing. */
export function followingSink(name: string, ranks: Ranks): RunSink {
  // rank 0 reads it first, from wherever it lies
  const heard = async <T>(): Promise<T> => {
    await ranks.allow(writingSeconds);
    return deserialize(await ranks.broadcast(new Uint8Array())) as T;
  };
  const nothing = async (): Promise<void> => {};
  return {
    name,
    kept: undefined,
    // the lock of a machine that is gone takes rank 0 a while
    take: () => ranks.allow(writingSeconds),
    leave: nothing,
    begin: nothing,
    goOn: nothing,
    log: nothing,
    measured: async () => [],
    results: nothing,
    save: nothing,
    keepEpoch: nothing,
    report: async () => undefined,
    recorded: heard,
    split: heard,
    load: heard,
  };
}
