import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { zipOf } from '../../tests/zip-of.ts';
import { CheckpointError, type Tensor } from '../tensor/index.ts';
import { readTorchFile, type TorchFile } from './index.ts';
import { readZipDirectory } from './stored-zip.ts';

interface Expected {
  readonly path: string;
  readonly tensors: readonly { name: string; dtype: string; shape: number[]; values: string[] }[];
}

const testdata = (name: string) => readFile(new URL(`testdata/${name}`, import.meta.url));
const expected = JSON.parse(String(await testdata('tensors.json'))) as Expected;

function expectTensors(file: TorchFile, { path, tensors }: Expected): void {
  expect(file.path).toBe(path);
  expect([...file.tensors.keys()]).toEqual(tensors.map(({ name }) => name));
  for (const { name, dtype, shape, values } of tensors) {
    const found = file.tensors.get(name) as Tensor;
    expect([name, found.dtype, found.shape]).toEqual([name, dtype, shape]);
    const parse: (text: string) => unknown = dtype === 'int64' ? BigInt : Number;
    expect([name, ...found.data]).toEqual([name, ...values.map(parse)]);
  }
}

function refusal(file: Uint8Array): CheckpointError {
  try {
    readTorchFile(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a file of PyTorch', () => {
  it.each(['zip', 'legacy'])('gives the weights as they were, from the %s layout', async (layout) => {
    const file = readTorchFile(await testdata(`tensors-${layout}.pth`));
    expectTensors(file, expected);
    expect(file.leftOver).toEqual([{ name: 'epoch', what: '3' }]);
  });

  it('keeps tied weights one tensor, and aligned ones views of the file', async () => {
    const bytes = new Uint8Array(await testdata('tensors-zip.pth'));
    const { tensors } = readTorchFile(bytes);
    expect(tensors.get('weight')?.data.buffer).toBe(bytes.buffer);
    expect(tensors.get('tied')?.data.byteOffset).toBe(tensors.get('tied_again')?.data.byteOffset);
    expect(tensors.get('first_half')?.data.buffer).toBe(tensors.get('second_half')?.data.buffer);
    expect(tensors.get('transposed')?.data.buffer).not.toBe(bytes.buffer);
  });

  it('is read alike where it lies at an odd address', async () => {
    for (const layout of ['zip', 'legacy']) {
      const bytes = await testdata(`tensors-${layout}.pth`);
      const shifted = Buffer.alloc(bytes.length + 1);
      shifted.set(bytes, 1);
      expectTensors(readTorchFile(shifted.subarray(1)), expected);
    }
  });

  it('may be a zip with sizes of 64 bits', async () => {
    const entries = await entriesOf('tensors-zip.pth');
    expectTensors(readTorchFile(zipOf(entries, { wide: true })), expected);
  });

  it('names a damaged, compressed, encrypted or repeated entry', async () => {
    const entries = await entriesOf('tensors-zip.pth');
    expect(refusal(zipOf(entries, { checksum: 1 })).message).toMatch(/data\.pkl": expected the checksum [0-9]+, got/);
    expect(refusal(zipOf(entries, { method: 8 })).message).toContain(
      'expected it stored, as torch.save does, but it is',
    );
    expect(refusal(zipOf(entries, { flags: 1 })).message).toContain('but it is encrypted');
    expect(refusal(zipOf([...entries, ...entries])).message).toContain('expected every entry of the zip once');
    expect(refusal(zipOf(entries, { sizes: 1000 })).message).toContain('got overlapping ones');
    const without = entries.filter(([name]) => !name.endsWith('data/0'));
    expect(refusal(zipOf(without)).message).toBe('torch file: expected the storage "0" in the zip, got none');
  });

  it('is little-endian', async () => {
    const entries = (await entriesOf('tensors-zip.pth')).filter(([name]) => !name.endsWith('/byteorder'));
    const folder = entries[0]?.[0].split('/')[0];
    const withOrder = (order: string) => zipOf([...entries, [`${folder}/byteorder`, Buffer.from(order)] as const]);
    expectTensors(readTorchFile(withOrder('little')), expected);
    expect(refusal(withOrder('big')).message).toContain('expected little-endian storages');
  });

  it('is told from other files in words', () => {
    const tar = Buffer.alloc(1024);
    tar.write('ustar', 257);
    expect(refusal(tar).message).toContain('this is a tar, as PyTorch wrote before 0.1.10');
    expect(refusal(Buffer.alloc(0)).message).toBe('torch file: expected what torch.save writes, but the file is empty');
    expect(refusal(Buffer.from('<!DOCTYPE html><html>…')).message).toContain('the file starts with "<!DOCTYPE html>');
    expect(refusal(zipOf([['word/document.xml', Buffer.from('x')]])).message).toContain(
      'expected a zip with one data.pkl, as torch.save writes it, got 0 among 1 entries: "word/document.xml"',
    );
    expect(refusal(zipOf([['m/code/__torch__.py', Buffer.from('x')]])).message).toContain('TorchScript program');
  });

  it('may be cut short anywhere, and says so', async () => {
    for (const layout of ['zip', 'legacy']) {
      const bytes = await testdata(`tensors-${layout}.pth`);
      for (let length = 0; length < bytes.length; length += 7) refusal(bytes.subarray(0, length));
    }
  });
});

async function entriesOf(name: string): Promise<[string, Uint8Array][]> {
  const bytes = await testdata(name);
  return [...readZipDirectory(bytes).values()].map((entry) => {
    const start = entry.header + 30 + bytes.readUInt16LE(entry.header + 26) + bytes.readUInt16LE(entry.header + 28);
    return [entry.name, bytes.subarray(start, start + entry.bytes)];
  });
}

const run = promisify(execFile);
const hasTorch = await run('/usr/bin/python3', ['-c', 'import torch, numpy']).then(
  () => true,
  () => false,
);

test('whatever the installed PyTorch saves is read with its values, or refused by name', async ({ skip }) => {
  if (!hasTorch) return skip('needs python3 with torch: apt-get install python3-torch');
  const folder = await mkdtemp(join(tmpdir(), 'torch-files-'));
  try {
    const script = fileURLToPath(new URL('../../tests/torch-files.py', import.meta.url));
    await run('/usr/bin/python3', ['-B', script, folder]);
    const facts = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
    const names = (await readdir(folder)).filter((name) => name !== 'expected.json');
    expect(names.sort()).toEqual(Object.keys(facts).sort());
    for (const name of names) {
      const bytes = await readFile(join(folder, name));
      if (facts[name].error)
        expect([name, refusal(bytes).message]).toEqual([name, expect.stringContaining(facts[name].error)]);
      else expectTensors(readTorchFile(bytes), facts[name]);
    }
    expect(readTorchFile(await readFile(join(folder, 'checkpoint-zip-2.pth'))).leftOver).toEqual([
      { name: 'epoch', what: '3' },
      { name: 'state_dict_ema', what: 'a dict of 10' },
      { name: 'best_acc1', what: 'a tensor []' },
      { name: 'optimizer', what: 'a dict of 2' },
      { name: 'scheduler', what: expect.stringMatching(/^a dict of/) },
      { name: 'numpy', what: 'a number of NumPy' },
      { name: 'shape', what: 'a tuple of 2' },
      { name: 'dtype', what: 'torch.float16' },
      { name: 'device', what: 'the device "cpu"' },
      { name: 'large', what: String(2n ** 70n) },
      { name: 'loss', what: '0.25' },
      { name: 'plain', what: 'a list of 7' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
