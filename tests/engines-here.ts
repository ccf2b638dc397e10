/** The engines that this machine can run, for tests that compare each with the evaluator. */
import { type Engine, onednn, onnxruntime } from '../src/engines/index.ts';
import { oneDnnHere } from './onednn-here.ts';

export const enginesHere: readonly Engine[] = oneDnnHere ? [onnxruntime, onednn] : [onnxruntime];
