/** Sums over all ranks, in the process that is one of them. */
import type { Value } from '../../../ir/index.ts';
import type { Kernel, Kernels } from './kernel.ts';

/**
 * Row by row, as the tensor is outside: blocks and their padding differ between processors, and ranks may stand on several kinds. Where the
 * process has joined no other ranks, the numbers are the sum already.
 */
const allReduce: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { ranks } = assembly;
  assembly.loop('allReduce', [assembly.readPlain(x)], [assembly.write(y, assembly.plain(y))], ([from], [to]) => {
    (to as Float32Array).set(from as Float32Array);
    ranks?.allReduce(to as Float32Array);
  });
};

export const rankKernels: Pick<Kernels, 'allReduce'> = { allReduce };
