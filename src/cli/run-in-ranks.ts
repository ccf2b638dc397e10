/** The same command once more, in several processes that MPI's launcher starts. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launched, mpirunCommand } from '../mpi/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { Reported } from './failure.ts';
import { Interrupted } from './interruption.ts';
import { stoppedFileVariable, stopWord } from './launched-stop.ts';

/** Whether there is still a job to start: a process that a launcher started is a rank already. */
export function wantsRanks(ranks: number | undefined): ranks is number {
  if (ranks === undefined) return false;
  const launch = launched();
  if (launch === undefined) return ranks > 1;
  if (launch.size !== ranks)
    throw new ConfigError(
      `--ranks: expected the ${launch.size} ranks that a launcher started, but got ${ranks}`,
      'under mpirun or srun leave --ranks out',
    );
  return false;
}

/**
 * Ctrl-C has all ranks stop after the step under way; a second one ends them at once.
 * @param words of the command, as it was called
 * @throws EngineError where there is no MPI; Reported, Interrupted where the job said all there is to say
 */
export async function runInRanks(ranks: number, words: readonly string[]): Promise<void> {
  const { program, words: flags, environment } = await mpirunCommand({ ranks });
  const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'skein-ranks-'));
  const stopped = join(folder, 'stopped');
  const job = spawn(program, [...flags, process.execPath, ...process.execArgv, main, ...withoutRanks(words)], {
    stdio: ['pipe', 'inherit', 'inherit'],
    // in a group of its own, so that Ctrl-C reaches this process alone
    detached: true,
    env: { ...process.env, ...environment, [stoppedFileVariable]: stopped },
  });
  job.stdin.on('error', () => {});
  let asked = 0;
  const onInterrupt = () => {
    asked++;
    if (asked === 1) job.stdin.write(`${stopWord}\n`);
    else job.kill('SIGTERM');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onInterrupt);
  try {
    const code = await new Promise<number | null>((resolve, reject) => job.on('error', reject).on('close', resolve));
    if (existsSync(stopped)) throw new Interrupted();
    // without the file the run came to its end before it heard of Ctrl-C, or was ended by a second one
    if (code !== 0) throw asked > 1 ? new Interrupted() : new Reported();
  } finally {
    await rm(folder, { recursive: true, force: true });
    for (const name of signals) process.off(name, onInterrupt);
  }
}

const withoutRanks = (words: readonly string[]): string[] =>
  words.filter((word, i) => word !== '--ranks' && words[i - 1] !== '--ranks' && !word.startsWith('--ranks='));
