/** A program as the model that this engine runs. */
import type { Program } from '../../ir/index.ts';
import { type OnnxModel, portableLowerings, toOnnx } from '../../onnx/index.ts';
import { arrange } from './arrange.ts';
import { frozenLowerings, onnxruntimeLowerings } from './lowerings.ts';

/** How programs are lowered: with plain operators only, or with internal ones in blocks of so many channels (0: none). */
export type Lowering = 'portable' | { readonly block: number };

export function lowerProgram(program: Program, lowering: Lowering): OnnxModel {
  if (lowering === 'portable') return toOnnx(program, { lowerings: portableLowerings });
  if (program.frozen) return toOnnx(program, { lowerings: frozenLowerings });
  const isOrdered = isLargeUpdate(program);
  const lowerings = onnxruntimeLowerings(lowering.block);
  const { savesMemory: openShapes = false } = program;
  return toOnnx(program, { lowerings, arrange: (nodes) => arrange(nodes, isOrdered), openShapes });
}

/** Updates of weights; a vector per channel is small, and its gradient comes from sums that are there anyway. */
const isLargeUpdate =
  ({ updates }: Program) =>
  (output: string) =>
    output.startsWith('update:') && (updates.get(output.slice('update:'.length))?.type.shape.length ?? 0) > 1;
