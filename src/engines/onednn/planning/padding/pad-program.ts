/**
 * Channels padded to whole blocks, where oneDNN is quick. What is joined is padded part by part, or packed without gaps (packing.ts). The
 * padding holds zeros, and every result is the same.
 */
import { liveNodes, type Node, ops, type Program, rebuild, sameLeaf, type Value, walk } from '../../../../ir/index.ts';
import { EngineError, sameShape } from '../../../../tensor/index.ts';
import { readersOf } from '../readers.ts';
import { Axes, UnfitAxes } from './axes.ts';
import { relateAxes } from './axis-rules.ts';
import { isRepacked, joinsToPack, padTo, repack } from './packing.ts';
import { type PadValue, padValuesOf } from './pad-values.ts';
import { type Padding, spread } from './padding.ts';

/** A program with padding, and that of its state entries. */
export interface PaddedProgram {
  readonly program: Program;
  readonly paddings: ReadonlyMap<string, Padding>;
}

/** Programs over one state, with padding where it helps and all of them agree; as they are where not. */
export function padPrograms(
  programs: ReadonlyMap<string, Program>,
  block: number,
): { readonly padded: ReadonlyMap<string, Program>; readonly paddings: ReadonlyMap<string, Padding> } {
  const unpadded = { padded: programs, paddings: new Map() };
  if (![...programs.values()].some((program) => joinsPieces(program, block))) return unpadded;
  try {
    const padded = new Map([...programs].map(([name, program]) => [name, padProgram(program, block)]));
    const paddings = new Map<string, Padding>();
    for (const { program, paddings: own } of padded.values())
      for (const name of program.graph.state.keys()) {
        const [padding, known] = [own.get(name) ?? [], paddings.get(name)];
        if (known && JSON.stringify(known) !== JSON.stringify(padding)) return unpadded;
        paddings.set(name, padding);
      }
    return {
      padded: new Map([...padded].map(([name, { program }]) => [name, program])),
      paddings: new Map([...paddings].filter(([, padding]) => hasSome(padding))),
    };
  } catch (error) {
    if (error instanceof UnfitAxes) return unpadded;
    throw error;
  }
}

/** Whether maps are joined that do not fill blocks. */
function joinsPieces(program: Program, block: number): boolean {
  const isPiece = ({ type: { shape } }: Value) => shape.length === 4 && (shape[1] as number) % block !== 0;
  return liveNodes(program).some(({ op, inputs }) => op.name === 'concat' && inputs.some(isPiece));
}

/** @throws UnfitAxes where the program cannot be padded */
function padProgram(program: Program, block: number): PaddedProgram {
  const views = new Map(liveNodes(program).map((node) => [node, withOwnConstants(node)]));
  const nodes = [...views.values()];
  const axes = axesOf(program, nodes, block);
  expectZeros(program, nodes, axes);
  const padded = rebuild(program, {
    leaf: (graph, value) => {
      const { source } = value;
      const shape = axes.paddedShape(value);
      if (sameShape(shape, value.type.shape)) return undefined;
      if (source.kind === 'input') return padTo(sameLeaf(graph, value), shape);
      if (source.kind === 'state') return graph.entry(source.name, shape, source.role, source.initial);
      if (source.kind === 'constant' && !isFilled(value))
        return graph.constant(spread(source.tensor, paddingOf(value, axes)));
      return undefined;
    },
    node: (node, standIns) => {
      const graph = standIns[0]?.graph;
      const view = views.get(node) as Node;
      const inputs = standIns.map((standIn, i) => {
        const own = view.inputs[i] as Value;
        return own === node.inputs[i] ? standIn : standIn.graph.constant(fillOf(own), axes.paddedShape(own));
      });
      const outputs = isRepacked(view, axes)
        ? [repack(view, inputs, axes)]
        : graph?.apply(node.op, inputs, attributesOf(view, axes));
      outputs?.forEach((output, i) => {
        const expected = axes.paddedShape(node.outputs[i] as Value);
        if (!sameShape(output.type.shape, expected))
          throw new EngineError(
            `onednn: padded ${node.op.name} is [${output.type.shape.join(', ')}], expected [${expected.join(', ')}]`,
          );
      });
      return outputs;
    },
  });
  const entries = [...program.graph.state].map(([name, value]) => [name, paddingOf(value, axes)] as const);
  return { program: padded, paddings: new Map(entries.filter(([, padding]) => hasSome(padding))) };
}

const isFilled = ({ source }: Value) =>
  source.kind === 'constant' &&
  source.tensor.dtype === 'float32' &&
  (source.tensor.data as Float32Array).every((number, _, all) => number === all[0]);
const fillOf = ({ source }: Value) => (source.kind === 'constant' ? Number(source.tensor.data[0]) : Number.NaN);

/** Constants that hold one number are shared by nodes that have nothing else in common: here each node gets its own. */
const withOwnConstants = (node: Node): Node => ({
  ...node,
  inputs: node.inputs.map((input) => (isFilled(input) ? { ...input } : input)),
});

function axesOf(program: Program, nodes: readonly Node[], block: number): Axes {
  const axes = new Axes(block);
  for (const value of [...fixedInputs(program, nodes), ...program.outputs.values()]) axes.fixAll(value);
  for (const node of nodes) relateAxes(axes, node);
  for (const { outputs } of joinsToPack(nodes, block)) axes.pack(outputs[0] as Value, 1);
  for (const [name, value] of program.updates) {
    const entry = program.graph.state.get(name) as Value;
    value.type.shape.forEach((_, axis) => {
      axes.unite(value, axis, entry, axis);
    });
  }
  axes.settle();
  return axes;
}

/** All but those that only multiply something, as masks do: they get zeros of their own. */
function fixedInputs({ graph }: Program, nodes: readonly Node[]): Value[] {
  const readers = readersOf(nodes);
  return [...graph.inputs.values()].filter((input) => !readers.get(input)?.every(({ op }) => op === ops.multiply));
}

/** @throws UnfitAxes unless padding of state stays 0 */
function expectZeros(program: Program, nodes: readonly Node[], axes: Axes): void {
  const read = walk<PadValue>(nodes, { leaf: () => 0, node: (node, inputs) => padValuesOf(node, inputs, axes) });
  for (const [name, value] of program.updates)
    if (hasSome(paddingOf(value, axes)) && read(value) !== 0)
      throw new UnfitAxes(`\`${name}\` gets other padding than 0`);
}

const paddingOf = (value: Value, axes: Axes): Padding => value.type.shape.map((_, axis) => axes.segments(value, axis));
const hasSome = (padding: Padding) => padding.some((segments) => segments.some(({ length, room }) => room > length));

function attributesOf({ op, attributes, inputs, outputs }: Node, axes: Axes): Node['attributes'] {
  const [y] = outputs as [Value];
  switch (op.name) {
    case 'broadcastTo':
    case 'reshape':
      return { ...attributes, shape: axes.paddedShape(y) };
    case 'slice': {
      const [x] = inputs as [Value];
      const move = (ends: readonly number[]) =>
        ends.map((at, i) => (attributes.steps[i] === 1 ? axes.moved(x, attributes.axes[i], at) : at));
      return { ...attributes, starts: move(attributes.starts), stops: move(attributes.stops) };
    }
    default:
      return attributes;
  }
}
