/**
 * Kills runs with SIGKILL at random moments, over all combinations of options, and compares what they end in with undisturbed runs:
 * `npx tsx scripts/kill-runs.ts [kills=50] [seed=0]`. Takes some ten seconds for each kill.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../src/tensor/index.ts';
import { combinations } from '../tests/combinations.ts';
import { killed, makeGround, momentIn } from '../tests/killed-combination.ts';

const [kills = '50', seed = '0'] = process.argv.slice(2);
const ground = await makeGround(await mkdtemp(join(tmpdir(), 'skein-kill-runs-')));
let [sum, failed] = [0, 0];
for (const [i, combination] of combinations.entries()) {
  const share = Math.ceil((Number(kills) - sum) / (combinations.length - i));
  const random = new Random(`${seed} ${combination.name}`);
  // two more, since a run may be over before the last ones;
  // a run that is killed in an early epoch comes to the later moments too
  const moments = Array.from({ length: share + 2 }, () => momentIn(random)).sort((a, b) => a.epochs - b.epochs);
  const outcome = await killed(ground, combination, moments);
  sum += outcome.kills;
  failed += outcome.different.length > 0 ? 1 : 0;
  const { name, instead } = combination;
  const end = outcome.different.length > 0 ? `DIFFERENT: ${outcome.different.join(', ')}` : 'the same bytes';
  console.log(`${name}${instead && ` (${instead})`}: killed ${outcome.kills} times, ${end}`);
}
console.log(`${sum} kills over ${combinations.length} combinations, ${failed} of which ended otherwise`);
if (failed === 0) await rm(ground.folder, { recursive: true });
else console.log(`the runs are in ${ground.folder}`);
process.exitCode = failed === 0 ? 0 : 1;
