/** Every primitive that kernels use, of the oneDNN on this machine, against plain loops. */
import { afterAll, describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import { blockOf } from '../compile/block.ts';
import { type Library, openLibrary } from '../library/index.ts';
import { checks } from './checks.ts';
import { expectNear, Workbench } from './workbench.ts';

const absent = !oneDnnHere;

describe.skipIf(absent)('oneDNN', async () => {
  const library = absent ? undefined : ((await openLibrary()) as Library);
  afterAll(() => library?.dispose());

  it.each([...checks])('computes as plain loops do: %s', (_, check) => {
    const bench = new Workbench(library!);
    try {
      check(bench);
    } finally {
      bench.dispose();
    }
  });

  it.runIf(process.arch === 'x64')(
    'is fast where networks need it: convolutions, batch norms and pooling in blocks, sums of whole blocks',
    () => {
      const format = `aBcd${blockOf(library!)}b`;
      const x = library!.layout([2, 20, 8, 8], 'f32', format);
      const half = library!.layout([2, 20, 4, 4], 'f32', format);
      const whole = library!.layout([2, 32, 8, 8], 'f32', format);
      const any = library!.layout([20, 20, 3, 3], 'f32', 'any');
      const padding = { before: [1, 1], after: [1, 1] };
      const used = [
        library!.create({
          kind: 'convolution',
          pass: 'forwardTraining',
          src: x,
          weights: any,
          dst: x,
          strides: [1, 1],
          padding,
        }),
        library!.create({
          kind: 'batchNormalization',
          pass: 'forwardTraining',
          epsilon: 1e-5,
          useScale: true,
          useShift: true,
          fuseRelu: true,
          src: x,
          dst: x,
        }),
        library!.create({
          kind: 'pooling',
          pass: 'forwardTraining',
          algorithm: 'max',
          kernel: [3, 3],
          strides: [2, 2],
          padding,
          src: x,
          dst: half,
        }),
        library!.create({ kind: 'sum', sources: [whole, whole], scales: [1, 1], dst: whole }),
      ];
      for (const { implementation } of used) expect(implementation).not.toMatch(/ref/);
    },
  );
});

describe('expectNear', () => {
  it('says where and by how much results differ', () => {
    expect(() => expectNear('sum', Float32Array.of(1, 2), [1, 3])).toThrow('sum: expected 3 at 1, but got 2');
    expect(() => expectNear('sum', Float32Array.of(Number.NaN), [1])).toThrow('got NaN');
    expect(() => expectNear('sum', Float32Array.of(1), [1, 2])).toThrow('expected 2 numbers, but got 1');
  });
});
