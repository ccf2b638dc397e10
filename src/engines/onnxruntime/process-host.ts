/**
 * What the engine's own process does: it owns the ONNX Runtime sessions and the state. It is a process of its own because a run blocks its
 * event loop, and because the C library's memory allocator must be told at start to keep large buffers.
 */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { type Tensor, zeros } from '../../tensor/index.ts';
import type { Host } from '../process/serve.ts';
import { RunOutputs } from '../run-outputs.ts';
import type { EntryModel } from './entry-model.ts';

type Ort = typeof import('onnxruntime-node');

interface Entry {
  readonly session: InferenceSession;
  /** Without its bytes, which may hold all weights: the session has its own. */
  readonly model: Omit<EntryModel, 'bytes'>;
}

let ort: Ort;
const entries = new Map<string, Entry>();
const state = new Map<string, OrtTensor>();

async function compile(
  models: Readonly<Record<string, EntryModel>>,
  { threads }: { readonly threads: number },
): Promise<void> {
  ort = await import('onnxruntime-node');
  for (const [name, { bytes, ...model }] of Object.entries(models)) {
    const session = await ort.InferenceSession.create(bytes, {
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

async function run(name: string, inputs: ReadonlyMap<string, Tensor>): Promise<RunOutputs> {
  const { session, model } = entries.get(name) as Entry;
  const feeds: Record<string, OrtTensor> = {};
  for (const input of model.inputs) feeds[`input:${input}`] = toOrt(inputs.get(input) as Tensor);
  for (const entry of model.state) feeds[`state:${entry}`] = state.get(entry) as OrtTensor;
  const results = await session.run(feeds);
  const kept = results.guard === undefined || results.guard.data[0] === 1;
  const outputs = new Map<string, Tensor>();
  for (const full of model.outputs) {
    const result = results[full] as OrtTensor;
    if (full.startsWith('output:')) outputs.set(full.slice('output:'.length), fromOrt(result));
    else if (full.startsWith('update:') && kept) state.set(full.slice('update:'.length), result);
  }
  return new RunOutputs(outputs, kept);
}

export const host: Host<EntryModel> = {
  compile,
  load: (name, shape, fill) => {
    const content = zeros('float32', shape);
    fill(content.data);
    state.set(name, toOrt(content));
  },
  run,
  clear: async () => {
    for (const { session } of entries.values()) await session.release();
    entries.clear();
    state.clear();
  },
  read: (names, see) => {
    for (const name of names) see(name, fromOrt(state.get(name) as OrtTensor));
  },
};
