/** Where an engine has its processes from: one for each executable, or some that are handed on from one to the next. */
import { EngineError } from '../../tensor/index.ts';
import type { Reply, Request } from './messages.ts';
import { Remote, type RemoteOptions } from './remote.ts';

/** A process in the hands of one executable, until that gives it back. */
export class Lease<Entry> {
  readonly #engine: string;
  readonly #remote: Remote<Entry>;
  readonly #giveBack: () => Promise<void>;
  #ended: Promise<void> | undefined;

  constructor(engine: string, remote: Remote<Entry>, giveBack: () => Promise<void>) {
    this.#engine = engine;
    this.#remote = remote;
    this.#giveBack = giveBack;
  }

  get isAlive(): boolean {
    return this.#ended === undefined && this.#remote.isAlive;
  }

  /** As `Remote.ask`. @throws EngineError also after the end of the lease */
  ask(request: Request<Entry>): Promise<Reply> {
    if (this.#ended) return Promise.reject(new EngineError(`${this.#engine}: its programs were disposed of`));
    return this.#remote.ask(request);
  }

  /** What is under way fails. */
  release(): Promise<void> {
    this.#ended ??= this.#giveBack();
    return this.#ended;
  }

  /** Ends the process, for whatever it was asked it may be in no state to go on. */
  stop(): Promise<void> {
    this.#ended ??= this.#remote.stop();
    return this.#ended;
  }
}

/** One of these each engine takes its processes from. */
export interface Processes<Entry> {
  take(options: RemoteOptions): Lease<Entry>;
}

/** Each is started for one executable, and ends with it. */
export const oneEach = {
  take<Entry>(options: RemoteOptions): Lease<Entry> {
    const remote = new Remote<Entry>(options);
    return new Lease(options.engine, remote, () => remote.stop());
  },
};

/** Those that are given back wait, without programs and state, for the next one that needs the same environment. */
export class KeptProcesses<Entry> implements Processes<Entry> {
  #waiting: { readonly kind: string; readonly remote: Remote<Entry> }[] = [];
  #isOver = false;

  take(options: RemoteOptions): Lease<Entry> {
    const kind = JSON.stringify([options.from, options.environment]);
    this.#waiting = this.#waiting.filter(({ remote }) => remote.isAlive);
    const place = this.#waiting.findIndex((one) => one.kind === kind);
    const remote = this.#waiting.splice(place, place < 0 ? 0 : 1)[0]?.remote ?? new Remote<Entry>(options);
    return new Lease(options.engine, remote, () => this.#giveBack(kind, remote));
  }

  async dispose(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#waiting.splice(0).map(({ remote }) => remote.stop()));
  }

  async #giveBack(kind: string, remote: Remote<Entry>): Promise<void> {
    // what is under way cannot be called off
    const isCleared = remote.isIdle && (await remote.ask({ kind: 'clear' }).then(isTrue, isFalse));
    if (isCleared && !this.#isOver) this.#waiting.push({ kind, remote });
    else await remote.stop();
  }
}

const isTrue = () => true;
const isFalse = () => false;
