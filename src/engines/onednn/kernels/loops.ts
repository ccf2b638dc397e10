/** The op's own meaning, in its own loops: for small tensors, and where oneDNN has nothing. */
import type { Array64, Value } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Kernel } from './kernel.ts';

export const loops: Kernel = (assembly, { op, inputs, outputs, attributes }) => {
  const reads = inputs.map((input) => assembly.readPlain(input));
  const writes = outputs.map((output) => assembly.write(output, assembly.plain(output)));
  const doubles = [...inputs, ...outputs].reduce((count, { type }) => count + sizeOf(type.shape), 0);
  assembly.loop(
    op.name,
    reads,
    writes,
    (from, to, room) => {
      const [wideInputs, wideOutputs] = split(room, inputs, outputs);
      from.forEach((floats, i) => {
        wideInputs[i]?.data.set(floats);
      });
      for (const { data } of wideOutputs) data.fill(0);
      op.evaluate(wideInputs, wideOutputs, attributes);
      to.forEach((floats, i) => {
        floats.set(wideOutputs[i]?.data as Float64Array);
      });
    },
    doubles,
  );
};

/** One tensor behind the other. */
function split(room: Float64Array, inputs: readonly Value[], outputs: readonly Value[]): [Array64[], Array64[]] {
  let at = 0;
  const next = ({ type: { shape } }: Value): Array64 => {
    const begin = at;
    at += sizeOf(shape);
    return { shape, data: room.subarray(begin, at) };
  };
  return [inputs.map(next), outputs.map(next)];
}
