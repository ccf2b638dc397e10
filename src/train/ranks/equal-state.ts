/** Whether all ranks still train the same network. */
import { createHash } from 'node:crypto';
import { TrainingError } from '../../tensor/index.ts';
import { stateOf } from '../kept-state.ts';
import type { RunUnderWay } from '../run.ts';
import { withKept } from '../run-sink.ts';

const different =
  'the ranks computed or received something different: machines with other processors or other libraries do not train together, and memory and network may fail';

/** At the beginning, and after an epoch. @throws TrainingError on a rank whose state is not rank 0's to the bit */
export async function expectEqualState(run: RunUnderWay, hint = different): Promise<void> {
  const ranks = run.settings.ranks?.ranks;
  if (!ranks) return;
  const hash = createHash('sha256');
  for (const [name, { data }] of await stateOf(run))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const own = hash.digest();
  const first = await ranks.broadcast(own);
  if (own.equals(first)) return;
  throw new TrainingError(
    `train: after step ${run.position.step} the weights are not those of rank 0`,
    withKept(hint, run.sink),
  );
}
