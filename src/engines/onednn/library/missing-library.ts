/** What oneDNN needs and is not there, with what to do about it. */
import { installCommand, speedIsKnown } from './install-command.ts';
import { overrideName } from './locate.ts';

/** What is not installed. */
export interface MissingLibrary {
  readonly missing: 'koffi' | 'oneDNN';
  readonly problem: string;
  /** The one command that installs it, such as `npm install koffi`, where there is one that is worth it. */
  readonly command?: string;
  /** The next step, whether or not there is a command. */
  readonly remedy: string;
}

export const isMissing = (found: object): found is MissingLibrary => 'missing' in found;

/** Without it no library can be loaded. */
export const missingKoffi = missing(
  'koffi',
  'the package koffi is not installed',
  speedIsKnown() ? 'npm install koffi' : undefined,
  process.arch,
);

/** `reason` is why a file that is there cannot be loaded. */
export async function missingOneDnn(
  reason: string | undefined,
  system: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Promise<MissingLibrary> {
  const command = await installCommand(system, architecture);
  if (reason === undefined)
    return missing('oneDNN', 'the library oneDNN (libdnnl) is not installed', command, architecture);
  // the file may be damaged, and its package installed
  const again = command?.replace('apt-get install', 'apt-get install --reinstall');
  return missing('oneDNN', `no libdnnl can be loaded: ${reason}`, again, architecture);
}

function missing(
  what: MissingLibrary['missing'],
  problem: string,
  command: string | undefined,
  architecture: string,
): MissingLibrary {
  if (command !== undefined) return { missing: what, problem, command, remedy: `run \`${command}\`` };
  const remedy = speedIsKnown(architecture)
    ? `set ${overrideName} to a oneDNN built with OpenMP, such as conda-forge's onednn-cpu-omp, or use --engine onnxruntime`
    : "use --engine onnxruntime: oneDNN's speed is known on x64 alone";
  return { missing: what, problem, remedy };
}
