/**
 * The gradient that flows along chosen paths of a residual network: the forward pass is as it is, and in the backward pass each block lets through
 * its branch, its shortcut or both. Veit et al. 2016 (arXiv 1605.06431), §5.
 */
import { gradients } from '../../autodiff/index.ts';
import { defineOp, multiply, type Program, rebuild, sqrt, sum, type TensorType, type Value } from '../../ir/index.ts';
import { softmaxCrossEntropy } from '../../nn/index.ts';
import type { NetworkBlock } from './network-blocks.ts';

/** The names of the inputs [N, 1, 1, 1] that weigh the gradient of each image: that of a block's branch, and that of its shortcut. */
export const branchGate = (place: number): string => `gradient of branch ${place}`;
export const shortcutGate = (place: number): string => `gradient of shortcut ${place}`;

/** x forward; backward the gradient times the gate. Engines never see it: once differentiated it is x again. */
const gateOp = defineOp({
  name: 'gate',
  inputs: ['x', 'gate'],
  outputs: ['y'],
  infer: ([x]: readonly [TensorType, TensorType]) => [x],
  evaluate: ([x], [y]) => y.data.set(x.data),
  gradient: { x: ({ inputs: [, gate], cotangents: [dy] }) => multiply(dy, gate), gate: 'none' },
  recompute: 'cheap',
  samples: [],
});

/**
 * Inputs `image` [N, …], `labels` int32 [N], and the gates of `blocks`, which are residual. Outputs: `gradients`, those of each image's cross entropy by
 * the image, as far as the gates let them through, and `norms` [N], their Euclidean norms.
 */
export function gatedGradients(program: Program, blocks: readonly NetworkBlock[]): Program {
  const gated = rebuild(program, {
    node: ({ op, attributes, inputs: before, outputs }, inputs) => {
      const place = blocks.findIndex(({ join }) => join.outputs === outputs);
      const block = blocks[place];
      const graph = inputs[0]?.graph;
      if (!block || !graph) return undefined;
      const shape = block.result.type.shape.map((extent, axis) => (axis === 0 ? extent : 1));
      const through = (value: Value, name: string) =>
        graph.apply(gateOp, [value, graph.input(name, { dtype: 'float32', shape })])[0] as Value;
      const gates = inputs.map((value, i) =>
        before[i] === block.result ? through(value, branchGate(place)) : through(value, shortcutGate(place)),
      );
      return graph.apply(op, gates, attributes);
    },
  });
  const logits = gated.outputs.get('logits') as Value;
  const image = gated.graph.inputs.get('image') as Value;
  const [images = 1] = logits.type.shape;
  const labels = gated.graph.input('labels', { dtype: 'int32', shape: [images] });
  // the loss is a mean over the images, and each is to have the gradient of its own
  const loss = multiply(softmaxCrossEntropy(logits, labels), images);
  const [gradient] = gradients(loss, [image]) as [Value];
  const norms = sqrt(sum(multiply(gradient, gradient), [1, 2, 3]));
  return rebuild(
    {
      ...gated,
      outputs: new Map([
        ['gradients', gradient],
        ['norms', norms],
      ]),
    },
    { node: ({ op }, [x]) => (op.name === gateOp.name && x ? [x] : undefined) },
  );
}
