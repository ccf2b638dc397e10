/** How many threads a oneDNN computes with: only a build with OpenMP does what it is told. */
import { EngineError } from '../../../tensor/index.ts';
import type { SharedLibrary } from './native.ts';

/** dnnl_version_t's `cpu_runtime`. */
const openMp = 2;
const others: Readonly<Record<number, string>> = {
  1: 'computes with one thread',
  4: 'is built for TBB',
  8: 'is built for threads of its caller',
  512: 'is built for SYCL',
};

/** What a library does instead of using OpenMP; undefined where it does. */
export function otherRuntime(
  runtime: number,
  library: Pick<SharedLibrary, 'has'>,
  system: NodeJS.Platform = process.platform,
): string | undefined {
  if (runtime !== openMp) return others[runtime] ?? `has another runtime (${runtime})`;
  // Apple's compiler has no OpenMP: what it builds, such as Homebrew's, says that it has and computes with one thread
  return system === 'darwin' && !library.has('omp_set_num_threads') ? others[1] : undefined;
}

/**
 * A function that sets the number of threads. Undefined where OpenMP cannot be reached: on Windows, and where it is linked into the library.
 * The function throws an EngineError where there would be another number.
 */
export function threadSetter(library: SharedLibrary): ((threads: number) => void) | undefined {
  // the lookup also searches what the library depends on: libgomp, libiomp5 or libomp
  const names = ['omp_set_num_threads', 'omp_set_dynamic', 'omp_get_max_threads', 'omp_get_thread_limit'];
  if (!names.every((name) => library.has(name))) return undefined;
  const set = library.status('omp_set_num_threads', 'int');
  const setDynamic = library.status('omp_set_dynamic', 'int');
  const most = library.status('omp_get_max_threads');
  const limit = library.status('omp_get_thread_limit');
  return (threads) => {
    // else a busy machine gets fewer
    setDynamic(0);
    set(threads);
    // libgomp's maximum is what was asked for, whatever the limit
    const given = Math.min(most(), limit());
    if (given === threads) return;
    const { OMP_THREAD_LIMIT } = process.env;
    throw new EngineError(
      `expected ${threads} threads, but OpenMP gives ${given}; OMP_THREAD_LIMIT ${OMP_THREAD_LIMIT ?? 'not set'}`,
      `use --threads ${given}${OMP_THREAD_LIMIT === undefined ? '' : ', or unset OMP_THREAD_LIMIT'}`,
    );
  };
}
