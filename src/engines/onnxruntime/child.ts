/**
 * The engine's own process: it owns the ONNX Runtime sessions and the state. It is a process of its own because a run blocks its
 * event loop, and because the C library's memory allocator must be told at start to keep large buffers.
 */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensor } from '../../tensor/index.ts';
import type { EntryModel, PostedRequest, Reply } from './messages.ts';
import { collect } from './outbox.ts';

type Ort = typeof import('onnxruntime-node');

interface Entry {
  readonly session: InferenceSession;
  readonly model: EntryModel;
}

let ort: Ort;
const entries = new Map<string, Entry>();
const state = new Map<string, OrtTensor>();

async function compile(models: Readonly<Record<string, EntryModel>>, threads: number): Promise<void> {
  ort = await import('onnxruntime-node');
  for (const [name, model] of Object.entries(models)) {
    const session = await ort.InferenceSession.create(model.bytes, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: model.optimise ? 'all' : 'disabled',
      enableMemPattern: false,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // nothing here is quantised, and the search for what is takes seconds on deep networks
      extra: { session: { disable_quant_qdq: '1' } },
    });
    entries.set(name, { session, model });
  }
}

const toOrt = ({ dtype, data, shape }: Tensor) => new ort.Tensor(dtype, data as Float32Array, shape) as OrtTensor;
const fromOrt = ({ type, data, dims }: OrtTensor) => ({ dtype: type, data, shape: dims }) as Tensor;

async function run(name: string, inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> {
  const { session, model } = entries.get(name) as Entry;
  const feeds: Record<string, OrtTensor> = {};
  for (const input of model.inputs) feeds[`input:${input}`] = toOrt(inputs.get(input) as Tensor);
  for (const entry of model.state) feeds[`state:${entry}`] = state.get(entry) as OrtTensor;
  const results = await session.run(feeds);
  const keep = results.guard === undefined || results.guard.data[0] === 1;
  const outputs = new Map<string, Tensor>();
  for (const full of model.outputs) {
    const result = results[full] as OrtTensor;
    if (full.startsWith('output:')) outputs.set(full.slice('output:'.length), fromOrt(result));
    else if (full.startsWith('update:') && keep) state.set(full.slice('update:'.length), result);
  }
  return outputs;
}

/** The owner's outbox, right after the channel for messages. */
const outbox = 4;
const rooms = new Map<string, Uint8Array>();

/** A run is over before the next one's inputs arrive, so these are read into the same bytes each time. */
function roomFor(key: string, bytes: number): Uint8Array {
  const known = rooms.get(key);
  if (known?.length === bytes) return known;
  const room = new Uint8Array(bytes);
  rooms.set(key, room);
  return room;
}

async function answer(request: PostedRequest): Promise<Omit<Reply, 'id'>> {
  switch (request.kind) {
    case 'compile':
      await compile(request.entries, request.threads);
      return {};
    case 'load':
      for (const [name, tensor] of collect(outbox, request.state)) state.set(name, toOrt(tensor));
      return {};
    case 'run':
      return {
        tensors: await run(
          request.entry,
          collect(outbox, request.inputs, (name, bytes) => roomFor(`${request.entry}:${name}`, bytes)),
        ),
      };
    case 'read': {
      const names = request.names ?? [...state.keys()];
      return { tensors: new Map(names.map((name) => [name, fromOrt(state.get(name) as OrtTensor)])) };
    }
    case 'peak':
      return { peakBytes: process.resourceUsage().maxRSS * 1024 };
  }
}

let before: Promise<unknown> = Promise.resolve();
process.on('message', ({ id, request }: { id: number; request: PostedRequest }) => {
  // one after the other: a run must see the state that the one before it left
  before = before
    .then(() => answer(request))
    .then(
      (reply) => process.send?.({ id, ...reply }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
});
process.on('disconnect', () => process.exit());
