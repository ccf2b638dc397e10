/** Checks shared by engines: what the caller feeds must be what the programs declare. */
import type { Program, TensorType } from '../ir/index.ts';
import { EngineError, formatShape, sameShape, type Tensor } from '../tensor/index.ts';
import type { CompileOptions } from './engine.ts';

/** The state entries of several programs; an entry that two of them have must be of one type. @throws EngineError */
export function stateTypes(programs: Readonly<Record<string, Program>>): Map<string, TensorType> {
  const types = new Map<string, TensorType>();
  for (const [entry, program] of Object.entries(programs))
    for (const [name, { type }] of program.graph.state) {
      const known = types.get(name);
      if (known && !sameShape(known.shape, type.shape))
        throw new EngineError(
          `compile: state \`${name}\` is ${formatShape(type.shape)} in ${entry} but ${formatShape(known.shape)} elsewhere`,
        );
      types.set(name, type);
    }
  return types;
}

/** @throws EngineError unless `tensors` holds exactly the expected names, in the expected types */
export function expectTensors(
  what: string,
  expected: ReadonlyMap<string, TensorType>,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  for (const [name, { dtype, shape }] of expected) {
    const given = tensors.get(name);
    if (!given) throw new EngineError(`${what}: \`${name}\` is missing`);
    if (given.dtype !== dtype || !sameShape(given.shape, shape))
      throw new EngineError(
        `${what}: expected \`${name}\` to be ${dtype} ${formatShape(shape)}, but got ${given.dtype} ${formatShape(given.shape)}`,
      );
  }
  for (const name of tensors.keys())
    if (!expected.has(name))
      throw new EngineError(`${what}: \`${name}\` is not one of ${[...expected.keys()].join(', ')}`);
}

/** What a program expects to be fed. */
export function inputTypes(program: Program): Map<string, TensorType> {
  return new Map([...program.graph.inputs].map(([name, { type }]) => [name, type]));
}

/** @throws EngineError where another precision is asked for than the one that the engine has */
export function expectFloat32(engine: string, { precision = 'float32' }: CompileOptions): void {
  if (precision !== 'float32')
    throw new EngineError(
      `${engine}: expected precision float32, but got ${precision}`,
      'bf16 needs --engine onednn and a processor that has it; `skein doctor` shows both',
    );
}
