import { afterEach, describe, expect, it } from 'vitest';
import { smallCheckpoint } from '../../../tests/small-checkpoint.ts';
import type { Checkpoint } from '../../checkpoint/index.ts';
import { evaluate, evaluator, onnxruntime } from '../../engines/index.ts';
import { add, type Program, scope } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import { conv, defineNetwork, globalAveragePool, linear } from '../../nn/index.ts';
import { Random, tensor } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import { branchGate, gatedGradients, shortcutGate } from './gated-gradients.ts';
import { blocksOf } from './network-blocks.ts';
import { PathGradients } from './path-gradients.ts';

const open: PathGradients[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.dispose();
});

/** x + w x, three times, of one pixel; then logits [a x, 0]. */
const weights = [0.5, -2, 0.25];
const slope = 1.5;
function tower(): Checkpoint {
  const network = defineNetwork('tower', (image, { classes }) => {
    let x = image;
    for (const i of weights.keys()) x = scope(`block${i + 1}`, () => add(x, conv(x, 3, { kernel: 1 })));
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  });
  const checkpoint = smallCheckpoint(network, { size: 1, classes: ['yes', 'no'] });
  const diagonal = (w: number) => [w, 0, 0, 0, w, 0, 0, 0, w];
  const content = new Map<string, readonly number[]>([
    ...weights.map((w, i) => [`block${i + 1}.conv1.weight`, diagonal(w)] as const),
    ['classifier.weight', [slope, 0, 0, 0, 0, 0]] as const,
    ['classifier.bias', [0, 0]] as const,
  ]);
  const tensors = [...checkpoint.tensors].map(
    ([name, { shape }]) => [name, tensor('float32', shape, Float32Array.from(content.get(name) ?? []))] as const,
  );
  return { ...checkpoint, tensors: new Map(tensors) };
}

describe('the gradient of paths', () => {
  it.each([
    ['evaluator', evaluator],
    ['onnxruntime', onnxruntime],
  ] as const)('of a linear tower is the product of the branches on them, on %s', async (_, engine) => {
    const gradients = await PathGradients.of({ file: 'test', checkpoint: tower() }, { engine, together: 3 });
    open.push(gradients);
    expect(gradients.blocks.map(({ path }) => path)).toEqual(['block1', 'block2', 'block3']);
    const x = 0.7;
    const batch = { images: Float32Array.from([x, 5, -3]), labels: Int32Array.from([0]) };
    const branches = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
    const norms = await gradients.norms(batch, [
      ...branches.map((path) => ({ image: 0, branches: path })),
      { image: 0, branches: 'all' as const },
    ]);
    // the logit is a Π(1 + w) x, and the cross entropy's gradient by it p − 1
    const whole = weights.reduce((product, w) => product * (1 + w), 1);
    const p = 1 / (1 + Math.exp(-slope * whole * x));
    const outer = Math.abs((p - 1) * slope);
    const expected = branches.map(
      (path) => outer * Math.abs(path.reduce((product, i) => product * (weights[i] as number), 1)),
    );
    expect(norms).toBeClose([...expected, outer * Math.abs(whole)], { relative: 1e-5 });
  });

  it('adds up over all paths to the gradient', async () => {
    const checkpoint = smallCheckpoint(findModel('resnet8'), { size: 8 });
    const program = wholeProgramOf('test', checkpoint, 2);
    const blocks = blocksOf(program);
    const gated = gatedGradients(program, blocks);
    const random = new Random('paths');
    const images = Float64Array.from({ length: 2 * 3 * 64 }, () => random.normal());
    const gradientOf = (gates: readonly (readonly [branch: number, shortcut: number])[]) => {
      const fill = (x: number) => ({ shape: [2, 1, 1, 1], data: Float64Array.from([x, x]) });
      const inputs = new Map([
        ['image', { shape: [2, 3, 8, 8], data: images }],
        ['labels', { shape: [2], data: Float64Array.from([0, 3]) }],
        ...gates.flatMap(([branch, shortcut], place) => [
          [branchGate(place), fill(branch)] as const,
          [shortcutGate(place), fill(shortcut)] as const,
        ]),
      ]);
      return evaluate(gated, inputs, stateOf(checkpoint, program)).outputs.get('gradients')?.data as Float64Array;
    };
    const whole = gradientOf([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const sum = new Float64Array(whole.length);
    for (let path = 0; path < 8; path++) {
      const gates = blocks.map((_, place) => ((path >> place) & 1 ? ([1, 0] as const) : ([0, 1] as const)));
      gradientOf(gates).forEach((g, i) => {
        sum[i] = (sum[i] as number) + g;
      });
    }
    expect(blocks).toHaveLength(3);
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(1e-6);
    expect(sum).toBeClose(whole, { relative: 1e-9, absolute: 1e-12 });
    // frozen, its batch norms folded into convolutions, it has the same norms
    const frozen = await PathGradients.of({ file: 'test', checkpoint }, { engine: evaluator, together: 2 });
    open.push(frozen);
    const batch = { images: Float32Array.from(images), labels: Int32Array.from([0, 3]) };
    const norms = await frozen.norms(
      batch,
      [0, 1].map((image) => ({ image, branches: 'all' as const })),
    );
    const expected = [0, 1].map((image) => Math.hypot(...whole.subarray(image * 192, (image + 1) * 192)));
    expect(norms).toBeClose(expected, { relative: 1e-4 });
  });

  it('is refused where there are no shortcuts', async () => {
    const checkpoint = smallCheckpoint(findModel('plain8'), { size: 8 });
    await expect(PathGradients.of({ file: 'test', checkpoint }, { engine: evaluator, together: 1 })).rejects.toThrow(
      'plain8 has no residual blocks',
    );
  });
});

const stateOf = ({ tensors }: Checkpoint, { graph }: Program) =>
  new Map(
    [...tensors]
      .filter(([name]) => graph.state.has(name))
      .map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data as Float32Array) }]),
  );
