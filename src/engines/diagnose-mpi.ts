/** Whether several processes can train together on this machine: told by a job of two ranks that does. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type LauncherCommand, mpirunCommand } from '../mpi/index.ts';
import { SkeinError } from '../tensor/index.ts';
import { answersIn } from './mpi-answer.ts';

export interface MpiDiagnosis {
  /** Such as `Open MPI`; absent where there is none. */
  readonly library?: string;
  /** Such as `4.1.4`. */
  readonly version?: string;
  /** Small networks, trained in two ranks, came to what one process comes to. */
  readonly works: boolean;
  /** Why it does not work. */
  readonly problem?: string;
  /** What to do about that. */
  readonly remedy?: string;
}

/** A machine that has other work needs a while to start the processes. */
const mostSeconds = 120;

/** Starts a job; MPI never begins in the caller's process. Never throws. */
export async function diagnoseMpi(): Promise<MpiDiagnosis> {
  let command: LauncherCommand;
  try {
    command = await mpirunCommand({ ranks: 2 });
  } catch (error) {
    return failed(error as Error);
  }
  const { stdout, stderr, end } = await run(command);
  const answers = answersIn(stdout);
  const problem = answers.find((answer) => 'problem' in answer);
  const [name, version] = partsOf(command.launcher);
  if (problem) return { library: name, version, ...failed(new SkeinError('ENGINE', problem.problem, problem.hint)) };
  if (end === 'exit code 0' && answers.length === 2) return { library: name, version, works: true };
  const words = stderr.split('\n').filter((line) => /[a-z]/i.test(line));
  const said = words.length > 0 ? `: ${words.slice(0, 3).join('; ').trim()}` : '';
  const what = `a job of two ranks, started with ${command.program}, ended with ${end}${said}`;
  return {
    library: name,
    version,
    works: false,
    problem: what,
    remedy: `run \`${command.program} -n 2 hostname\`, and see what it says`,
  };
}

const partsOf = (launcher: string): [name: string, version: string] => {
  const at = launcher.lastIndexOf(' ');
  return [launcher.slice(0, at), launcher.slice(at + 1)];
};

function failed(error: Error): MpiDiagnosis {
  const remedy = error instanceof SkeinError ? error.hint : undefined;
  const problem = error.message.replace(/^(ranks: )?mpi: /, '');
  return { works: false, problem, ...(remedy !== undefined && { remedy }) };
}

interface EndedJob {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: string;
}

function run({ program, words, environment }: LauncherCommand): Promise<EndedJob> {
  const fromSource = import.meta.url.endsWith('.ts');
  const module = fileURLToPath(new URL(`./trial/rank-child.${fromSource ? 'ts' : 'js'}`, import.meta.url));
  const node = fromSource ? ['--import', import.meta.resolve('tsx'), module] : [module];
  const child = spawn(program, [...words, process.execPath, ...node], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let [stdout, stderr, isLate] = ['', '', false];
  child.stdout.on('data', (text: Buffer) => (stdout += String(text)));
  child.stderr.on('data', (text: Buffer) => (stderr += String(text)));
  const timer = setTimeout(() => {
    isLate = true;
    // a launcher that is asked to end ends its ranks first
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  }, mostSeconds * 1000);
  return new Promise((resolve) => {
    const ended = (end: string) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, end: isLate ? `no answer in ${mostSeconds} seconds` : end });
    };
    child.on('error', (error) => ended(error.message));
    child.on('close', (code, signal) => ended(signal ?? `exit code ${code}`));
  });
}
