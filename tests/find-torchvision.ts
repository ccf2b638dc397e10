import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The system's python3 that has torch and torchvision. */
export async function findTorchvision(): Promise<string | undefined> {
  for (const python of ['/usr/bin/python3', 'python3'])
    if (
      await run(python, ['-c', 'import torch, torchvision']).then(
        () => true,
        () => false,
      )
    )
      return python;
  return undefined;
}
