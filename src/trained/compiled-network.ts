/** A network as engines run it: compiled for a batch size when that is first asked for, and kept. */
import type { Executable } from '../engines/index.ts';
import { EngineError } from '../tensor/index.ts';

export class CompiledNetwork {
  readonly #compile: (batch: number) => Promise<Executable>;
  readonly #executables = new Map<number, Promise<Executable>>();
  #disposed = false;

  constructor(compile: (batch: number) => Promise<Executable>) {
    this.#compile = compile;
  }

  /** For `batch` images together. @throws EngineError where the engine cannot, or after `dispose` */
  of(batch: number): Promise<Executable> {
    if (this.#disposed)
      throw new EngineError(
        'classifier: expected one whose engine runs, but it was disposed',
        'dispose of it after the last prediction, or load it again',
      );
    const known = this.#executables.get(batch);
    if (known) return known;
    const compiling = this.#compile(batch);
    this.#executables.set(batch, compiling);
    // what failed, perhaps for lack of memory, may succeed the next time
    compiling.catch(() => this.#executables.delete(batch));
    return compiling;
  }

  /** Ends the engine's processes, also those that are only starting. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const compiled = await Promise.allSettled(this.#executables.values());
    for (const result of compiled) if (result.status === 'fulfilled') await result.value.dispose();
  }
}
