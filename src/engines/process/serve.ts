/** An engine's own process, from the inside: answers its owner's requests, one after the other. */
import { EngineError, type Tensor } from '../../tensor/index.ts';
import type { CompileOptions, InstructionTime } from '../engine.ts';
import type { PostedRequest, Reply } from './messages.ts';
import { collect, type PostedTensors } from './outbox.ts';

/** What an engine does in its process. */
export interface Host<Entry> {
  compile(entries: Readonly<Record<string, Entry>>, options: Required<CompileOptions>): Promise<void> | void;
  load(state: ReadonlyMap<string, Tensor>): void;
  run(entry: string, inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> | Map<string, Tensor>;
  profile?(entry: string, inputs: ReadonlyMap<string, Tensor>): readonly InstructionTime[];
  /** Asked of a process that has nothing else to do. */
  matrixPeak?(options: Required<CompileOptions>): Promise<number>;
  /** All entries if no names are given. */
  read(names: readonly string[] | undefined): Map<string, Tensor>;
}

/** The owner's outbox, right after the channel for messages. */
const outbox = 4;

/** Answers until the owner is gone. */
export function serve<Entry>(host: Host<Entry>): void {
  let before: Promise<unknown> = Promise.resolve();
  process.on('message', ({ id, request }: { id: number; request: PostedRequest<Entry> }) => {
    // one after the other: a run must see the state that the one before it left
    before = before
      .then(() => answer(host, request))
      .then(
        (reply) => process.send?.({ id, ...reply }),
        (error: unknown) => process.send?.({ id, ...failure(error) }),
      );
  });
  process.on('disconnect', () => process.exit());
}

function failure(error: unknown): Pick<Reply, 'error' | 'hint'> {
  if (!(error instanceof Error)) return { error: String(error) };
  const hint = error instanceof EngineError ? error.hint : undefined;
  return { error: error.message, ...(hint !== undefined && { hint }) };
}

async function answer<Entry>(host: Host<Entry>, request: PostedRequest<Entry>): Promise<Omit<Reply, 'id'>> {
  switch (request.kind) {
    case 'compile':
      await host.compile(request.entries, request);
      return {};
    case 'load':
      host.load(collect(outbox, request.state));
      return {};
    case 'run':
      return { tensors: await host.run(request.entry, inputsOf(request)) };
    case 'profile':
      if (!host.profile) throw new EngineError('its instructions cannot be timed');
      return { instructions: host.profile(request.entry, inputsOf(request)) };
    case 'read':
      return { tensors: host.read(request.names) };
    case 'peak':
      return { peakBytes: process.resourceUsage().maxRSS * 1024 };
    case 'matrixPeak':
      if (!host.matrixPeak) throw new EngineError('it has no matrix product of its own');
      return { operationsPerSecond: await host.matrixPeak(request) };
  }
}

const inputsOf = ({ entry, inputs }: { readonly entry: string; readonly inputs: PostedTensors }) =>
  collect(outbox, inputs, (name, bytes) => roomFor(`${entry}:${name}`, bytes));

const rooms = new Map<string, Uint8Array>();

/** A run is over before the next one's inputs arrive, so these are read into the same bytes each time. */
function roomFor(key: string, bytes: number): Uint8Array {
  const known = rooms.get(key);
  if (known?.length === bytes) return known;
  const room = new Uint8Array(bytes);
  rooms.set(key, room);
  return room;
}
