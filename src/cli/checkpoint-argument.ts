/** CHECKPOINT on the command line: a file, or a run folder for its best epoch or its last. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError, quoted } from '../tensor/index.ts';

/** The checkpoint's file. @throws CheckpointError where a folder holds none */
export async function checkpointArgument(path: string, which: 'best' | 'last' = 'best'): Promise<string> {
  if ((await kindOf(path)) !== 'folder') return path;
  const [wanted, last] = [join(path, `${which}.safetensors`), join(path, 'last.safetensors')];
  if ((await kindOf(wanted)) === 'file') return wanted;
  const hasLast = (await kindOf(last)) === 'file';
  const config = join(path, 'config.yaml');
  const hasBegun = (await kindOf(config)) === 'file';
  throw new CheckpointError(
    `${path}: expected the folder of a run, but there is no ${which}.safetensors in it`,
    hasLast
      ? `no epoch of this run has ended; to go on with it: skein train --resume ${quoted(path)}; to take it as it stopped, give ${quoted(last)}`
      : hasBegun
        ? `where the run ended before anything was saved, start it again: skein train --config ${quoted(config)} --out ${quoted(path)}`
        : 'give a run folder such as runs/resnet20-1',
  );
}

const kindOf = (path: string): Promise<'file' | 'folder' | 'missing'> =>
  stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => 'missing',
  );
