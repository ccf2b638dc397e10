/** Who is measured beside the engine, in turns with it. */
import type { Precision } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import type { BenchCase } from './bench-case.ts';
import type { Rate } from './interleave.ts';

/** What both sides of a round do. */
export interface PeerTask {
  readonly benchCase: BenchCase;
  /** What the engine runs. */
  readonly program: Program;
  /** Numbers that are trained. */
  readonly params: number;
  /** As many as the engine uses. */
  readonly threads: number;
  readonly precision: Precision;
  readonly signal?: AbortSignal | undefined;
}

/** What one turn of a peer found. */
export interface PeerRate extends Rate {
  /** In what it really computed. */
  readonly precision: Precision;
  /** Such as 1.13.1. */
  readonly version?: string | undefined;
}

/** Someone to compare with. */
export interface Peer {
  /** Such as PyTorch. */
  readonly name: string;
  /** Whether it can be asked for this case at all. */
  knows(benchCase: BenchCase): boolean;
  /** One turn. @throws PeerError where it cannot; the signal's reason where it comes */
  measure(task: PeerTask): Promise<PeerRate>;
}

/** A peer did not do what it is for: the comparison is left out. */
export class PeerError extends Error {}
