/** A benchmark as it goes on: a live bar over all rounds, or a plain line for each. */
import type { BenchCase, Rate, RoundEvent, TurnEvent } from '../bench/index.ts';
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { count } from './quantity.ts';

/** Where a benchmark tells how far it is. */
export interface BenchProgress {
  /** The next case starts, on this engine; with the name of its peer, where it has one. */
  begin(
    benchCase: BenchCase,
    engine: string,
    peer?: string,
  ): { onTurn(event: TurnEvent): void; onRound(event: RoundEvent): void };
  /** A line for people while bars may be shown. */
  log(text: string): void;
  stop(): void;
}

/** Shows the rounds of these cases. */
export function benchProgress(output: Output, cases: readonly BenchCase[], rounds: number): BenchProgress {
  const names = cases.map(({ network, phase }) => `${network.name} ${phase}`);
  const width = Math.max(...names.map((name) => name.length));
  const starting = { label: 'starting', done: 0, facts: [] };
  const bars = new Bars(output, [starting]);
  bars.set(0, starting);
  let begun = 0;
  return {
    begin({ network, phase }, engine, peer = '') {
      const turnWidth = Math.max(engine.length, peer.length);
      const label = `${network.name} ${phase}`.padEnd(width);
      const before = begun++;
      let last: readonly string[] = [];
      return {
        onTurn({ round, side }) {
          const done = (before + (round - 1 + (side === 'ours' ? 0 : 0.5)) / rounds) / cases.length;
          const turn = side === 'ours' ? engine : peer;
          bars.set(0, { label, done, facts: [`round ${round}/${rounds}`, `now ${turn.padEnd(turnWidth)}`, ...last] });
        },
        onRound({ round, ours, theirs }) {
          last = rateFacts(ours, theirs, peer);
          if (!output.live) output.line([label, `round ${round}/${rounds}`, ...last].join('  '));
        },
      };
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

function rateFacts(ours: Rate, theirs: Rate | undefined, peer: string): string[] {
  const images = ({ imagesPerSecond }: Rate) => `${count(imagesPerSecond)} images/s`;
  return [images(ours), ...(theirs ? [`${peer} ${images(theirs)}`] : [])];
}
