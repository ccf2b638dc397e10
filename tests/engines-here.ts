/** The engines that this machine can run, for tests that compare each with the evaluator. */
import { type Engine, onednn, onnxruntime } from '../src/engines/index.ts';
import { probe } from '../src/engines/onednn/conformance/probe.ts';
import { isMissing } from '../src/engines/onednn/library/index.ts';

const found = await probe();
if (isMissing(found)) console.warn(`tests of the engine onednn are skipped: ${found.problem}; ${found.remedy}`);

export const enginesHere: readonly Engine[] = isMissing(found) ? [onnxruntime] : [onnxruntime, onednn];
