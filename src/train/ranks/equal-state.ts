/** Whether all ranks still train the same network. */
import { createHash } from 'node:crypto';
import { TrainingError } from '../../tensor/index.ts';
import { stateOf } from '../kept-state.ts';
import type { RunUnderWay } from '../run.ts';
import { withKept } from '../run-sink.ts';

const different =
  'the ranks computed or received something different: machines with other processors or other libraries do not train together, and memory and network may fail';

/** At the beginning, and after an epoch. @throws TrainingError on every rank, where the state of one is not rank 0's to the bit: whose is right, nobody knows */
export async function expectEqualState(run: RunUnderWay, hint = different): Promise<void> {
  const ranks = run.settings.ranks?.ranks;
  if (!ranks) return;
  const hash = createHash('sha256');
  for (const [name, { data }] of await stateOf(run))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const own = hash.digest();
  const isEqual = own.equals(await ranks.broadcast(own));
  const [differing = 0] = await ranks.sum(Float64Array.of(isEqual ? 0 : 1));
  if (differing === 0) return;
  const whose = isEqual ? ` of ${differing} of ${ranks.size} ranks` : '';
  throw new TrainingError(
    `train: after step ${run.position.step} the weights${whose} are not those of rank 0`,
    withKept(hint, run.sink),
  );
}
