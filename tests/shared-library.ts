/** Shared libraries made on the spot, to see what becomes of one that does not do what it should. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

/** Whether this machine has the compiler. */
export const compilerHere: boolean = hasCompiler();
if (!compilerHere) console.warn('gcc not found: apt-get install gcc');

function hasCompiler(): boolean {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Compiles C to a library at `path`. Functions that it lacks are found in `behind`, another library, if one is given. */
export function buildLibrary(path: string, source: string, behind?: string): void {
  const rest = behind === undefined ? [] : ['-Wl,--no-as-needed', behind, `-Wl,-rpath,${dirname(behind)}`, '-ldl'];
  execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-x', 'none', '-o', path, ...rest], { input: source });
}
