/** Moves channels within blocks: a convolution of 1×1 with a matrix of zeros and ones, which is exact. */
import type { Layout } from '../library/index.ts';
import type { Recorder } from './recorder.ts';
import type { Stored } from './stored.ts';

/** Channel by channel of `to` that of `from` with the number `source` gives; zeros where there is none. With `adds`, on top of what stands there. */
export function selectChannels(
  recorder: Recorder,
  { from, to, adds = false }: { readonly from: Stored; readonly to: Stored; readonly adds?: boolean },
  source: (channel: number) => number,
): void {
  const [[, channels = 0], [, wide = 0]] = [from.layout.dims, to.layout.dims];
  const dims = [wide, channels, 1, 1];
  const primitive = recorder.create({
    kind: 'convolution',
    pass: 'forwardInference',
    algorithm: 'direct',
    strides: [1, 1],
    padding: { before: [0, 0], after: [0, 0] },
    src: from.layout,
    weights: recorder.library.layout(dims, from.layout.dataType, 'any'),
    dst: to.layout,
    ...(adds && { postOps: [{ kind: 'sum' }] }),
  });
  const layout = primitive.layout('weights') as Layout;
  const weights = recorder.constantIn(
    layout,
    recorder.constant(recorder.layout(dims), selection(wide, channels, source)),
  );
  recorder.primitive(primitive, { src: from, weights }, { dst: to });
}

/** Row by row a one where the channel comes from. */
export function selection(wide: number, channels: number, source: (channel: number) => number): Float32Array {
  const matrix = new Float32Array(wide * channels);
  for (let channel = 0; channel < wide; channel++) {
    const from = source(channel);
    if (from >= 0 && from < channels) matrix[channel * channels + from] = 1;
  }
  return matrix;
}
