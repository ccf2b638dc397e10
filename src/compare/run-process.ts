/** A run in a process of its own: its memory is its alone, and whatever ends it ends nothing else. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunEnd, RunMessage, RunNews, RunRequest, RunTask } from './run-messages.ts';

/** Of what it printed last, as much as is kept. */
const lastCharacters = 4000;

interface Owner {
  /** Asks the run to stop after the step under way, and to save. */
  readonly signal: AbortSignal | undefined;
  onNews(news: RunNews): void;
}

/** Runs the task to its end, whatever that is; nothing is thrown. */
export function runInProcess(task: RunTask, { signal, onNews }: Owner): Promise<RunEnd> {
  const child = start();
  const say = (request: RunRequest) => child.connected && child.send(request, () => {});
  const stop = () => say({ stop: true });
  let end: RunEnd | undefined;
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-lastCharacters);
  });
  child.on('message', (message: RunMessage) => {
    if (message.kind === 'done' || message.kind === 'interrupted' || message.kind === 'failed') end = message;
    else onNews(message);
  });
  say({ task });
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  return new Promise((resolve) => {
    const close = (found: RunEnd) => {
      signal?.removeEventListener('abort', stop);
      resolve(found);
    };
    child.on('error', (error) => {
      if (child.pid === undefined) close(failed(`its process could not be started: ${error.message}`));
    });
    child.on('close', (code, by) => close(end ?? crashed(code, by, printed)));
  });
}

function start(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  return fork(fileURLToPath(new URL(`./run-child.${fromSource ? 'ts' : 'js'}`, import.meta.url)), {
    execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
    // a session of its own, so that Ctrl-C in the terminal reaches the owner alone
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

const failed = (message: string, hint?: string): RunEnd => ({
  kind: 'failed',
  failure: { message, ...(hint !== undefined && { hint }) },
});

function crashed(code: number | null, by: NodeJS.Signals | null, printed: string): RunEnd {
  if (by === 'SIGKILL')
    return failed(
      'its process was ended by SIGKILL',
      'systems do so where memory runs out: a smaller batch (-b) or --recompute needs less',
    );
  const lines = printed.trim().split('\n');
  // of a stack, the line with the error
  const last = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
  const how = by === null ? `ended with code ${code}` : `was ended by ${by}`;
  return failed(`its process ${how}${last === '' ? ', without a word' : `: ${last.slice(0, 300)}`}`);
}
