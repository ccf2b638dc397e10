/** Prediction with weights that no longer change: they become constants, and what depends on constants alone is computed once. */
import { ConfigError, sizeOf, type Tensor, tensor } from '../tensor/index.ts';
import { expectFoldable } from './fold-limit.ts';
import type { Node, Value } from './graph.ts';
import type { Array64 } from './op.ts';
import { add } from './ops/arithmetic.ts';
import { reshape } from './ops/reshape.ts';
import { liveNodes, type Program } from './program.ts';
import { rebuild } from './rebuild.ts';
import { walk } from './walk.ts';

/**
 * `program` with `state` as constants, and without state of its own. A normalisation that follows a convolution is taken into the
 * convolution's weight (its result then differs by rounding); every value that no input reaches is computed here, in float64.
 * @throws ConfigError where the program updates its state, an entry is missing or of another shape, or what would be computed here is
 *   out of all proportion to the weights
 */
export function freeze(program: Program, state: ReadonlyMap<string, Tensor>): Program {
  if (program.updates.size > 0)
    throw new ConfigError(`freeze: ${program.name} changes its state`, 'only a prediction can be frozen');
  expectFoldable(program);
  return { ...foldConstants(foldNormalisations(fixState(program, state))), frozen: true };
}

function fixState(program: Program, state: ReadonlyMap<string, Tensor>): Program {
  return rebuild(program, {
    leaf: (graph, { source, type }) => {
      if (source.kind !== 'state') return undefined;
      const content = state.get(source.name);
      if (content?.dtype !== type.dtype || String(content.shape) !== String(type.shape))
        throw new ConfigError(
          `freeze: expected \`${source.name}\` to be ${type.dtype} [${type.shape.join(', ')}], but got ` +
            (content ? `${content.dtype} [${content.shape.join(', ')}]` : 'nothing'),
          'give the state that the program was trained with',
        );
      return graph.constant(content);
    },
  });
}

const isConstant = ({ source }: Value) => source.kind === 'constant';

function foldNormalisations(program: Program): Program {
  const uses = countUses(program);
  return rebuild(program, {
    node: ({ op, inputs: [x], attributes }, inputs, standIn) => {
      const affine = inputs.slice(1).every(isConstant) ? op.affine?.(inputs, attributes) : undefined;
      if (!affine || x?.source.kind !== 'node' || uses.get(x) !== 1) return undefined;
      const before: Node = x.source.node;
      const scaled = before.op.scaleChannels?.(before.inputs.map(standIn), affine.scale, before.attributes);
      return (
        scaled && [
          add(
            scaled,
            reshape(
              affine.shift,
              x.type.shape.map((_, axis) => (axis === 1 ? -1 : 1)),
            ),
          ),
        ]
      );
    },
  });
}

function countUses(program: Program): Map<Value, number> {
  const uses = new Map<Value, number>();
  const read = [...liveNodes(program).flatMap(({ inputs }) => inputs), ...program.outputs.values()];
  for (const value of read) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** A value that no input reaches becomes a constant, rounded once, where something that an input reaches reads it. */
function foldConstants(program: Program): Program {
  const contentOf = walk<Content | undefined>(liveNodes(program), {
    leaf: contentOfLeaf,
    node: ({ op, outputs, attributes }, inputs) => {
      const isKnown = inputs.every((content) => content !== undefined);
      if (!isKnown || outputs.some(({ type }) => type.dtype !== 'float32')) return outputs.map(() => undefined);
      const results = outputs.map(({ type: { shape } }) => ({ shape, data: new Float64Array(sizeOf(shape)) }));
      op.evaluate(
        inputs.map((content) => content()),
        results,
        attributes,
      );
      return results.map((result) => () => result);
    },
  });
  return rebuild(program, {
    node: ({ outputs }, [first]) => {
      const contents = outputs.map(contentOf);
      if (first === undefined || !contents.every((content) => content !== undefined)) return undefined;
      return contents.map((content) => first.graph.constant(rounded(content())));
    },
  });
}

/** Weights are many: one is widened only while something is computed from it. */
type Content = () => Array64;

function contentOfLeaf({ source, type: { dtype, shape } }: Value): Content | undefined {
  if (source.kind !== 'constant' || dtype === 'int64') return undefined;
  return () => ({ shape, data: Float64Array.from(source.tensor.data as Float32Array) });
}

const rounded = ({ shape, data }: Array64): Tensor => tensor('float32', shape, Float32Array.from(data));
