export { chooseEngine, engineNames } from './choose.ts';
export type { CompileOptions, Engine, EnginePlan, Executable } from './engine.ts';
export { evaluator } from './evaluator/engine.ts';
export { evaluate } from './evaluator/evaluate.ts';
export { onnxruntime, portableOnnxruntime } from './onnxruntime/engine.ts';
