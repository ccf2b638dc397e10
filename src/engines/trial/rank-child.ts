/** One rank of the job in which `skein doctor` tries MPI. What it says is a line of JSON, since launchers print as well. */
import { SkeinError } from '../../tensor/index.ts';
import { chooseEngine } from '../choose.ts';
import { joinJob } from '../join-job.ts';
import type { RanksTried } from '../mpi-answer.ts';
import { trainInRanks } from './in-ranks.ts';

async function trained(): Promise<RanksTried> {
  const ranks = await joinJob();
  if (!ranks) return { problem: 'mpirun started a process that is not one of two ranks' };
  try {
    const { engine } = await chooseEngine('auto', 'train');
    const joined = await engine.inRanks?.(ranks, { threads: 1 });
    if (!joined) return { problem: `the engine ${engine.name} cannot train in ranks` };
    await trainInRanks(joined, ranks);
    await ranks.leave();
    return { library: ranks.library };
  } finally {
    await ranks.dispose();
  }
}

const said = await trained().catch((error: unknown): RanksTried => {
  if (!(error instanceof SkeinError)) return { problem: String(error) };
  return { problem: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
});
console.log(JSON.stringify({ tried: said }));
process.exitCode = 'problem' in said ? 1 : 0;
