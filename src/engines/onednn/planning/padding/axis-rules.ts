/** How the axes of an op's inputs and outputs belong together. An op without a rule gets no padding. */
import type { ConvAttributes, Node, OpName, Value } from '../../../../ir/index.ts';
import type { Axes } from './axes.ts';

type Rule = (axes: Axes, node: Node) => void;

/** Numbers are combined one by one; axes count from the last one. */
const pointwise: Rule = (axes, { inputs, outputs: [y] }) => {
  const rank = (y as Value).type.shape.length;
  for (const x of inputs)
    x.type.shape.forEach((_, axis) => {
      axes.unite(y as Value, axis + rank - x.type.shape.length, x, axis);
    });
};

/** A convolution or one of its gradients: `maps` are those of the input, `results` those of the output. */
function convolution(axes: Axes, maps: Value, weight: Value, results: Value): void {
  for (const value of [maps, results]) for (const axis of [0, 2, 3]) axes.fix(value, axis);
  for (const axis of [2, 3]) axes.fix(weight, axis);
  axes.unite(maps, 1, weight, 1);
  axes.unite(results, 1, weight, 0);
}

const pooling: Rule = (axes, { inputs, outputs }) => {
  const all = [...inputs, ...outputs];
  for (const value of all) {
    for (const axis of [0, 2, 3]) axes.fix(value, axis);
    axes.unite(all[0] as Value, 1, value, 1);
  }
};

/** Maps [N, C, …] and vectors [C]. */
const channelwise: Rule = (axes, { inputs, outputs }) => {
  const [x] = inputs as [Value];
  for (const value of [...inputs, ...outputs]) {
    const isVector = value.type.shape.length === 1;
    axes.unite(x, 1, value, isVector ? 0 : 1);
    if (!isVector)
      value.type.shape.forEach((_, axis) => {
        if (axis !== 1) axes.unite(x, axis, value, axis);
      });
  }
};

const fixed: Rule = (axes, { inputs, outputs }) => {
  for (const value of [...inputs, ...outputs]) axes.fixAll(value);
};

const groupsOf = ({ attributes }: Node) => (attributes as ConvAttributes).groups;
const ungrouped =
  (rule: Rule): Rule =>
  (axes, node) =>
    groupsOf(node) === 1 ? rule(axes, node) : fixed(axes, node);

const rules: { readonly [op in OpName]?: Rule } = {
  add: pointwise,
  subtract: pointwise,
  multiply: pointwise,
  divide: pointwise,
  sqrt: pointwise,
  relu: pointwise,
  reluGradient: pointwise,
  sigmoid: pointwise,
  waitFor: (axes, { inputs: [x], outputs: [y] }) => uniteAll(axes, x as Value, y as Value),
  conv2d: ungrouped((axes, { inputs, outputs }) => {
    convolution(axes, inputs[0] as Value, inputs[1] as Value, outputs[0] as Value);
  }),
  conv2dInputGradient: ungrouped((axes, { inputs, outputs }) => {
    convolution(axes, outputs[0] as Value, inputs[1] as Value, inputs[0] as Value);
  }),
  conv2dWeightGradient: ungrouped((axes, { inputs, outputs }) => {
    convolution(axes, inputs[0] as Value, outputs[0] as Value, inputs[1] as Value);
  }),
  batchStatistics: channelwise,
  normalise: channelwise,
  normaliseSums: channelwise,
  maxPool2d: pooling,
  maxPool2dGradient: pooling,
  averagePool2d: pooling,
  averagePool2dGradient: pooling,
  concat: (axes, { inputs, outputs: [y], attributes: { axis } }) => {
    axes.join(y as Value, inputs, axis);
    for (const x of inputs) uniteAll(axes, x, y as Value, axis);
  },
  slice: (axes, { inputs: [x], outputs: [y], attributes }) => {
    const cut = new Set<number>();
    (attributes.axes as number[]).forEach((axis, i) => {
      const [start, stop, step] = [attributes.starts[i], attributes.stops[i], attributes.steps[i]] as number[];
      if (step !== 1) {
        axes.fix(x as Value, axis);
        axes.fix(y as Value, axis);
      } else if (start === 0 && stop === x?.type.shape[axis]) return;
      else axes.cut(y as Value, x as Value, axis, { start: start as number, stop: stop as number });
      cut.add(axis);
    });
    uniteAll(axes, x as Value, y as Value, ...cut);
  },
  sum: (axes, { inputs: [x], outputs: [y], attributes }) => {
    let next = 0;
    x?.type.shape.forEach((_, axis) => {
      const isGone = (attributes.axes as number[]).includes(axis);
      if (isGone) axes.fix(x, axis);
      else axes.unite(x, axis, y as Value, next);
      if (!isGone || attributes.keepAxes) next++;
    });
  },
  // padding adds nothing to it
  sumOfSquares: () => {},
  broadcastTo: pointwise,
  reshape: (axes, node) => {
    const [x, y] = [node.inputs[0] as Value, node.outputs[0] as Value];
    const [from, to] = [x, y].map(longAxes) as [number[], number[]];
    const isSame = from.map((axis) => x.type.shape[axis]).join() === to.map((axis) => y.type.shape[axis]).join();
    if (!isSame) fixed(axes, node);
    else
      from.forEach((axis, i) => {
        axes.unite(x, axis, y, to[i] as number);
      });
  },
  transpose: (axes, { inputs: [x], outputs: [y], attributes: { permutation } }) => {
    (permutation as number[]).forEach((axis, i) => {
      axes.unite(x as Value, axis, y as Value, i);
    });
  },
  matmul: (axes, { inputs, outputs: [y], attributes: { transposeA, transposeB } }) => {
    const [a, b] = inputs as [Value, Value];
    axes.unite(y as Value, 0, a, transposeA ? 1 : 0);
    axes.unite(y as Value, 1, b, transposeB ? 0 : 1);
    axes.unite(a, transposeA ? 0 : 1, b, transposeB ? 1 : 0);
  },
};

const longAxes = ({ type: { shape } }: Value) => shape.flatMap((extent, axis) => (extent > 1 ? [axis] : []));

function uniteAll(axes: Axes, x: Value, y: Value, ...except: number[]): void {
  x.type.shape.forEach((_, axis) => {
    if (!except.includes(axis)) axes.unite(x, axis, y, axis);
  });
}

export function relateAxes(axes: Axes, node: Node): void {
  (rules[node.op.name as OpName] ?? fixed)(axes, node);
}
