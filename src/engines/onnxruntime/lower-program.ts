/** A program as the model that this engine runs. */
import type { Program } from '../../ir/index.ts';
import { type OnnxModel, toOnnx } from '../../onnx/index.ts';
import { arrange } from './arrange.ts';
import { onnxruntimeLowerings } from './lowerings.ts';

/** `block` is the number of channels in a block of the processor's blocked layout; 0 for none. */
export function lowerProgram(program: Program, block: number): OnnxModel {
  const isOrdered = isLargeUpdate(program);
  return toOnnx(program, { lowerings: onnxruntimeLowerings(block), arrange: (nodes) => arrange(nodes, isOrdered) });
}

/** Updates of weights; a vector per channel is small, and its gradient comes from sums that are there anyway. */
const isLargeUpdate =
  ({ updates }: Program) =>
  (output: string) =>
    output.startsWith('update:') && (updates.get(output.slice('update:'.length))?.type.shape.length ?? 0) > 1;
