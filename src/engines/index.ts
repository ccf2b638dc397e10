export { type ChosenEngine, chooseEngine, engineNames, type Purpose } from './choose.ts';
export { diagnose, type EngineDiagnosis } from './diagnose.ts';
export { diagnoseMpi, type MpiDiagnosis } from './diagnose-mpi.ts';
export {
  type CompileOptions,
  type Engine,
  type EngineFacts,
  type EnginePlan,
  type Executable,
  type InstructionTime,
  type KeptEngine,
  keptProcess,
  type Precision,
  precisions,
  type Ranks,
  type ReducedEntries,
} from './engine.ts';
export { evaluator } from './evaluator/engine.ts';
export { evaluate } from './evaluator/evaluate.ts';
export { joinJob } from './join-job.ts';
export { onednn } from './onednn/engine.ts';
export { onnxruntime, portableOnnxruntime } from './onnxruntime/engine.ts';
export { ownPart } from './own-part.ts';
export { RunOutputs } from './run-outputs.ts';
