/** CHECKPOINT on the command line: a file, or a run folder for its best epoch. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The checkpoint's file. */
export async function checkpointArgument(path: string): Promise<string> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? join(path, 'best.safetensors') : path;
}
