import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { version } from '../src/trained/index.ts';
import { enginesHere } from './engines-here.ts';
import { mpiHere } from './mpi-here.ts';
import { skein } from './run-skein.ts';

const absent = enginesHere.length === 1;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The command on a machine where a package is not installed. */
async function without(name: string, ...words: string[]) {
  return run(await hooksWithout(name), words);
}

async function hooksWithout(name: string) {
  const hooks = `export const resolve = (name, context, next) => {
    if (name.startsWith('${name}')) throw new Error("Cannot find package '${name}' imported from here");
    return next(name, context);
  };`;
  const register = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));`;
  const path = join(folder, 'without.mjs');
  await writeFile(path, register);
  return { NODE_OPTIONS: `--import ${pathToFileURL(path).href}` };
}

function run(environment: Readonly<Record<string, string>>, words: readonly string[]) {
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...words], {
    env: { ...process.env, ...noMpi, ...environment },
    encoding: 'utf8',
  });
}

/** A job of two ranks is tried where a test is about it. */
const noMpi = { SKEIN_MPI_LIB: join(tmpdir(), 'no', 'libmpi.so') };
const noOneDnn = { SKEIN_ONEDNN_LIB: join(tmpdir(), 'no', 'libdnnl.so') };

interface Told {
  readonly ready: boolean;
  readonly engines: readonly { name: string; works: boolean; version?: string; problem?: string; remedy?: string }[];
}

describe('skein doctor', () => {
  it('tells as JSON what was tried and what this machine is', async () => {
    vi.stubEnv('SKEIN_MPI_LIB', noMpi.SKEIN_MPI_LIB);
    const { code, stdout, stderr } = await skein('doctor', '--json').finally(() => vi.unstubAllEnvs());
    expect([code, stderr]).toEqual([0, '']);
    const told = JSON.parse(stdout) as Told;
    expect(Object.keys(told)).toEqual([
      'skein',
      'ready',
      'node',
      'platform',
      'processor',
      'memory',
      'engines',
      'auto',
      'images',
      'mpi',
    ]);
    expect(told).toMatchObject({
      skein: version,
      ready: true,
      node: { version: process.versions.node, needed: '>=20.19', supported: true },
      platform: { system: process.platform, architecture: process.arch },
      processor: { threads: availableParallelism() },
      auto: { predict: { engine: 'onnxruntime' } },
      images: { name: 'sharp', works: true },
    });
    const engines = new Map(told.engines.map((engine) => [engine.name, engine]));
    expect(engines.get('evaluator')).toEqual({ name: 'evaluator', works: true });
    expect(engines.get('onnxruntime')).toEqual({
      name: 'onnxruntime',
      works: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      blockSize: expect.any(Number),
    });
  });

  it('prints a checklist that needs no colours', async () => {
    const { code, stdout } = await skein('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}✓ works {4}onnxruntime +\d\S+ ran a training step \((blocks of \d+|no blocks)\)$/m);
    expect(stdout).toMatch(/^Everything that training needs works\.$/m);
  });

  it('ends with 1 and the command that helps where neither ONNX Runtime nor oneDNN is installed', async () => {
    const { status, stdout, stderr } = run({ ...(await hooksWithout('onnxruntime-node')), ...noOneDnn }, ['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}✗ fails {4}onnxruntime +the package onnxruntime-node is not installed$/m);
    expect(stdout).toMatch(/^ {2}✓ works {4}evaluator /m);
    expect(stdout).not.toContain('Everything');
    expect(stderr).toMatch(
      /^error: this installation cannot train: onnxruntime does not work\n {2}run `.*npm i onnxruntime-node`\n$/,
    );
  });

  it('names the command for the image library, and everything else still runs', async () => {
    const { status, stdout, stderr } = await without('sharp', 'doctor');
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ .*sharp/);
    expect(stderr).toMatch(/npm (i|install) .*sharp/);
    const models = await without('sharp', 'models');
    expect(models.status).toBe(0);
  });
  it('keeps JSON whole where something is missing', async () => {
    const hooks = await hooksWithout('onnxruntime-node');
    const { status, stdout } = run({ ...hooks, ...noOneDnn }, ['doctor', '--json']);
    expect(status).toBe(1);
    const { ready, engines } = JSON.parse(stdout) as Told;
    expect(ready).toBe(false);
    expect(engines[0]).toEqual({
      name: 'onnxruntime',
      works: false,
      problem: expect.stringContaining('not installed'),
      remedy: expect.stringContaining('npm i onnxruntime-node'),
    });
  });

  it.skipIf(absent)('is content with oneDNN alone, and shows where it is', async () => {
    const { status, stdout } = await without('onnxruntime-node', 'doctor');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}oneDNN +\d\S+ computes rightly; bf16 (yes|no); .*dnnl/m);
    for (const purpose of ['training', 'predicting'])
      expect(stdout).toMatch(new RegExp(`^ {2}${purpose} +onednn: oneDNN \\S+ found, but no onnxruntime-node$`, 'm'));
  });

  it.runIf(process.arch === 'x64')('says how koffi is installed, without which there is no oneDNN', async () => {
    const { status, stdout } = await without('koffi', 'doctor');
    expect(status).toBe(0);
    expect(stdout).toMatch(/✗ fails {4}onednn +the package koffi is not installed\n +run `npm install koffi`/);
    expect(stdout).toMatch(
      /^ {2}training +onnxruntime: the package koffi is not installed; `npm install koffi` makes training faster$/m,
    );
  });

  it('says how MPI is installed, without which all else works', () => {
    const { status, stdout } = run({ SKEIN_MPI_LIB: join(tmpdir(), 'no', 'libmpi.so') }, ['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /✗ fails {4}MPI +SKEIN_MPI_LIB does not name an MPI library, but .*; only training in several processes needs it\n +set SKEIN_MPI_LIB/,
    );
    expect(stdout).toContain('Everything that training needs works.');
  });

  it.each(mpiHere.map((mpi) => [mpi.family, mpi] as const))('trains in two ranks under %s', (family, { library }) => {
    const { stdout } = run({ SKEIN_MPI_LIB: library }, ['doctor', '--json']);
    const { mpi } = JSON.parse(stdout) as { mpi: object };
    expect(mpi).toEqual({ library: family, version: expect.stringMatching(/^\d+\.\d+/), works: true });
  });

  it('explains itself with an example', async () => {
    expect((await skein('doctor', '--help')).stdout).toMatch(/Example:\n {2}skein doctor/);
  });
});
