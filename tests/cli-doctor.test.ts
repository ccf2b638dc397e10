import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../src/train/index.ts';
import { skein } from './run-skein.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The command on a machine where a package is not installed. */
async function without(name: string, ...words: string[]) {
  const hooks = `export const resolve = (name, context, next) => {
    if (name.startsWith('${name}')) throw new Error("Cannot find package '${name}' imported from here");
    return next(name, context);
  };`;
  const register = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));`;
  const path = join(folder, 'without.mjs');
  await writeFile(path, register);
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...words], {
    env: { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(path).href}` },
    encoding: 'utf8',
  });
}

interface Told {
  readonly ready: boolean;
  readonly engines: readonly { name: string; works: boolean; version?: string; problem?: string; remedy?: string }[];
}

describe('skein doctor', () => {
  it('tells as JSON what was tried and what this machine is', async () => {
    const { code, stdout, stderr } = await skein('doctor', '--json');
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
      'images',
    ]);
    expect(told).toMatchObject({
      skein: version,
      ready: true,
      node: { version: process.versions.node, needed: '>=20.19', supported: true },
      platform: { system: process.platform, architecture: process.arch },
      processor: { threads: availableParallelism() },
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

  it('ends with 1 and the command that helps where ONNX Runtime is not installed', async () => {
    const { status, stdout, stderr } = await without('onnxruntime-node', 'doctor');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^ {2}✗ missing {2}onnxruntime +onnxruntime: the package onnxruntime-node is not installed$/m,
    );
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
    const { status, stdout } = await without('onnxruntime-node', 'doctor', '--json');
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

  it('explains itself with an example', async () => {
    expect((await skein('doctor', '--help')).stdout).toMatch(/Example:\n {2}skein doctor/);
  });
});
