/** The op's own meaning, in its own loops: for small tensors, and where oneDNN has nothing. */
import type { Array64 } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Kernel } from './kernel.ts';

export const loops: Kernel = (assembly, { op, inputs, outputs, attributes }) => {
  const reads = inputs.map((input) => assembly.readPlain(input));
  const writes = outputs.map((output) => assembly.write(output, assembly.plain(output)));
  const room = ({ shape }: { readonly shape: readonly number[] }): Array64 => ({
    shape,
    data: new Float64Array(sizeOf(shape)),
  });
  const [wideInputs, wideOutputs] = [inputs.map(({ type }) => room(type)), outputs.map(({ type }) => room(type))];
  assembly.loop(op.name, reads, writes, (from, to) => {
    from.forEach((floats, i) => {
      wideInputs[i]?.data.set(floats);
    });
    for (const { data } of wideOutputs) data.fill(0);
    op.evaluate(wideInputs, wideOutputs, attributes);
    to.forEach((floats, i) => {
      floats.set(wideOutputs[i]?.data as Float64Array);
    });
  });
};
