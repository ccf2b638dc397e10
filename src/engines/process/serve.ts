/** An engine's own process, from the inside: answers its owner's requests, of which one comes after the other. */
import type { Communicator, Limits } from '../../mpi/index.ts';
import { EngineError, type Shape, SkeinError, type Tensor } from '../../tensor/index.ts';
import type { CompileOptions, InstructionTime } from '../engine.ts';
import type { RunOutputs } from '../run-outputs.ts';
import type { RankRequest, Reply, Request } from './messages.ts';
import { Outbox } from './outbox.ts';
import type { Posted } from './posted.ts';

/** State entries whose sums over all ranks begin in runs, where all ranks have the same of them. */
export interface EarlySums {
  /** Equal where these are: a whole number of 20 bits; 0 where there are none. */
  readonly digest: number;
  /** Whether the last run began them, and they were not taken. */
  readonly isUnderWay: boolean;
  /** From now on, runs begin those of this digest, as on all ranks. */
  agree(digest: number): void;
  /** Waits for them, and shows each sum. @throws EngineError where a rank does not come in time */
  take(limits: Limits, see: (part: { readonly name: string; readonly shape: Shape }, sum: Float32Array) => void): void;
}

/** What an engine does in its process. */
export interface Host<Entry> {
  compile(entries: Readonly<Record<string, Entry>>, options: Required<CompileOptions>): Promise<void> | void;
  /** Takes one state entry: `fill` writes its numbers to where the engine has them. */
  load(name: string, shape: Shape, fill: (numbers: Float32Array) => void): void;
  run(entry: string, inputs: ReadonlyMap<string, Tensor>): Promise<RunOutputs> | RunOutputs;
  profile?(entry: string, inputs: ReadonlyMap<string, Tensor>): readonly InstructionTime[];
  /** Asked of a process that has nothing else to do. */
  matrixPeak?(options: Required<CompileOptions>): Promise<number>;
  /** Frees all programs and the state; the next request compiles others. */
  clear(): Promise<void> | void;
  /** The process is a rank now: programs that reduce do so with this. */
  join?(communicator: Communicator): void;
  /** It was asked for something that took so many seconds, in which it could do nothing else. */
  computed?(seconds: number): void;
  /** What a rank began to add up before it was asked to. */
  sums?(): EarlySums | undefined;
  /** Of a process that is a rank of its job, or becomes one. */
  asRank?(request: RankRequest): Promise<Reply> | Reply;
  /** Shows state entries; `see` takes from each what it needs. */
  read(names: readonly string[], see: (name: string, content: Tensor) => void): void;
}

/** Who is asked for these waits for others. */
const betweenRanks: ReadonlySet<string> = new Set<RankRequest['kind']>([
  'join',
  'become',
  'reduce',
  'broadcast',
  'leave',
]);

/** Answers until the owner is gone. */
export function serve<Entry>(host: Host<Entry>): void {
  const outbox = Outbox.inherited();
  process.on('message', async ({ request }: { request: Posted<Request<Entry>> }) => {
    outbox.rewind();
    const began = performance.now();
    const reply = await answer(host, outbox, request).catch(failure);
    if (!betweenRanks.has(request.kind)) host.computed?.((performance.now() - began) / 1000);
    process.send?.(reply);
  });
  process.on('disconnect', () => process.exit());
}

function failure(error: unknown): Posted<Reply> {
  if (!(error instanceof Error)) return { error: String(error) };
  const hint = error instanceof SkeinError ? error.hint : undefined;
  return { error: error.message, ...(hint !== undefined && { hint }) };
}

/** All of a request is read before the first part of its reply is posted. */
async function answer<Entry>(
  host: Host<Entry>,
  outbox: Outbox,
  request: Posted<Request<Entry>>,
): Promise<Posted<Reply>> {
  switch (request.kind) {
    case 'compile':
      await host.compile(outbox.collect<Readonly<Record<string, Entry>>>(request.entries), request);
      return {};
    case 'load':
      for (const [name, { shape, data }] of request.state)
        host.load(name, shape, (numbers) => outbox.copy(data, numbers, name));
      return {};
    case 'run': {
      const outputs = await host.run(request.entry, inputsOf(outbox, request));
      return outbox.post<Reply>({ tensors: new Map(outputs), kept: outputs.kept });
    }
    case 'profile':
      if (!host.profile) throw new EngineError('its instructions cannot be timed');
      return { instructions: host.profile(request.entry, inputsOf(outbox, request)) };
    case 'read': {
      const tensors = new Map<string, Posted<Tensor>>();
      host.read(request.names, (name, content) => tensors.set(name, posted(outbox, content)));
      return { tensors };
    }
    case 'peak':
      return { peakBytes: process.resourceUsage().maxRSS * 1024 };
    case 'join':
    case 'become':
    case 'reduce':
    case 'broadcast':
    case 'allow':
    case 'leave': {
      if (!host.asRank) throw new EngineError('it is no rank of a job');
      return outbox.post<Reply>(await host.asRank(outbox.collect(request as Posted<RankRequest>)));
    }
    case 'clear':
      await host.clear();
      rooms.clear();
      // states that programs left are small objects with large memory, which the collector sees too late
      globalThis.gc?.();
      return {};
    case 'matrixPeak':
      if (!host.matrixPeak) throw new EngineError('it has no matrix product of its own');
      return { operationsPerSecond: await host.matrixPeak(request) };
  }
}

/** In the file or as a copy: the engine shows its own memory. */
function posted(outbox: Outbox, content: Tensor): Posted<Tensor> {
  const sent = outbox.post(content);
  return sent.data === content.data ? { ...content, data: content.data.slice() } : sent;
}

interface PostedInputs {
  readonly entry: string;
  readonly inputs: Posted<ReadonlyMap<string, Tensor>>;
}

const inputsOf = (outbox: Outbox, { entry, inputs }: PostedInputs) =>
  outbox.collect<ReadonlyMap<string, Tensor>>(inputs, (where, bytes) => roomFor(`${entry}:${where}`, bytes));

const rooms = new Map<string, Uint8Array<ArrayBuffer>>();

/** A run is over before the next one's inputs arrive, so these are read into the same bytes each time. */
function roomFor(key: string, bytes: number): Uint8Array<ArrayBuffer> {
  const known = rooms.get(key);
  if (known?.length === bytes) return known;
  const room = new Uint8Array(bytes);
  rooms.set(key, room);
  return room;
}
