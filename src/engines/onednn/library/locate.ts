/** Where oneDNN is usually found. */
import { join } from 'node:path';

export const overrideName = 'SKEIN_ONEDNN_LIB';

/** The path that the user names, if any. */
export const namedLibrary = (): string | undefined => process.env[overrideName] || undefined;

/** Names and paths to try, the newest version first. */
export function libraryCandidates(): string[] {
  const conda = process.env.CONDA_PREFIX;
  const inConda = (...path: string[]) => (conda ? [join(conda, ...path)] : []);
  if (process.platform === 'win32') return ['dnnl.dll', ...inConda('Library', 'bin', 'dnnl.dll')];
  if (process.platform === 'darwin')
    return ['libdnnl.3.dylib', 'libdnnl.2.dylib'].flatMap((name) => [
      name,
      join('/opt/homebrew/lib', name),
      join('/usr/local/lib', name),
      ...inConda('lib', name),
    ]);
  return ['libdnnl.so.3', 'libdnnl.so.2'].flatMap((name) => [name, ...inConda('lib', name)]);
}
