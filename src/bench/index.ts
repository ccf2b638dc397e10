export { type BenchResult, bench } from './bench.ts';
export { type BenchCase, benchCases, type Phase, phases } from './bench-case.ts';
export { interleave, type Rate, type RoundEvent, type TurnEvent } from './interleave.ts';
export { median } from './median.ts';
export { findTorch, runTorchPeer } from './torch-peer.ts';
