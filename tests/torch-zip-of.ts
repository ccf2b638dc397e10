import type { Tensor } from '../src/tensor/index.ts';
import { zipOf } from './zip-of.ts';

/** What torch.save could write: dicts of float32 tensors, texts and integers. */
export type Saved = Tensor<'float32'> | string | number | readonly Saved[] | { readonly [key: string]: Saved };

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer).toString('latin1');
const text = (value: string) => `X${u32(Buffer.byteLength(value))}${Buffer.from(value).toString('latin1')}`;
const integer = (value: number) => `J${u32(value)}`;
const tuple = (items: readonly string[]) => `(${items.join('')}t`;

/** A file as torch.save writes it. */
export function torchZipOf(saved: Saved): Uint8Array {
  const storages: [string, Uint8Array][] = [];
  const pickled = (value: Saved): string => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return integer(value);
    if (Array.isArray(value)) return `](${value.map(pickled).join('')}e`;
    if (isTensor(value)) {
      const key = String(storages.length);
      const { buffer, byteOffset, byteLength, length } = value.data;
      storages.push([`m/data/${key}`, new Uint8Array(buffer, byteOffset, byteLength)]);
      const storage = `${tuple([text('storage'), 'ctorch\nFloatStorage\n', text(key), text('cpu'), integer(length)])}Q`;
      const strides = value.shape.map((_, axis) => value.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
      const view = [integer(0), tuple(value.shape.map(integer)), tuple(strides.map(integer)), '\x89', 'N'];
      return `ctorch._utils\n_rebuild_tensor_v2\n${tuple([storage, ...view])}R`;
    }
    return `}(${Object.entries(value)
      .map(([key, item]) => text(key) + pickled(item))
      .join('')}u`;
  };
  const pickle = Buffer.from(`\x80\x02${pickled(saved)}.`, 'latin1');
  return zipOf([['m/data.pkl', pickle], ...storages]);
}

const isTensor = (value: Saved): value is Tensor<'float32'> =>
  typeof value === 'object' && 'data' in value && value.data instanceof Float32Array;
