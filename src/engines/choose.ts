/** Engines by the name that a user gives. */
import { ConfigError } from '../tensor/index.ts';
import type { Engine } from './engine.ts';
import { evaluator } from './evaluator/engine.ts';
import { onednn } from './onednn/engine.ts';
import { onnxruntime, portableOnnxruntime } from './onnxruntime/engine.ts';

const engines: Readonly<Record<string, Engine>> = {
  onnxruntime,
  'onnxruntime-portable': portableOnnxruntime,
  onednn,
  evaluator,
};

/** Names that `chooseEngine` knows. */
export const engineNames: readonly string[] = ['auto', ...Object.keys(engines)];

/** The engine called `name`; `auto` is the fastest that this installation has. @throws ConfigError for an unknown name */
export function chooseEngine(name: string): Engine {
  const engine = name === 'auto' ? onnxruntime : Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (!engine) throw new ConfigError(`unknown engine \`${name}\``, `choose one of ${engineNames.join(', ')}`);
  return engine;
}
