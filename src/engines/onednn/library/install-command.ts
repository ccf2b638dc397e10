/** The one command that installs oneDNN on this system, by the package manager that it has. */
import { knownPackages, type PackageManager, packageManager } from '../../../libraries/index.ts';
import { isKnownVersion, newestFirst } from './versions.ts';

/** Where it was measured, oneDNN trains fastest. Elsewhere nothing recommends it, and `auto` does without. */
export const speedIsKnown = (architecture: string = process.arch): boolean => architecture === 'x64';

const packages = {
  // conda-forge's `onednn` alone may be a build for TBB
  conda: 'onednn-cpu-omp',
  zypper: 'libdnnl3',
  dnf: 'onednn',
  pacman: 'onednn',
  brew: 'onednn',
};

/**
 * Such as `sudo apt-get install libdnnl2`. An active conda environment comes before the system. Undefined where this system has no command
 * for a build with OpenMP, or where nothing recommends oneDNN.
 */
export async function installCommand(
  system: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Promise<string | undefined> {
  if (!speedIsKnown(architecture)) return undefined;
  const manager = packageManager(system);
  // Homebrew's build for macOS has no OpenMP; on Linux gcc brings it
  if (manager === undefined || (manager.name === 'brew' && system !== 'linux')) return undefined;
  if (manager.name === 'apt-get') return debianCommand(manager);
  return `${manager.install} ${packages[manager.name]}`;
}

/** The package is called after the library's soname: libdnnl2, libdnnl3, libdnnl3.6. The system knows which it has. */
async function debianCommand({ install, refresh }: PackageManager): Promise<string | undefined> {
  const pattern = '^libdnnl[0-9.]+$';
  const versions = await knownPackages(pattern);
  if (versions.size === 0) return `${refresh} && ${install} '${pattern}'`;
  const usable = [...versions.keys()].filter((name) => {
    const [major = 0, minor = 0] = (versions.get(name)?.match(/\d+/g) ?? []).map(Number);
    return isKnownVersion(major, minor);
  });
  const [newest] = newestFirst(usable);
  return newest && `${install} ${newest}`;
}
