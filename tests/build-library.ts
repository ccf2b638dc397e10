/** Small shared libraries, for tests of what is done with a library that is not what it should be. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

/** Whether this machine has a compiler for C. */
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

/** Compiles C to a library at `path`, and returns that. Functions that it lacks are found in `behind`, another library, if one is given. */
export function buildLibrary(path: string, code: string, behind?: string): string {
  const rest = behind === undefined ? [] : ['-Wl,--no-as-needed', behind, `-Wl,-rpath,${dirname(behind)}`, '-ldl'];
  execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-x', 'none', '-o', path, ...rest], { input: code });
  return path;
}

/** A library that says which oneDNN it is, and can do nothing. */
export const dnnlThatSays = ({ version = [3, 7, 2], runtime = 2 }): string => `
  static struct { int version[3]; const char *hash; unsigned cpu, gpu; } said = {{${version}}, "", ${runtime}, 0};
  void *dnnl_version(void) { return &said; }
  void dnnl_engine_create(void) {}`;
