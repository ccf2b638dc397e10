/** Engines by the name that a user gives, and the one that `auto` stands for. */
import { ConfigError, EngineError } from '../tensor/index.ts';
import type { Engine, Precision } from './engine.ts';
import { evaluator } from './evaluator/engine.ts';
import type { TriedLibrary } from './onednn/conformance/probe-answer.ts';
import { onednn, triedLibrary } from './onednn/engine.ts';
import { speedIsKnown } from './onednn/library/index.ts';
import { isInstalled, onnxruntime, portableOnnxruntime } from './onnxruntime/engine.ts';

const engines: Readonly<Record<string, Engine>> = {
  onnxruntime,
  'onnxruntime-portable': portableOnnxruntime,
  onednn,
  evaluator,
};

/** Names that `chooseEngine` knows. */
export const engineNames: readonly string[] = ['auto', ...Object.keys(engines)];

/** What programs are to do: `auto` stands for another engine in training than in prediction. */
export type Purpose = 'train' | 'predict';

/** An engine, and how it came to be. */
export interface ChosenEngine {
  readonly engine: Engine;
  /** Why, where `auto` chose: half a sentence that goes on after `engine NAME: `. */
  readonly reason?: string;
}

/**
 * The engine called `name`. `auto` trains on oneDNN where the system has one that computes rightly, and else on ONNX Runtime, on which
 * it also predicts; where onnxruntime-node is not installed, it predicts on oneDNN.
 * @throws ConfigError for an unknown name; EngineError where `auto` finds nothing that has the precision
 */
export async function chooseEngine(
  name: string,
  purpose: Purpose,
  precision: Precision = 'float32',
): Promise<ChosenEngine> {
  if (name !== 'auto') {
    const engine = Object.hasOwn(engines, name) ? engines[name] : undefined;
    if (!engine) throw new ConfigError(`unknown engine \`${name}\``, `choose one of ${engineNames.join(', ')}`);
    return { engine };
  }
  if (precision === 'bf16') return fastInBfloat16();
  if (purpose === 'predict' && isInstalled())
    return { engine: onnxruntime, reason: 'predictions stay on it unless another is named' };
  const found = await libraryHere();
  if ('version' in found && !isInstalled())
    return { engine: onednn, reason: `oneDNN ${found.version} found, but no onnxruntime-node` };
  if (!('version' in found)) {
    const neither = `there is no onnxruntime-node, and no oneDNN either: ${found.problem}`;
    return { engine: onnxruntime, reason: isInstalled() ? found.why : neither };
  }
  if (!speedIsKnown())
    return {
      engine: onnxruntime,
      reason: `oneDNN ${found.version} found, but its speed is known on x64 alone; --engine onednn tries it`,
    };
  return { engine: onednn, reason: `oneDNN ${found.version} found, the fastest for training here` };
}

/** @throws EngineError that says what is missing */
async function fastInBfloat16(): Promise<ChosenEngine> {
  const found = await libraryHere();
  if ('version' in found && found.bfloat16)
    return { engine: onednn, reason: `oneDNN ${found.version} found, which has bf16 on this processor` };
  const leave = 'leave --precision out: float32 works everywhere';
  if ('version' in found) {
    const { version, bfloat16Problem } = found;
    const why =
      bfloat16Problem === undefined
        ? `needs a processor that has it, but oneDNN ${version} finds none here`
        : `cannot be used with oneDNN ${version}: ${bfloat16Problem}`;
    throw new EngineError(`auto: precision bf16 ${why}`, leave);
  }
  throw new EngineError(
    `auto: precision bf16 needs the engine onednn, but ${found.problem}`,
    [found.next, leave].filter(Boolean).join(', or '),
  );
}

interface NoLibrary {
  readonly problem: string;
  /** Absent where nothing recommends oneDNN. */
  readonly next?: string | undefined;
  /** Both, and what it is good for. */
  readonly why: string;
}

/** The system's oneDNN, tried; or why there is none. Never throws. */
async function libraryHere(): Promise<TriedLibrary | NoLibrary> {
  try {
    const found = await triedLibrary();
    if (!('missing' in found)) return found;
    const { problem, remedy, command } = found;
    const short = found.missing === 'oneDNN' ? 'no usable libdnnl found' : problem;
    if (command === undefined) return { problem, why: short };
    return { problem, next: remedy, why: `${short}; \`${command}\` makes training faster` };
  } catch (error) {
    const { message, hint } = error as EngineError;
    const problem = message.replace(/^onednn: /, '');
    return {
      problem,
      next: hint ?? 'see `skein doctor`',
      why: `oneDNN is left out: ${inShort(problem)}`,
    };
  }
}

/** Without values and what a system said; but what was tried and failed is the point of a library that cannot be used. */
const inShort = (problem: string) => problem.split(problem.includes(' cannot be used: ') ? /; |\n/ : /[:;] |\n/)[0];
