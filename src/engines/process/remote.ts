/** Talks to an engine's process: one promise for each request. They are answered in their order, each before the next one is sent. */
import type { ChildProcess } from 'node:child_process';
import { endedByAlarm } from '../../mpi/index.ts';
import { EngineError } from '../../tensor/index.ts';
import type { Reply, Request } from './messages.ts';
import { Outbox } from './outbox.ts';
import type { Posted } from './posted.ts';
import { type ProcessOptions, startProcess } from './start-process.ts';

/** What process to start, and how to speak of it. */
export interface RemoteOptions extends ProcessOptions {
  /** The engine's name, as messages have it. */
  readonly engine: string;
  /** A failure in the process's own words as one that says what to do, where it is known. */
  explain?(message: string): EngineError | undefined;
}

const smaller = 'if memory ran out, use a smaller batch (--batch-size) or smaller images';

interface Pending<Entry> {
  readonly request: Request<Entry>;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: EngineError) => void;
}

export class Remote<Entry> {
  readonly #options: RemoteOptions;
  readonly #child: ChildProcess;
  readonly #outbox: Outbox;
  /** The first one is under way. */
  readonly #pending: Pending<Entry>[] = [];
  #ended: EngineError | undefined;
  #complaints = '';
  #stopping = false;

  constructor(options: RemoteOptions, outbox = Outbox.open()) {
    this.#options = options;
    this.#outbox = outbox;
    this.#child = startProcess(options, outbox.fd);
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#complaints = (this.#complaints + String(text)).slice(-2000);
    });
    this.#child.on('message', (reply: Posted<Reply>) => this.#settle(reply));
    this.#child.on('error', (error) => this.#end(`the engine's process could not be started: ${error.message}`));
    this.#child.on('close', (code, signal) => {
      if (signal === endedByAlarm.signal) this.#end(endedByAlarm.problem, endedByAlarm.remedy);
      else this.#end(`the engine's process ended (${signal ?? `exit code ${code}`})`);
    });
    this.#hold();
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** Whether it has answered all that it was asked. */
  get isIdle(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Requests that are made in one go are answered with no other one in between. What a request holds must not change before its reply is there.
   * @throws EngineError where the process reports a failure or is gone
   */
  ask(request: Request<Entry>): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.push({ request, resolve, reject }));
    if (this.#pending.length === 1) this.#send(request);
    return reply;
  }

  /** Ends the process; what is under way fails. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#stopping = true;
    this.#hold();
    this.#child.kill('SIGKILL');
    await closed;
  }

  #send(request: Request<Entry>): void {
    this.#hold();
    try {
      this.#child.send({ request: this.#outbox.post(request) }, (error) => {
        // of a process that ended, its end tells more, and comes a little later
        if (error)
          setTimeout(() => this.#end(`the engine's process cannot be reached: ${error.message}`), 2000).unref();
      });
    } catch (error) {
      // as a message it would be too large
      this.#settle({ error: (error as Error).message });
    }
  }

  #settle(posted: Posted<Reply>): void {
    const pending = this.#pending.shift();
    // whoever asked was told that the process is gone
    if (!pending) return;
    try {
      const reply = this.#outbox.collect<Reply>(posted);
      // whatever it said while it did this is not why it ends later
      this.#complaints = '';
      if (reply.error === undefined) pending.resolve(reply);
      else pending.reject(this.#explain(reply.error, reply.hint));
    } catch (error) {
      pending.reject(this.#explain((error as Error).message, undefined));
    }
    this.#outbox.empty();
    const [next] = this.#pending;
    if (next) this.#send(next.request);
    else this.#hold();
  }

  #end(reason: string, hint = smaller): void {
    if (this.#ended) return;
    const words = lastWords(this.#complaints);
    this.#ended = new EngineError(`${this.#options.engine}: ${reason}${words ? `: ${words}` : ''}`, hint);
    for (const { reject } of this.#pending.splice(0)) reject(this.#ended);
    this.#outbox.close();
  }

  #explain(message: string, hint: string | undefined): EngineError {
    const { engine, explain } = this.#options;
    if (/bad_alloc|bad allocation|failed to allocate|allocation failed|out of memory/i.test(message))
      return new EngineError(`${engine}: there is not enough memory (${message.split('\n')[0]})`, smaller);
    const prefix = message.startsWith(`${engine}: `) ? '' : `${engine}: `;
    return explain?.(message) ?? new EngineError(`${prefix}${message}`, hint);
  }

  /** An idle engine does not keep its owner's process alive; a busy one does. */
  #hold(): void {
    const parts = [
      this.#child,
      this.#child.channel,
      this.#child.stderr as unknown as { ref(): void; unref(): void } | null,
    ];
    for (const part of parts) {
      if (this.#pending.length > 0 || this.#stopping) part?.ref();
      else part?.unref();
    }
  }
}

/** What a process that died said last, without stacks (Node's, and those that MPI prints) and the source lines around them. */
function lastWords(complaints: string): string {
  const lines = complaints.split('\n').map((line) => line.trim());
  const said = lines.filter(
    (line) => line !== '' && line.length <= 300 && !/^(at |\^|#|--|Node\.js v|\d+: 0x|\[\S+:\d+\] )/.test(line),
  );
  return said.slice(-2).join('; ');
}
