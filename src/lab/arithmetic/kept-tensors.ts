/** Tensors as JSON has them, for pieces that later ones start from. */
import { type Tensor, tensor } from '../../tensor/index.ts';

/** Shapes, and numbers as the base 64 of their bytes. */
export type KeptTensors = Readonly<Record<string, { readonly shape: readonly number[]; readonly bytes: string }>>;

/** Float32 tensors only, of those whose names `isWanted` takes. */
export function keepTensors(state: ReadonlyMap<string, Tensor>, isWanted: (name: string) => boolean): KeptTensors {
  const wanted = [...state].filter(([name, { dtype }]) => dtype === 'float32' && isWanted(name));
  return Object.fromEntries(
    wanted.map(([name, { shape, data }]) => {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
      return [name, { shape, bytes }];
    }),
  );
}

export const keptTensors = (kept: KeptTensors): Map<string, Tensor> =>
  new Map(
    Object.entries(kept).map(([name, { shape, bytes }]) => {
      const content = Uint8Array.from(Buffer.from(bytes, 'base64'));
      return [name, tensor('float32', shape, new Float32Array(content.buffer))] as const;
    }),
  );
