/** Starts the engine's process and talks to it: one promise for each request. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../tensor/index.ts';
import type { PostedRequest, Reply, Request } from './messages.ts';
import { Outbox } from './outbox.ts';

/** Large buffers stay mapped between steps: without this, every step faults in its outputs' pages again. glibc only. */
const allocator = 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000';

const smaller = 'if memory ran out, use a smaller batch (--batch-size) or smaller images';

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: EngineError) => void;
}

export class Remote {
  readonly #child: ChildProcess;
  readonly #outbox = Outbox.open();
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  #ended: EngineError | undefined;
  #complaints = '';
  #stopping = false;

  constructor() {
    const fromSource = import.meta.url.endsWith('.ts');
    this.#child = fork(fileURLToPath(new URL(fromSource ? './child.ts' : './child.js', import.meta.url)), {
      execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
      serialization: 'advanced',
      // a session of its own, so that Ctrl-C in the terminal reaches the owner alone
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.#outbox?.fd ?? 'ignore'],
      env: { ...process.env, GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? allocator },
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
  ask(request: Request): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#hold();
    this.#child.send({ id, request: this.#posted(request) }, (error) => {
      if (error) this.#end(`the engine's process cannot be reached: ${error.message}`);
    });
    return reply;
  }

  #posted(request: Request): PostedRequest {
    if (!this.#outbox) return request;
    if (request.kind === 'run') return { ...request, inputs: this.#outbox.post(request.inputs) };
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
    else pending?.reject(explain(reply.error));
  }

  #end(reason: string): void {
    if (this.#ended) return;
    const words = lastWords(this.#complaints);
    this.#ended = new EngineError(`onnxruntime: ${reason}${words ? `: ${words}` : ''}`, smaller);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    this.#outbox?.close();
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

function explain(message: string): EngineError {
  if (message.includes("Cannot find package 'onnxruntime-node'") || message.includes('Cannot find module'))
    return new EngineError(
      'onnxruntime: the package onnxruntime-node is not installed',
      'run `ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node`',
    );
  if (/bad_alloc|bad allocation|failed to allocate|out of memory/i.test(message))
    return new EngineError(`onnxruntime: there is not enough memory (${message.split('\n')[0]})`, smaller);
  return new EngineError(`onnxruntime: ${message}`);
}

/** What a process that died said last, without stacks and the source lines around them. */
function lastWords(complaints: string): string {
  const lines = complaints.split('\n').map((line) => line.trim());
  const said = lines.filter(
    (line) => line !== '' && line.length <= 300 && !/^(at |\^|#|--|Node\.js v|\d+: 0x)/.test(line),
  );
  return said.slice(-2).join('; ');
}
