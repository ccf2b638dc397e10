/** How fast the library multiplies matrices that fit its kernels: the best of several large products. */
import type { Precision } from '../engine.ts';
import type { Library } from './library/index.ts';

/** Rows, columns and depth: large enough that starting and packing hardly count, small enough for a few milliseconds each. */
const extent = 1536;
const warmup = 3;
const tries = 20;

/** Operations per second, a multiply-add being two; with as many threads as the library was told. */
export function matrixPeak(library: Library, precision: Precision): number {
  const product = precision === 'float32' ? floatProduct(library) : bfloat16Product(library);
  for (let i = 0; i < warmup; i++) product();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const began = performance.now();
    product();
    best = Math.min(best, performance.now() - began);
  }
  return (2 * extent ** 3) / (best / 1000);
}

function floatProduct(library: Library): () => void {
  const bytes = 4 * extent ** 2;
  const arena = library.arena(3 * bytes);
  arena.float32(0, (2 * bytes) / 4).fill(0.5);
  const sizes = { m: extent, n: extent, k: extent };
  return () => library.sgemm({ ...sizes, a: arena.at(0), b: arena.at(bytes), c: arena.at(2 * bytes) });
}

/** In the layouts that the primitive likes best. */
function bfloat16Product(library: Library): () => void {
  const any = library.layout([extent, extent], 'bf16', 'any');
  const primitive = library.create({ kind: 'matmul', src: any, weights: any, dst: any });
  const places = primitive.arguments.map((name) => {
    const layout = primitive.layout(name);
    return { name, layout, bytes: Math.ceil((layout?.bytes ?? 0) / 64) * 64 };
  });
  const arena = library.arena(places.reduce((sum, { bytes }) => sum + bytes, 64));
  // 0x3f00 is 0.5
  arena.uint16(0, Math.floor(arena.bytes / 2)).fill(0x3f00);
  let offset = 0;
  const call = library.call(
    primitive,
    places.flatMap(({ name, layout, bytes }) => {
      const at = arena.at(offset);
      offset += bytes;
      return layout ? [[name, library.memory(layout, at)] as const] : [];
    }),
  );
  return () => call.run();
}
