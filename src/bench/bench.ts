/** One case, Skein and PyTorch in turns. */
import type { Engine, EnginePlan } from '../engines/index.ts';
import { ConfigError } from '../tensor/index.ts';
import type { BenchCase, Phase } from './bench-case.ts';
import { interleave, type RoundEvent, type TurnEvent } from './interleave.ts';
import { benchProgram, type Measured, measure, patience } from './measure.ts';
import { runTorchPeer, TorchPeerError, type TorchReport } from './torch-peer.ts';

/** Options of `bench`. */
export interface BenchOptions {
  readonly engine: Engine;
  readonly threads: number;
  /** Default 5. */
  readonly rounds?: number;
  /** A python3 with torch; without it nothing is compared. */
  readonly python?: string | undefined;
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
  readonly peer: PeerResult | null;
}

/** PyTorch's side of a row. */
export interface PeerResult {
  /** PyTorch 1.13.1 */
  readonly name: string;
  readonly imagesPerSecond: number;
  readonly peakBytes: number;
  /** The median over the rounds of Skein's rate ÷ the peer's. */
  readonly ratio: number;
}

/**
 * Measures a case. A peer that fails is a note and no error.
 * @throws ConfigError without rounds; EngineError where the engine cannot run the network; the signal's reason where it comes
 */
export async function bench(benchCase: BenchCase, options: BenchOptions): Promise<BenchResult> {
  const { engine, threads, rounds = 5, python, signal, onTurn, onRound } = options;
  if (!(Number.isSafeInteger(rounds) && rounds >= 1))
    throw new ConfigError(`bench: \`rounds\` must be a whole number of at least 1, but is ${rounds}`);
  const { program, params } = benchProgram(benchCase);
  let measured: Measured | undefined;
  let report: TorchReport | undefined;
  const { ours, theirs } = await interleave({
    rounds,
    ours: async () => {
      measured = await measure(program, benchCase, { engine, threads, ...(signal && { signal }) });
      return measured;
    },
    ...(benchCase.peer !== undefined &&
      python !== undefined && {
        theirs: async () => {
          // as many threads as the engine really uses
          const sizes = { params, threads: measured?.threads ?? threads };
          report = await askPeer(python, benchCase.peer as string, benchCase, sizes, options);
          return report;
        },
      }),
    ...(onTurn && { onTurn }),
    ...(onRound && { onRound }),
  });
  const { engine: name, precision, threads: used } = measured as Measured;
  return {
    case: benchCase.network.name,
    phase: benchCase.phase,
    batchSize: benchCase.batchSize,
    engine: name,
    precision,
    threads: used,
    rounds,
    ...ours,
    peer: theirs && report ? { name: `PyTorch ${report.version}`, ...theirs } : null,
  };
}

async function askPeer(
  python: string,
  script: string,
  { phase, batchSize }: BenchCase,
  { params, threads }: { readonly params: number; readonly threads: number },
  { signal, onNote }: BenchOptions,
): Promise<TorchReport | undefined> {
  try {
    const report = await runTorchPeer(python, { script, phase, batchSize, threads, ...patience }, signal);
    if (report.params === params) return report;
    onNote?.(`${script}: not the same network: it has ${report.params} parameters, Skein's ${params}`);
  } catch (error) {
    if (!(error instanceof TorchPeerError)) throw error;
    onNote?.(error.message);
  }
  return undefined;
}
