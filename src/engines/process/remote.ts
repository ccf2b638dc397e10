/** Starts an engine's process and talks to it: one promise for each request. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../tensor/index.ts';
import type { PostedRequest, Reply, Request } from './messages.ts';
import { Outbox } from './outbox.ts';

/** Large buffers stay mapped between steps: without this, every step faults in its outputs' pages again. glibc only. */
const allocator = 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000';

/** What process to start. */
export interface RemoteOptions {
  /** The engine's name, as messages have it. */
  readonly engine: string;
  /** Its module without extension, beside `from`: './child'. */
  readonly module: string;
  /** The asking module's `import.meta.url`. */
  readonly from: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A failure in the process's own words as one that says what to do, where it is known. */
  explain?(message: string): EngineError | undefined;
}

const smaller = 'if memory ran out, use a smaller batch (--batch-size) or smaller images';

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: EngineError) => void;
}

export class Remote<Entry> {
  readonly #options: RemoteOptions;
  readonly #child: ChildProcess;
  readonly #outbox = Outbox.open();
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  #ended: EngineError | undefined;
  #complaints = '';
  #stopping = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
    const fromSource = options.from.endsWith('.ts');
    const module = new URL(`${options.module}.${fromSource ? 'ts' : 'js'}`, options.from);
    this.#child = fork(fileURLToPath(module), {
      execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
      serialization: 'advanced',
      // a session of its own, so that Ctrl-C in the terminal reaches the owner alone
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.#outbox?.fd ?? 'ignore'],
      env: {
        ...process.env,
        ...options.environment,
        GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? allocator,
      },
    });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#complaints = (this.#complaints + String(text)).slice(-2000);
    });
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.on('error', (error) => this.#end(`the engine's process could not be started: ${error.message}`));
    this.#child.on('close', (code, signal) =>
      this.#end(`the engine's process ended (${signal ?? `exit code ${code}`})`),
    );
    this.#hold();
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** @throws EngineError where the process reports a failure or is gone */
  ask(request: Request<Entry>): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#hold();
    this.#child.send({ id, request: this.#posted(request) }, (error) => {
      if (error) this.#end(`the engine's process cannot be reached: ${error.message}`);
    });
    return reply;
  }

  #posted(request: Request<Entry>): PostedRequest<Entry> {
    if (!this.#outbox) return request;
    if (request.kind === 'run' || request.kind === 'profile')
      return { ...request, inputs: this.#outbox.post(request.inputs) };
    if (request.kind === 'load') return { ...request, state: this.#outbox.post(request.state) };
    return request;
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

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#outbox?.empty();
    this.#hold();
    if (reply.error === undefined) pending?.resolve(reply);
    else pending?.reject(this.#explain(reply.error, reply.hint));
  }

  #end(reason: string): void {
    if (this.#ended) return;
    const words = lastWords(this.#complaints);
    this.#ended = new EngineError(`${this.#options.engine}: ${reason}${words ? `: ${words}` : ''}`, smaller);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    this.#outbox?.close();
  }

  #explain(message: string, hint: string | undefined): EngineError {
    const { engine, explain } = this.#options;
    if (/bad_alloc|bad allocation|failed to allocate|out of memory/i.test(message))
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
      if (this.#pending.size > 0 || this.#stopping) part?.ref();
      else part?.unref();
    }
  }
}

/** What a process that died said last, without stacks and the source lines around them. */
function lastWords(complaints: string): string {
  const lines = complaints.split('\n').map((line) => line.trim());
  const said = lines.filter(
    (line) => line !== '' && line.length <= 300 && !/^(at |\^|#|--|Node\.js v|\d+: 0x)/.test(line),
  );
  return said.slice(-2).join('; ');
}
