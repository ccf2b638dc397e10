import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WeightsServer } from '../../tests/weights-server.ts';
import { Interrupted } from './interruption.ts';
import { Output } from './output.ts';
import { weightsArgument } from './weights-argument.ts';

let server: WeightsServer;
let cache: string;
let text: string;
let output: Output;
beforeEach(async () => {
  server = new WeightsServer();
  await server.start();
  cache = await mkdtemp(join(tmpdir(), 'skein-weights-'));
  vi.stubEnv('SKEIN_CACHE', cache);
  vi.stubEnv('HF_ENDPOINT', server.url);
  text = '';
  const stream = { write: (part: string) => (text += part) };
  output = new Output({ stdout: stream, stderr: stream }, 'skein');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(cache, { recursive: true });
});

test('a path is the file itself, and nothing is said', async () => {
  expect(await weightsArgument('weights.pth', output)).toEqual({ path: 'weights.pth', word: 'weights.pth' });
  expect(text).toBe('');
});

test('a repository becomes a file in the cache, with its licence and hash', async () => {
  const content = new Uint8Array(3e6).fill(7);
  const files = new Map([['model.safetensors', content]]);
  server.repositories.set('someone/net', { files, card: { license: 'mit' } });
  const { path, word } = await weightsArgument('hf:someone/net', output);
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(text.split('\n').map((line) => line.replace(cache, ''))).toEqual([
    'downloaded  hf:someone/net@0123456789abcdef0123456789abcdef01234567/model.safetensors (3.0 MB)',
    `  file     ${path.replace(cache, '')}`,
    '  sha256   892f2fe04ec507da…',
    '  licence  mit',
    '',
  ]);
  text = '';
  expect((await weightsArgument('hf:someone/net', output)).path).toBe(path);
  expect(text).toMatch(/^cached {2}hf:someone\/net@/);
  // the exact word leads to the same file, without a server
  server.repositories.clear();
  expect((await weightsArgument(word, output)).path).toBe(path);
});

test('Ctrl-C ends the download and says that it can go on', async () => {
  const onSent = () => process.emit('SIGINT');
  server.files.set('/weights.pth', { content: new Uint8Array(1000), length: 2000, etag: '"1"', onSent });
  await expect(weightsArgument(`${server.url}/weights.pth`, output)).rejects.toBeInstanceOf(Interrupted);
  expect(text).toBe('stopped; the next time the download goes on from here\n');
  server.files.set('/weights.pth', { content: new Uint8Array(2000), etag: '"1"' });
  await weightsArgument(`${server.url}/weights.pth`, output);
  expect(text).toContain('licence  unknown');
});
