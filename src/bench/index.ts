export { type BenchResult, bench } from './bench.ts';
export { type BenchCase, benchCases, type Phase, phases } from './bench-case.ts';
export { type BenchDataResult, benchData } from './bench-data.ts';
export { enginePeer } from './engine-peer.ts';
export type { Rate, RoundEvent, TurnEvent } from './interleave.ts';
export { type ComparedResult, compareWithPeak, measureMatrixPeak } from './matrix-peak.ts';
export type { Peer } from './peer.ts';
export { type BenchProfile, profile } from './profile.ts';
export type { Line } from './ranks/efficiency.ts';
export {
  type ExpectedSpeed,
  expectedSpeeds,
  gradientBytes,
  nodeStep,
  usualCopyRate,
  usualLine,
} from './ranks/expected-speed.ts';
export { type MeasuredRanks, measureRanks } from './ranks/measure-ranks.ts';
export { measuredLine, measuredStep } from './ranks/measured-line.ts';
export { findTorch, runTorchPeer, torchPeer } from './torch-peer.ts';
