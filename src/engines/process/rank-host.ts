/** What a process does that is a rank of a job: it reduces from the start, and runs programs once it is some engine's. */
import { EngineError } from '../../tensor/index.ts';
import { Member } from './member.ts';
import type { RankRequest, Reply } from './messages.ts';
import type { Host } from './serve.ts';

// biome-ignore lint/suspicious/noExplicitAny: what an engine compiles from is known to its own host alone
type AnyHost = Host<any>;

const nobody: AnyHost = {
  compile: () => {
    throw new EngineError('it has not been told which engine it is');
  },
  load: () => {},
  run: () => {
    throw new EngineError('it has no programs');
  },
  clear: () => {},
  read: () => {},
};

export class RankHost implements AnyHost {
  #host = nobody;
  #member: Member | undefined;

  async asRank(request: RankRequest): Promise<Reply> {
    if (request.kind === 'join') {
      this.#member = await Member.join();
      return { place: this.#member.place };
    }
    const member = this.#member;
    if (!member) throw new EngineError('it is no rank of a job');
    switch (request.kind) {
      case 'become': {
        Object.assign(process.env, request.environment);
        this.#host = ((await import(request.module)) as { readonly host: AnyHost }).host;
        this.#host.join?.(member.communicator);
        return {};
      }
      case 'reduce':
        member.reduce(this.#host, request, request.numbers);
        return { numbers: request.numbers };
      case 'broadcast':
        return { bytes: member.broadcast(request.bytes) };
      case 'allow':
        member.allow(request.seconds);
        return {};
      case 'leave':
        member.leave();
        this.#member = undefined;
        return {};
    }
  }

  readonly sums = () => this.#host.sums?.();
  readonly computed = (seconds: number) => this.#member?.communicator.beats.computed(seconds);
  readonly compile: AnyHost['compile'] = (...given) => this.#host.compile(...given);
  readonly load: AnyHost['load'] = (...given) => this.#host.load(...given);
  readonly run: AnyHost['run'] = (...given) => this.#host.run(...given);
  readonly clear: AnyHost['clear'] = () => this.#host.clear();
  readonly read: AnyHost['read'] = (...given) => this.#host.read(...given);

  readonly profile: NonNullable<AnyHost['profile']> = (...given) => {
    if (!this.#host.profile) throw new EngineError('its instructions cannot be timed');
    return this.#host.profile(...given);
  };
}
