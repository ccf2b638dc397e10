import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commit, WeightsServer } from '../../tests/weights-server.ts';
import { lockFolder } from '../files/index.ts';
import { Random, SkeinError } from '../tensor/index.ts';
import { type FetchWeightsOptions, fetchWeights, isRemote } from './index.ts';

const random = new Random('weights');
const contentOf = (bytes: number) => Uint8Array.from({ length: bytes }, () => random.integer(256));
const content = contentOf(300_000);
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let server: WeightsServer;
let cache: string;
beforeEach(async () => {
  server = new WeightsServer();
  await server.start();
  cache = await mkdtemp(join(tmpdir(), 'skein-hub-'));
  vi.stubEnv('SKEIN_CACHE', cache);
  vi.stubEnv('HF_ENDPOINT', server.url);
  vi.stubEnv('HF_TOKEN', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(cache, { recursive: true });
});

const weightsUrl = () => `${server.url}/weights.pth`;

async function failure(where: string, options: FetchWeightsOptions = {}): Promise<SkeinError> {
  try {
    await fetchWeights(where, options);
  } catch (error) {
    if (error instanceof SkeinError) return error;
    throw error;
  }
  throw new Error('it was fetched');
}

/** Everything in the cache, without the folder of the entry. */
const filesInCache = async () =>
  (await readdir(cache, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

describe('weights at a URL', () => {
  it('are downloaded once, and the second time found without a request', async () => {
    server.files.set('/weights.pth', { content, etag: '"1"' });
    const progress: (number | undefined)[][] = [];
    const first = await fetchWeights(weightsUrl(), { onProgress: (...numbers) => progress.push(numbers) });
    expect(first).toEqual({
      path: join(dirname(first.path), 'weights.pth'),
      sha256: sha256Of(content),
      word: `${weightsUrl()}#sha256=${sha256Of(content)}`,
      bytes: 300_000,
      source: weightsUrl(),
      fromCache: false,
    });
    expect(first.path.startsWith(cache)).toBe(true);
    expect((await readFile(first.path)).equals(content)).toBe(true);
    expect([progress[0], progress.at(-1)]).toEqual([
      [0, 300_000],
      [300_000, 300_000],
    ]);
    expect(await filesInCache()).toEqual(['.record.json', 'weights.pth']);
    server.files.clear();
    expect(await fetchWeights(weightsUrl())).toEqual({ ...first, fromCache: true });
    expect(server.requests).toEqual(['/weights.pth']);
  });

  it('are downloaded where the server says nothing of their length', async () => {
    server.files.set('/weights.pth', { content, streamed: true });
    expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(content));
  });

  it('are found behind a redirect, but not behind one without end', async () => {
    server.files.set('/moved', { content, status: 302, location: '/weights.pth' });
    server.files.set('/weights.pth', { content });
    server.files.set('/circle', { content, status: 302, location: '/circle' });
    expect((await fetchWeights(`${server.url}/moved`)).sha256).toBe(sha256Of(content));
    expect((await failure(`${server.url}/circle`)).message).toBe(
      `${server.url}/circle: cannot be reached: it redirects without end`,
    );
  });

  it('that were changed in the cache are downloaded again, and that is told', async () => {
    server.files.set('/weights.pth', { content });
    const { path } = await fetchWeights(weightsUrl());
    for (const changed of [Uint8Array.from([...content.subarray(1), 7]), content.subarray(5)]) {
      await writeFile(path, changed);
      const notices: string[] = [];
      const again = await fetchWeights(weightsUrl(), { onNotice: (text) => notices.push(text) });
      expect(again.fromCache).toBe(false);
      expect(notices).toEqual([`${path} was changed since it was downloaded; it is downloaded again`]);
      expect((await readFile(path)).equals(content)).toBe(true);
    }
  });

  it.each(['no JSON', '{}', '{"file":"../../weights.pth"}'])(
    'are downloaded again where the record is %s',
    async (text) => {
      server.files.set('/weights.pth', { content });
      const { path } = await fetchWeights(weightsUrl());
      await writeFile(join(dirname(path), '.record.json'), text);
      expect((await fetchWeights(weightsUrl())).fromCache).toBe(false);
    },
  );

  it('have the hash that the address or the option asks for', async () => {
    server.files.set('/weights.pth', { content });
    const right = sha256Of(content);
    const wrong = sha256Of(content.subarray(1));
    const refused = await failure(`${weightsUrl()}#sha256=${wrong}`);
    expect(refused.message).toBe(`${weightsUrl()}: expected a file with SHA-256 ${wrong}, but its file has ${right}`);
    expect(refused.hint).toContain('do not use it');
    expect(await filesInCache()).toEqual([]);
    expect((await failure(weightsUrl(), { sha256: wrong })).code).toBe('CHECKPOINT');
    expect((await fetchWeights(`${weightsUrl()}#sha256=${right.toUpperCase()}`)).fromCache).toBe(false);
    expect((await fetchWeights(weightsUrl(), { sha256: right })).fromCache).toBe(true);
    // another hash than the cached file's asks the server once more
    expect((await failure(weightsUrl(), { sha256: wrong })).message).toContain('expected a file with SHA-256');
    expect((await fetchWeights(weightsUrl())).fromCache).toBe(true);
  });
});

describe('a download that was interrupted', () => {
  it('goes on where it stopped', async () => {
    server.files.set('/weights.pth', { content, etag: '"1"', cutAfter: 100_000 });
    const { message, hint } = await failure(weightsUrl());
    expect(message).toMatch(/weights\.pth: the connection broke after \d+ bytes: /);
    expect(hint).toBe('run it again: it goes on where it stopped');
    server.files.set('/weights.pth', { content, etag: '"1"' });
    const received: number[] = [];
    const { sha256 } = await fetchWeights(weightsUrl(), { onProgress: (bytes) => received.push(bytes) });
    expect(sha256).toBe(sha256Of(content));
    expect(received[0]).toBeGreaterThan(0);
    expect(server.requests).toEqual(['/weights.pth', `/weights.pth bytes=${received[0]}-`]);
    expect(await filesInCache()).toEqual(['.record.json', 'weights.pth']);
  });

  it('by a signal goes on where it stopped', async () => {
    const controller = new AbortController();
    const onSent = () => {};
    server.files.set('/weights.pth', { content: content.subarray(0, 200_000), length: 300_000, etag: '"1"', onSent });
    const reason = new Error('stopped');
    const stopped = fetchWeights(weightsUrl(), {
      signal: controller.signal,
      onProgress: (received) => {
        if (received > 0) controller.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    server.files.set('/weights.pth', { content, etag: '"1"' });
    expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(content));
    expect(server.requests[1]).toMatch(/bytes=\d+-$/);
  });

  it.each([
    ['has changed since', '"2"', contentOf(250_000)],
    ['has shrunk since', '"2"', contentOf(5)],
    ['has a weak ETag', 'W/"1"', content],
  ])('begins anew where the file %s', async (_, etag, now) => {
    const before = etag.startsWith('W/') ? etag : '"1"';
    server.files.set('/weights.pth', { content, etag: before, cutAfter: 100_000 });
    await failure(weightsUrl());
    server.files.set('/weights.pth', { content: now, etag });
    expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(now));
    expect(await filesInCache()).toEqual(['.record.json', 'weights.pth']);
  });

  it('begins anew where it was compressed on the way: what is on disk is not what a range counts', async () => {
    const compressed = { content: gzipSync(content), encoding: 'gzip', etag: '"1"' };
    server.files.set('/weights.pth', { ...compressed, cutAfter: 200_000 });
    await failure(weightsUrl());
    server.files.set('/weights.pth', compressed);
    expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(content));
    expect(server.requests).toEqual(['/weights.pth', '/weights.pth']);
  });

  it('begins anew where what is there is longer than the file', async () => {
    server.files.set('/weights.pth', { content, etag: '"1"', cutAfter: 100_000 });
    await failure(weightsUrl());
    const [entry] = await readdir(join(cache, 'weights'));
    await writeFile(join(cache, 'weights', entry as string, '.partial'), new Uint8Array(400_000));
    server.files.set('/weights.pth', { content, etag: '"1"' });
    expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(content));
  });
});

it('two downloads of the same at once both end with the whole file', async () => {
  server.files.set('/weights.pth', { content, etag: '"1"' });
  const both = await Promise.all([fetchWeights(weightsUrl()), fetchWeights(weightsUrl())]);
  for (const { path, sha256 } of both) {
    expect(sha256).toBe(sha256Of(content));
    expect((await readFile(path)).equals(content)).toBe(true);
  }
  expect(await filesInCache()).toEqual(['.record.json', 'weights.pth']);
});

it('a download leaves what another process has begun alone', async () => {
  server.files.set('/weights.pth', { content, etag: '"1"', cutAfter: 100_000 });
  await failure(weightsUrl());
  const [entry = ''] = await readdir(join(cache, 'weights'));
  const folder = join(cache, 'weights', entry);
  const lock = await lockFolder(folder);
  server.files.set('/weights.pth', { content, etag: '"1"' });
  expect((await fetchWeights(weightsUrl())).sha256).toBe(sha256Of(content));
  expect(await filesInCache()).toEqual(['.partial', '.partial.json', '.record.json', '.skein-lock', 'weights.pth']);
  await lock.release();
});

describe('a server that refuses', () => {
  it.each([
    [404, 'the server has no such file (status 404)', 'has it moved?'],
    [401, 'the server asks who you are (status 401)', 'HF_TOKEN'],
    [403, 'the server does not allow it (status 403)', 'HF_TOKEN'],
    [429, 'the server asks to wait (status 429)', 'try again'],
    [503, 'the server refuses (status 503)', 'try again'],
    [418, 'the server refuses (status 418)', 'in a browser'],
  ])('with %s is repeated in words', async (status, words, hint) => {
    server.files.set('/weights.pth', { content, status });
    const error = await failure(weightsUrl());
    expect(error.message).toBe(`${weightsUrl()}: ${words}`);
    expect(error.hint).toContain(hint);
    expect(await filesInCache()).toEqual([]);
  });

  it('because it is not there is told from one that has no such file', async () => {
    const url = weightsUrl();
    await server.stop();
    expect((await failure(url)).message).toBe(`${url}: cannot be reached: nothing answers there`);
    await server.start();
  });

  it('nothing, but offers a file that is too large, is not listened to', async () => {
    server.files.set('/weights.pth', { content, length: 3e9, onSent: () => {} });
    expect((await failure(weightsUrl())).message).toBe(
      `${weightsUrl()}: expected a file of at most 2147483647 bytes, got 3000000000`,
    );
  });

  it('to send all that it declared leaves no file that looks whole', async () => {
    server.files.set('/weights.pth', { content, length: 300_001 });
    expect((await failure(weightsUrl())).message).toContain('the connection broke after');
    expect(await filesInCache()).not.toContain('weights.pth');
  });
});

describe('a repository of Hugging Face', () => {
  const other = contentOf(1000);
  const offer = (files: Readonly<Record<string, Uint8Array>>, rest: { card?: unknown; token?: string } = {}) =>
    server.repositories.set('someone/net', { files: new Map(Object.entries(files)), ...rest });

  it('gives model.safetensors, with the licence of its card and the commit', async () => {
    offer(
      { 'README.md': other, 'model.safetensors': content, 'pytorch_model.bin': other, 'extra.safetensors': other },
      { card: { license: 'apache-2.0' } },
    );
    const first = await fetchWeights('hf:someone/net');
    expect(first).toMatchObject({
      sha256: sha256Of(content),
      bytes: 300_000,
      licence: 'apache-2.0',
      source: `hf:someone/net@${commit}/model.safetensors`,
      fromCache: false,
    });
    expect(server.requests).toEqual([
      '/api/models/someone/net/revision/HEAD',
      `/someone/net/resolve/${commit}/model.safetensors bytes=0-0`,
      `/someone/net/resolve/${commit}/model.safetensors`,
    ]);
    expect(await fetchWeights('hf:someone/net')).toEqual({ ...first, fromCache: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['the only .safetensors', { 'a/net.safetensors': content, 'pytorch_model.bin': other }],
    ['pytorch_model.bin', { 'pytorch_model.bin': content, 'training_args.bin': other, 'net.onnx': other }],
    ['the only .pth', { 'net.pth': content, 'net.onnx': other }],
    ['model.onnx', { 'model.onnx': content, 'model_quantized.onnx': other }],
  ])('gives %s', async (_, files) => {
    offer(files as unknown as Record<string, Uint8Array>);
    const { sha256, licence } = await fetchWeights('hf:someone/net');
    expect([sha256, licence]).toEqual([sha256Of(content), undefined]);
  });

  it('gives the file and the revision that the word names', async () => {
    offer({ 'b.safetensors': other, 'a/ä b.safetensors': content }, { card: { license: ['mit', 'bsd'] } });
    const found = await fetchWeights('hf:someone/net@v1.0/a/ä b.safetensors');
    expect(found).toMatchObject({ sha256: sha256Of(content), licence: 'mit, bsd' });
    expect(server.requests[0]).toBe('/api/models/someone/net/revision/v1.0');
  });

  it('names a licence that is a custom one', async () => {
    offer({ 'model.safetensors': content }, { card: { license: 'other', license_name: 'lab-terms' } });
    expect((await fetchWeights('hf:someone/net')).licence).toBe('lab-terms');
  });

  it('with several files of weights asks which', async () => {
    offer({ 'a.safetensors': content, 'b.safetensors': other, 'pytorch_model.bin': other });
    const { message, hint } = await failure('hf:someone/net');
    expect(message).toBe('hf:someone/net: expected one file of weights, but there are 2: a.safetensors, b.safetensors');
    expect(hint).toBe('say which: hf:someone/net/a.safetensors');
  });

  it('without weights, or without the file, says what it has', async () => {
    offer({ 'README.md': other, 'model.safetensor': other });
    expect((await failure('hf:someone/net')).message).toContain('got README.md, model.safetensor');
    expect(await failure('hf:someone/net/model.safetensors')).toMatchObject({
      message: 'hf:someone/net/model.safetensors: the repository has no file model.safetensors',
      hint: 'did you mean model.safetensor?',
    });
    offer({});
    expect((await failure('hf:someone/net')).message).toContain('but the repository is empty');
  });

  it.each([
    ['less', content.subarray(0, 1000)],
    ['more', contentOf(301_000)],
  ])('says how large a file is where the download does not: %s is refused', async (_, sent) => {
    const files = new Map([['model.safetensors', content]]);
    server.repositories.set('someone/net', { files, sent: { content: sent, streamed: true } });
    expect((await failure('hf:someone/net')).message).toMatch(
      /expected 300000 bytes, as the repository said, got (1000|30\d{4})$/,
    );
  });

  it('that says no size is refused in words', async () => {
    server.repositories.set('someone/net', { files: new Map([['model.safetensors', content]]), size: '-5' });
    expect((await failure('hf:someone/net')).message).toContain('the server does not answer as Hugging Face does');
  });

  it('that is private is seen with HF_TOKEN only, also by its plain link', async () => {
    offer({ 'model.safetensors': content }, { token: 'hf_secret' });
    expect(await failure('hf:someone/net')).toMatchObject({
      message: 'hf:someone/net: the server asks who you are (status 401)',
      hint: expect.stringContaining('set HF_TOKEN'),
    });
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    expect((await fetchWeights('hf:someone/net')).sha256).toBe(sha256Of(content));
    const link = `${server.url}/someone/net/resolve/main/model.safetensors`;
    expect((await fetchWeights(link)).sha256).toBe(sha256Of(content));
    vi.stubEnv('HF_TOKEN', 'secret');
    expect((await failure('hf:someone/net@v2')).message).toBe(
      'HF_TOKEN: expected a token that starts with hf_, got something else',
    );
  });

  it('whose hash is not the one that the person gives is not downloaded', async () => {
    offer({ 'model.safetensors': content });
    const wrong = sha256Of(other);
    expect((await failure(`hf:someone/net#sha256=${wrong}`)).message).toBe(
      `hf:someone/net@${commit}/model.safetensors: expected a file with SHA-256 ${wrong}, but the server's has ${sha256Of(content)}`,
    );
    expect(server.requests).toHaveLength(2);
  });

  it('on a server that is no Hugging Face is refused in words', async () => {
    vi.stubEnv('HF_ENDPOINT', `${server.url}/elsewhere/`);
    expect((await failure('hf:someone/net')).message).toBe('hf:someone/net: the server has no such file (status 404)');
    server.files.set('/elsewhere/api/models/someone/net/revision/HEAD', { content: new TextEncoder().encode('null') });
    expect((await failure('hf:someone/net')).message).toContain('the server does not answer as Hugging Face does');
  });
});

it.each(['localhost', 'localhost:8080', 'https://'])('HF_ENDPOINT must be an address, not %s', async (endpoint) => {
  vi.stubEnv('HF_ENDPOINT', endpoint);
  for (const where of ['hf:someone/net', weightsUrl()])
    expect(await failure(where)).toMatchObject({
      code: 'CONFIG',
      message: `HF_ENDPOINT: expected the address of a mirror, got ${endpoint}`,
    });
});

describe('a word', () => {
  it('is told from a path by how it begins', () => {
    expect(['https://a/b', 'HTTP://a', 'hf:a/b'].every(isRemote)).toBe(true);
    expect(['weights.pth', './hf/a', 'C:\\weights.pth', 'hf', 'runs/http:'].some(isRemote)).toBe(false);
  });

  it.each([
    'hf:someone',
    'hf:someone/net@',
    'hf:a/b/../c',
    'hf:a b/c',
    'https://',
    'ftp://host/file',
    'https://me:secret@host/file',
    'https://host/file#sha256=12',
    'https://host/file#part',
  ])('that names nothing is a mistake of the person: %s', async (word) => {
    expect(await failure(word)).toMatchObject({ code: 'CONFIG', message: expect.stringContaining('expected') });
    expect((await failure('https://host/file', { sha256: '12' })).code).toBe('CONFIG');
  });
});
