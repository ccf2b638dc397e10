/** What torch.save writes since PyTorch 1.6: a zip with the pickle as `NAME/data.pkl` and the storages as `NAME/data/KEY`. */
import { type PickleValue, quote, unpickle } from '../pickle/index.ts';
import { readStored, readZipDirectory, type ZipEntry } from './stored-zip.ts';
import { torchError } from './torch-error.ts';
import { absorbCall, callGlobal, resolveGlobal, storageOf, unknownOf } from './torch-globals.ts';
import type { Storages } from './torch-tensor.ts';

/** @throws CheckpointError where the zip is damaged, holds a program, or something that is no weights */
export function readTorchZip(file: Uint8Array): { value: PickleValue; storages: Storages } {
  const entries = readZipDirectory(file);
  const folder = archiveFolder(entries);
  const read = (name: string): Uint8Array | undefined => {
    const entry = entries.get(`${folder}/${name}`);
    return entry && readStored(file, entry);
  };
  const byteOrder = read('byteorder');
  if (byteOrder && Buffer.from(byteOrder).toString('latin1') !== 'little')
    throw torchError(
      'expected little-endian storages, got those of another byte order',
      'save it again on a little-endian machine',
    );
  const { value } = unpickle(read('data.pkl') ?? new Uint8Array(), {
    global: resolveGlobal,
    call: callGlobal,
    absorb: absorbCall,
    persistent: (id) => unknownOf(id) ?? storageOf(id).storage,
  });
  const known = new Map<string, Uint8Array>();
  return {
    value,
    storages: (key) => {
      const bytes = known.get(key) ?? read(`data/${key}`);
      if (!bytes) throw torchError(`expected the storage ${quote(key)} in the zip, got none`);
      known.set(key, bytes);
      return bytes;
    },
  };
}

function archiveFolder(entries: ReadonlyMap<string, ZipEntry>): string {
  const names = [...entries.keys()];
  const program = names.find((name) => /^[^/]+\/(constants\.pkl|code\/.*|model\.json)$/.test(name));
  if (program !== undefined)
    throw torchError(
      `expected weights, but this is a TorchScript program (${quote(program)})`,
      "in PyTorch: torch.save(torch.jit.load('this file').state_dict(), 'weights.pth')",
    );
  const folders = names.flatMap((name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? []);
  if (folders.length !== 1)
    throw torchError(
      `expected a zip with one data.pkl, as torch.save writes it, got ${folders.length} among ${names.length} entries: ` +
        `${names.slice(0, 3).map(quote).join(', ')}${names.length > 3 ? ', …' : ''}`,
      'give the file that torch.save wrote, not an archive around it',
    );
  return folders[0] as string;
}
