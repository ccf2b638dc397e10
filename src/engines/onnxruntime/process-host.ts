/**
 * What the engine's own process does: it owns the ONNX Runtime sessions and the state. It is a process of its own because a run blocks its
 * event loop, and because the C library's memory allocator must be told at start to keep large buffers.
 */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Communicator } from '../../mpi/index.ts';
import { type Tensor, zeros } from '../../tensor/index.ts';
import type { Host } from '../process/serve.ts';
import { RunOutputs } from '../run-outputs.ts';
import type { EntryModel, SegmentModel } from './entry-model.ts';
import { Rooms } from './rooms.ts';

type Ort = typeof import('onnxruntime-node');

interface Piece {
  /** None where there is nothing to compute between two reductions. */
  readonly session: InferenceSession | undefined;
  /** Without its bytes, which may hold all weights: the session has its own. */
  readonly model: Omit<SegmentModel, 'bytes'>;
}

let ort: Ort;
const entries = new Map<string, readonly Piece[]>();
const state = new Map<string, OrtTensor>();
const rooms = new Rooms();
let ranks: Communicator | undefined;

async function compile(
  models: Readonly<Record<string, EntryModel>>,
  { threads }: { readonly threads: number },
): Promise<void> {
  ort = await import('onnxruntime-node');
  for (const [name, { segments }] of Object.entries(models)) {
    const pieces: Piece[] = [];
    for (const { bytes, ...model } of segments) {
      const session =
        model.outputs.length === 0
          ? undefined
          : await ort.InferenceSession.create(bytes, sessionOptions(model, threads, segments.length > 1));
      pieces.push({ session, model });
    }
    entries.set(name, pieces);
  }
}

const sessionOptions = (
  { optimise }: Omit<SegmentModel, 'bytes'>,
  threads: number,
  isOneOfMany: boolean,
): InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  executionMode: 'sequential',
  graphOptimizationLevel: optimise ? 'all' : 'disabled',
  enableMemPattern: false,
  // what one of many needs while it runs, another needs when it is over
  ...(isOneOfMany && { enableCpuMemArena: false }),
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
  extra: {
    session: {
      // nothing here is quantised, and the search for what is takes seconds on deep networks
      disable_quant_qdq: '1',
      // each has threads of its own, which must not wait for more work while another has some
      ...(isOneOfMany && { intra_op: { allow_spinning: '0' } }),
    },
  },
});

const toOrt = ({ dtype, data, shape }: Tensor) => new ort.Tensor(dtype, data as Float32Array, shape) as OrtTensor;
const fromOrt = ({ type, data, dims }: OrtTensor) => ({ dtype: type, data, shape: dims }) as Tensor;

async function run(name: string, inputs: ReadonlyMap<string, Tensor>): Promise<RunOutputs> {
  const left = new Map<string, Tensor>();
  const pieces = entries.get(name) as readonly Piece[];
  let last: Results = {};
  for (const { session, model } of pieces) {
    const feeds: Record<string, OrtTensor> = {};
    for (const input of model.inputs) feeds[`input:${input}`] = toOrt((left.get(input) ?? inputs.get(input)) as Tensor);
    for (const entry of model.state) feeds[`state:${entry}`] = state.get(entry) as OrtTensor;
    const fetches: Record<string, OrtTensor | null> = Object.fromEntries(model.outputs.map((full) => [full, null]));
    for (const [value, type] of model.leaves) {
      const room = rooms.take(type);
      left.set(value, room);
      fetches[`output:${value}`] = toOrt(room);
    }
    last = session ? await session.run(feeds, fetches) : {};
    if (model.reduced) left.set(model.reduced.to, overRanks(left.get(model.reduced.from) as Tensor));
    for (const value of model.done) {
      rooms.giveBack(left.get(value) as Tensor);
      left.delete(value);
    }
  }
  const kept = last.guard === undefined || last.guard.data[0] === 1;
  const outputs = new Map<string, Tensor>();
  for (const full of pieces.at(-1)?.model.outputs ?? []) {
    const result = last[full] as OrtTensor;
    if (full.startsWith('output:')) outputs.set(full.slice('output:'.length), fromOrt(result));
    else if (full.startsWith('update:') && kept) state.set(full.slice('update:'.length), result);
  }
  return new RunOutputs(outputs, kept);
}

type Results = Readonly<Record<string, OrtTensor>>;

/** The sum over all ranks, beside what it is of; where there are no others, the same numbers. */
function overRanks(value: Tensor): Tensor {
  const sum = rooms.take(value);
  (sum.data as Float32Array).set(value.data as Float32Array);
  ranks?.allReduce(sum.data as Float32Array);
  return sum;
}

export const host: Host<EntryModel> = {
  join: (communicator) => {
    ranks = communicator;
  },
  compile,
  load: (name, shape, fill) => {
    const content = zeros('float32', shape);
    fill(content.data);
    state.set(name, toOrt(content));
  },
  run,
  clear: async () => {
    for (const { session } of [...entries.values()].flat()) await session?.release();
    entries.clear();
    rooms.clear();
    state.clear();
  },
  read: (names, see) => {
    for (const name of names) see(name, fromOrt(state.get(name) as OrtTensor));
  },
};
