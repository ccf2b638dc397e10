/** How many channels lie together in the layout that this processor's convolutions like. */
import type { Library } from '../library/index.ts';

/** As in `aBcd16b`; where the library likes another kind of layout, as wide as vector units are today. */
export function blockOf(library: Library): number {
  const any = (dims: readonly number[]) => library.layout(dims, 'f32', 'any');
  const primitive = library.create({
    kind: 'convolution',
    pass: 'forwardTraining',
    src: any([1, 64, 16, 16]),
    weights: any([64, 64, 3, 3]),
    dst: any([1, 64, 16, 16]),
    strides: [1, 1],
    padding: { before: [1, 1], after: [1, 1] },
  });
  const format = primitive.layout('dst')?.format ?? '';
  primitive.destroy();
  return Number(/^aBcd(\d+)b$/.exec(format)?.[1] ?? 16);
}
