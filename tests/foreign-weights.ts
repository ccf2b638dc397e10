/** Weights as other tools would have saved them: a network of Skein with statistics that it measured, under any names and in any order. */
import { onnxruntime } from '../src/engines/index.ts';
import { defineProgram, initialState } from '../src/ir/index.ts';
import { buildNetwork, type Network } from '../src/nn/index.ts';
import { encodeSafetensors, Random, type Tensor, tensor } from '../src/tensor/index.ts';
import { zipOf } from './zip-of.ts';

export interface MeasuredOptions {
  readonly classes?: number;
  readonly channels?: number;
  readonly size?: number;
  readonly batch?: number;
  /** Leave batch norms as they begin. */
  readonly isUntrained?: boolean;
}

/** The state of a network whose batch norms have random scales and shifts, and have measured smooth random images. */
export async function measuredState(network: Network, options: MeasuredOptions = {}): Promise<Map<string, Tensor>> {
  const { classes = 4, channels = 3, size = 16, batch = 4, isUntrained = false } = options;
  const image = { channels, height: size, width: size };
  const { graph, logits } = buildNetwork(network, { batch, image, classes, training: true });
  const random = new Random(3);
  const state = new Map<string, Tensor>(initialState(graph, 1));
  if (isUntrained) return state;
  for (const [name, { shape, data }] of state)
    if (/norm\d*\.(weight|bias)$/.test(name))
      state.set(
        name,
        tensor(
          'float32',
          shape,
          (data as Float32Array).map((v) => v + 0.3 * random.normal()),
        ),
      );
  const measure = defineProgram({
    name: 'measure',
    graph,
    outputs: new Map([['logits', logits]]),
    updates: graph.updates,
  });
  const executable = await onnxruntime.compile({ measure });
  try {
    await executable.load(state);
    await executable.run('measure', new Map([['image', smoothImages(random, batch, channels, size)]]));
    for (const [name, moved] of await executable.read([...graph.updates.keys()])) {
      // moved = 0.9 · before + 0.1 · measured
      const before = state.get(name)?.data as Float32Array;
      const measured = (moved.data as Float32Array).map((v, i) => (v - 0.9 * (before[i] as number)) / 0.1);
      state.set(
        name,
        tensor(
          'float32',
          moved.shape,
          measured.map((v) => (name.endsWith('.variance') ? Math.max(v, 1e-4) : v)),
        ),
      );
    }
  } finally {
    await executable.dispose();
  }
  return state;
}

function smoothImages(random: Random, batch: number, channels: number, size: number): Tensor {
  const data = new Float32Array(batch * channels * size * size);
  for (let plane = 0; plane < batch * channels; plane++) {
    const waves = Array.from({ length: 6 }, () => [
      random.normal(),
      random.normal() * 3,
      random.normal() * 3,
      random.uniform() * 6,
    ]);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        data[(plane * size + y) * size + x] =
          0.3 * random.normal() +
          waves.reduce((sum, [a = 0, u = 0, v = 0, at = 0]) => sum + 0.6 * a * Math.sin(at + (u * x + v * y) / 4), 0);
  }
  return tensor('float32', [batch, channels, size, size], data);
}

/** From the path of a layer in Skein to its path elsewhere. */
export type Renamed = (path: string) => string;

export interface Style {
  readonly rename: Renamed;
  /** The words for weight, bias, mean and variance; default PyTorch's. */
  readonly words?: readonly [string, string, string, string];
  /** Whether there are counters of batches. */
  readonly hasCounters?: boolean;
  /** Where a layer comes in the file; equal ones as in Skein. Default: as in Skein. */
  readonly order?: (path: string) => number;
}

const pytorch = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** The tensors of a state under the names of a style. */
export function renamed(state: ReadonlyMap<string, Tensor>, style: Style): Map<string, Tensor> {
  const { rename, words = pytorch, hasCounters = true, order = () => 0 } = style;
  const [weight, bias, mean, variance] = words;
  const leaf: Record<string, string> = { weight, bias, mean, variance };
  const pathOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
  const entries = [...state].sort(([a], [b]) => order(pathOf(a)) - order(pathOf(b)));
  const separator = words === pytorch ? '.' : '/';
  const found = new Map<string, Tensor>();
  for (const [name, value] of entries) {
    const path = rename(pathOf(name));
    found.set(`${path}${separator}${leaf[name.slice(name.lastIndexOf('.') + 1)]}`, value);
    if (hasCounters && name.endsWith('.variance'))
      found.set(`${path}.num_batches_tracked`, tensor('int64', [], BigInt64Array.of(100n)));
  }
  return found;
}

/** As safetensors writes it: sorted by name. */
export const safetensorsOf = (tensors: ReadonlyMap<string, Tensor>): Uint8Array => encodeSafetensors(tensors);

/** As torch.save writes it: in the order given. */
export function torchFileOf(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const parts: string[] = [];
  const storages: [string, Uint8Array][] = [];
  for (const [name, { dtype, shape, data }] of tensors) {
    const key = String(storages.length);
    const kind = { float32: 'FloatStorage', float64: 'DoubleStorage', int64: 'LongStorage' }[dtype as 'float32'];
    storages.push([`m/data/${key}`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
    const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
    const storage = tuple(text('storage'), `ctorch\n${kind}\n`, text(key), text('cpu'), integer(data.length));
    const view = [integer(0), tuple(...shape.map(integer)), tuple(...strides.map(integer))];
    parts.push(`${text(name)}ctorch._utils\n_rebuild_tensor_v2\n${tuple(`${storage}Q`, ...view, '\x89', 'N')}R`);
  }
  return zipOf([['m/data.pkl', Buffer.from(`\x80\x02}(${parts.join('')}u.`, 'latin1')], ...storages]);
}

const text = (s: string) => `X${u32(Buffer.byteLength(s))}${Buffer.from(s).toString('latin1')}`;
const integer = (n: number) => `J${u32(n)}`;
const tuple = (...items: string[]) => `(${items.join('')}t`;
const u32 = (n: number) => Buffer.from(Uint32Array.of(n).buffer).toString('latin1');
