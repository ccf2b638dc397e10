/** A temperature in a checkpoint's file: all else in it stays as it is. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Calibration, type Checkpoint, saveCheckpoint } from '../../checkpoint/index.ts';
import { fileError, lockFolder } from '../../files/index.ts';
import { CheckpointError } from '../../tensor/index.ts';

/** What tells whether a file was replaced. */
export async function fileMark(path: string): Promise<string> {
  const found = await stat(path).catch((error) => {
    throw fileError('read', path, error, 'give a .safetensors file that skein wrote, or the folder of a run');
  });
  return [found.ino, found.size, found.mtimeMs].join(' ');
}

/**
 * Writes the checkpoint anew with `calibration`, in one step; no run may be writing in its folder meanwhile.
 * @param mark `fileMark` of before the checkpoint was read
 * @throws CheckpointError where the file was replaced since, or cannot be written; ConfigError where a run writes to its folder
 */
export async function keepCalibration(
  path: string,
  checkpoint: Checkpoint,
  calibration: Calibration,
  mark: string,
): Promise<void> {
  const lock = await lockFolder(dirname(path));
  try {
    if ((await fileMark(path)) !== mark)
      throw new CheckpointError(
        `${path}: expected the file that was measured, but another has taken its place; the temperature was not kept`,
        'measure it again',
      );
    await saveCheckpoint(path, { ...checkpoint, calibration });
  } finally {
    await lock.release();
  }
}
