export { type BenchResult, bench } from './bench.ts';
export { type BenchCase, benchCases, type Phase, phases } from './bench-case.ts';
export type { Rate, RoundEvent, TurnEvent } from './interleave.ts';
export { findTorch, runTorchPeer } from './torch-peer.ts';
