/** A benchmark as it goes on: a live bar over all rounds, or a plain line for each. */
import type { BenchCase, Rate, RoundEvent } from '../bench/index.ts';
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { count } from './quantity.ts';

export interface BenchProgress {
  /** The next case starts. */
  begin(benchCase: BenchCase): { onRound(event: RoundEvent): void };
  /** A line for people while bars may be shown. */
  log(text: string): void;
  stop(): void;
}

/** Shows the rounds of these cases. */
export function benchProgress(output: Output, cases: readonly BenchCase[], rounds: number): BenchProgress {
  const names = cases.map(({ network, phase }) => `${network.name} ${phase}`);
  const width = Math.max(...names.map((name) => name.length));
  const bars = new Bars(output, [{ label: 'starting', done: 0, facts: [] }]);
  bars.set(0, { label: 'starting', done: 0, facts: [] });
  let begun = 0;
  return {
    begin({ network, phase }) {
      const label = `${network.name} ${phase}`.padEnd(width);
      const before = begun++;
      const show = (round: number, facts: readonly string[]) =>
        bars.set(0, { label, done: (before + round / rounds) / cases.length, facts });
      show(0, [`round 1/${rounds}`]);
      return {
        onRound({ round, ours, theirs }) {
          const facts = rateFacts(ours, theirs);
          show(round, [`round ${Math.min(round + 1, rounds)}/${rounds}`, ...facts]);
          if (!output.live) output.line([label, `round ${round}/${rounds}`, ...facts].join('  '));
        },
      };
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

function rateFacts(ours: Rate, theirs: Rate | undefined): string[] {
  const images = ({ imagesPerSecond }: Rate) => `${count(imagesPerSecond)} images/s`;
  return [images(ours), ...(theirs ? [`PyTorch ${images(theirs)}`] : [])];
}
