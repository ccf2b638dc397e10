/** One case, an engine and its peer in turns. */
import type { Engine, EnginePlan, Precision } from '../engines/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { type BenchCase, type Phase, passes } from './bench-case.ts';
import { interleave, type RoundEvent, type TurnEvent } from './interleave.ts';
import { benchProgram, type Measured, measure } from './measure.ts';
import { type Peer, PeerError, type PeerRate, type PeerTask } from './peer.ts';

/** Options of `bench`. */
export interface BenchOptions {
  readonly engine: Engine;
  readonly threads: number;
  /** Default 'float32'. */
  readonly precision?: Precision | undefined;
  /** Default 5. */
  readonly rounds?: number;
  /** Whom to compare with; without one nothing is compared. */
  readonly peer?: Peer | undefined;
  readonly signal?: AbortSignal;
  onTurn?(event: TurnEvent): void;
  onRound?(event: RoundEvent): void;
  /** Why the comparison was given up. */
  onNote?(text: string): void;
}

/** One row of the table. */
export interface BenchResult {
  /** The network's name. */
  readonly case: string;
  readonly phase: Phase;
  readonly batchSize: number;
  readonly engine: string;
  readonly precision: EnginePlan['precision'];
  readonly threads: number;
  readonly rounds: number;
  /** The median over the rounds. */
  readonly imagesPerSecond: number;
  /** The most memory that the engine's process held. */
  readonly peakBytes: number;
  /** A multiply-add of a convolution or matrix product is two; a training step counts as three forward passes. */
  readonly operationsPerSecond: number;
  readonly peer: PeerResult | null;
}

/** The other side of a row. */
export interface PeerResult {
  /** PyTorch 1.13.1 */
  readonly name: string;
  readonly precision: Precision;
  readonly imagesPerSecond: number;
  readonly peakBytes: number;
  readonly operationsPerSecond: number;
  /** The median over the rounds of Skein's rate ÷ the peer's. */
  readonly ratio: number;
}

/**
 * Measures a case. A peer that fails is a note and no error.
 * @throws ConfigError without rounds; EngineError where the engine cannot run the network; the signal's reason where it comes
 */
export async function bench(benchCase: BenchCase, options: BenchOptions): Promise<BenchResult> {
  const { engine, threads, precision = 'float32', rounds = 5, peer, signal, onTurn, onRound } = options;
  if (!(Number.isSafeInteger(rounds) && rounds >= 1))
    throw new ConfigError(`bench: \`rounds\` must be a whole number of at least 1, but is ${rounds}`);
  const { program, params, macs } = benchProgram(benchCase);
  let measured: Measured | undefined;
  let answer: PeerRate | undefined;
  const { ours, theirs } = await interleave({
    rounds,
    ours: async () => {
      measured = await measure(program, benchCase, { engine, threads, precision, signal });
      return measured;
    },
    ...(peer?.knows(benchCase) && {
      theirs: async () => {
        // as many threads as the engine really uses
        const task = { benchCase, program, params, threads: measured?.threads ?? threads, precision, signal };
        answer = await askPeer(peer, task, options);
        return answer;
      },
    }),
    ...(onTurn && { onTurn }),
    ...(onRound && { onRound }),
  });
  const operations = 2 * macs * passes[benchCase.phase];
  const speed = (imagesPerSecond: number) => ({ operationsPerSecond: imagesPerSecond * operations });
  const { engine: name, precision: used, threads: usedThreads } = measured as Measured;
  return {
    case: benchCase.network.name,
    phase: benchCase.phase,
    batchSize: benchCase.batchSize,
    engine: name,
    precision: used,
    threads: usedThreads,
    rounds,
    ...ours,
    ...speed(ours.imagesPerSecond),
    peer:
      peer && theirs && answer
        ? {
            name: [peer.name, answer.version].filter((word) => word !== undefined).join(' '),
            precision: answer.precision,
            ...theirs,
            ...speed(theirs.imagesPerSecond),
          }
        : null,
  };
}

async function askPeer(peer: Peer, task: PeerTask, { onNote }: BenchOptions): Promise<PeerRate | undefined> {
  try {
    return await peer.measure(task);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    onNote?.(error.message);
    return undefined;
  }
}
