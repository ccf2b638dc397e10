/** Reverse-mode differentiation: adds to a graph the nodes that compute gradients. */
import { type Attributes, add, type Node, reshape, sum, type Value } from '../ir/index.ts';
import { ConfigError, sameShape } from '../tensor/index.ts';

/**
 * The gradients of `loss` by each of `wrt`, as values of the same graph, each with the shape of what it belongs to.
 * A value that the loss does not depend on gets zeros. Only what leads to `wrt` is differentiated.
 * @param loss a scalar
 * @throws ConfigError where `loss` is not a scalar or an op on the way has no gradient
 */
export function gradients(loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.type.shape.length !== 0)
    throw new ConfigError(
      `gradients: expected \`loss\` to be a scalar, but its shape is [${loss.type.shape.join(', ')}]`,
      'reduce it with mean() or sum()',
    );
  const path = nodesBetween(wrt, loss);
  const asked = new Set<Value>([...wrt, ...path.flatMap((node) => node.outputs)]);
  const cotangents = new Map<Value, Value>([[loss, loss.graph.constant(1)]]);
  for (const node of path.reverse()) backPropagate(node, asked, cotangents);
  return wrt.map((value) => cotangents.get(value) ?? value.graph.constant(0, value.type.shape));
}

/** The nodes that depend on one of `from` and that `to` depends on, in order. */
function nodesBetween(from: readonly Value[], to: Value): Node[] {
  const dependent = new Set<Value>(from);
  const forward = to.graph.nodes.filter((node) => {
    if (!node.inputs.some((input) => dependent.has(input))) return false;
    for (const output of node.outputs) dependent.add(output);
    return true;
  });
  const needed = new Set<Value>([to]);
  const backward = forward.reverse().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return backward.reverse();
}

/** Adds to the cotangents of a node's inputs what its outputs' cotangents give them. */
function backPropagate(node: Node, asked: ReadonlySet<Value>, cotangents: Map<Value, Value>): void {
  const { op, inputs, outputs, attributes } = node;
  if (!outputs.some((output) => cotangents.has(output))) return;
  const given = outputs.map((output) => cotangents.get(output) ?? output.graph.constant(0, output.type.shape));
  inputs.forEach((input, index) => {
    if (!asked.has(input)) return;
    const rules: Rules = op.gradient;
    const rule = rules[op.inputs[index] ?? op.inputs[0]];
    if (rule === 'none') return;
    if (rule === undefined || rule === 'unsupported')
      throw new ConfigError(`gradients: ${op.name} cannot be differentiated by its input ${index}`);
    const gradient = undoBroadcast(rule({ inputs, outputs, cotangents: given, attributes, index }), input);
    const before = cotangents.get(input);
    cotangents.set(input, before ? add(before, gradient) : gradient);
  });
}

interface Context {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly cotangents: readonly Value[];
  readonly attributes: Attributes;
  readonly index: number;
}
type Rules = Readonly<Record<string, 'none' | 'unsupported' | ((context: Context) => Value)>>;

/** Sums over the axes along which `input` was repeated. */
function undoBroadcast(gradient: Value, input: Value): Value {
  const [from, to] = [gradient.type.shape, input.type.shape];
  if (sameShape(from, to)) return gradient;
  const lead = from.length - to.length;
  const repeated = [...from.keys()].filter((axis) => axis < lead || (to[axis - lead] === 1 && from[axis] !== 1));
  return reshape(sum(gradient, repeated), to);
}
