import type { Tensor } from '../tensor/index.ts';

/** A float32 tensor as the content of an .npy file, format 1.0. */
export function numpyFile({ shape, data }: Tensor<'float32'>): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${extents}), }`;
  const before = 10;
  // the numbers begin at a multiple of 64
  const header = about.padEnd(Math.ceil((before + about.length + 1) / 64) * 64 - before - 1);
  const file = new Uint8Array(before + header.length + 1 + 4 * data.length);
  const view = new DataView(file.buffer);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  view.setUint16(8, header.length + 1, true);
  file.set(new TextEncoder().encode(`${header}\n`), before);
  for (const [i, value] of data.entries()) view.setFloat32(before + header.length + 1 + 4 * i, value, true);
  return file;
}
