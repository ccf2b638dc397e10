/** What freezing a program would compute, added up from the shapes alone: a text of a few hundred bytes can ask for more than any memory. */
import { ConfigError, formatShape, sizeOf } from '../tensor/index.ts';
import type { Node } from './graph.ts';
import { macsOf } from './plan.ts';
import { liveNodes, type Program } from './program.ts';
import { walk } from './walk.ts';

/** A network may make its weights of what it stores, in several steps; and tables, such as positions, of nothing. */
const [perWeight, withoutWeights] = [8, 2 ** 24];

/** Multiply-adds in plain loops: under a minute. */
const mostWork = 2 ** 33;

/** As float64, in which they are computed. */
const bytesPerNumber = 8;

/**
 * Holds what `program` computes from its weights and constants alone against how many weights there are.
 * @throws ConfigError that names the largest result, where that is too much
 */
export function expectFoldable(program: Program): void {
  let [numbers, work, weights] = [0, 0, 0];
  let [largest, slowest] = [undefined, undefined] as [Node | undefined, Node | undefined];
  walk<boolean>(liveNodes(program), {
    leaf: ({ source, type }) => {
      if (source.kind !== 'input') weights += sizeOf(type.shape);
      return source.kind !== 'input';
    },
    node: (node, inputs) => {
      const folds = inputs.every(Boolean);
      if (folds) {
        numbers += numbersOf(node);
        work += workOf(node);
        if (!largest || numbersOf(node) > numbersOf(largest)) largest = node;
        if (!slowest || workOf(node) > workOf(slowest)) slowest = node;
      }
      return node.outputs.map(() => folds);
    },
  });
  const most = perWeight * weights + withoutWeights;
  if (largest && numbers > most)
    throw new ConfigError(
      `freeze: expected ${program.name} to compute at most ${gibibytes(most)} from its ${weights} weights alone, but it would be ` +
        `${gibibytes(numbers)}; the largest is ${named(largest)}`,
      'let the network compute it from its input, or store less of it',
    );
  if (slowest && work > mostWork)
    throw new ConfigError(
      `freeze: expected ${program.name} to need at most ${mostWork} multiply-adds for what it computes from its weights alone, but it would be ` +
        `${work}; the most are for ${named(slowest)}`,
      'store the result as a weight',
    );
}

const numbersOf = ({ outputs }: Node) => outputs.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

/** Multiply-adds, or what a window of a pooling visits; at least one for each number that is read or made. */
function workOf(node: Node): number {
  const types = (values: Node['inputs']) => values.map(({ type }) => type);
  const [height, width] = node.op.window?.(types(node.inputs), node.attributes, 0)?.kernel ?? [1, 1];
  const read = node.inputs.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
  return Math.max(macsOf(node), numbersOf(node) * height * width, read);
}

const gibibytes = (numbers: number) => `${((numbers * bytesPerNumber) / 2 ** 30).toFixed(1)} GiB`;

const named = ({ op, outputs, scope }: Node) =>
  `${op.name}${scope === '' ? '' : ` in ${scope}`}, ${formatShape(outputs[0]?.type.shape ?? [])}`;
