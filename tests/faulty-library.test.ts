/** A oneDNN whose primitives are right one by one, and on which no network trains: whoever might use it must say what failed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseEngine, diagnose, onednn } from '../src/engines/index.ts';
import { probe } from '../src/engines/onednn/conformance/probe.ts';
import { trials } from '../src/engines/trial/trial.ts';
import { buildLibrary, compilerHere } from './build-library.ts';
import { oneDnnHere } from './onednn-here.ts';
import { skein } from './run-skein.ts';

/**
 * The real library, but for gradients of batch norms (they have an argument 255, the gradient of a scale): after five of them, which are
 * more than the checks of primitives have and fewer than a step of the smallest network, `fault` happens in place of the sixth.
 */
const faulty = (fault: string) => `
  #define _GNU_SOURCE
  #include <dlfcn.h>
  #include <stdint.h>
  #include <stdlib.h>
  typedef struct { int number; void *memory; } argument;
  typedef int execute(const void *, void *, int, const argument *);
  /* of its own, so that the file that is found is this one */
  const void *dnnl_version(void) { return ((const void *(*)(void))dlsym(RTLD_NEXT, "dnnl_version"))(); }
  int dnnl_primitive_execute(const void *primitive, void *stream, int count, const argument *arguments) {
    static int gradients = 0;
    for (int i = 0; i < count; i++)
      if (arguments[i].number == 255 && ++gradients > 5) { ${fault}; }
    return ((execute *)dlsym(RTLD_NEXT, "dnnl_primitive_execute"))(primitive, stream, count, arguments);
  }`;

const faults = { none: '', reports: 'return 5', computes: 'return 0', ends: 'abort()' } as const;

/** What `auto`'s reason ends with. */
const reasons = {
  reports: /: a primitive failed: runtime error$/,
  computes: /: `\S+`( of the (first|second) step)?: expected \S+ at \d+, but got \S+$/,
} as const;

let folder: string;
const pathOf = (name: keyof typeof faults) => join(folder, `libdnnl-${name}.so`);

const possible = oneDnnHere && compilerHere && process.platform === 'linux';

describe.runIf(possible)('a oneDNN on which training steps fail', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-faulty-'));
    for (const [name, fault] of Object.entries(faults))
      buildLibrary(pathOf(name as keyof typeof faults), faulty(fault), oneDnnHere?.path);
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    vi.stubEnv('SKEIN_CACHE', join(folder, 'cache'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const use = (name: keyof typeof faults) => vi.stubEnv('SKEIN_ONEDNN_LIB', pathOf(name));

  it('is trusted without the fault', async () => {
    use('none');
    expect(await probe({ seconds: 60 })).toEqual({ ...oneDnnHere, path: pathOf('none') });
  });

  it.each(['reports', 'computes'] as const)(
    'is refused by `auto`, by name and by the doctor alike: it %s',
    async (name) => {
      use(name);
      // other tests run beside this one; what follows finds the answer in the cache
      await probe({ seconds: 60 });
      const begin = `${pathOf(name)} (${oneDnnHere?.version}) cannot be used: a training step of a small residual network: `;
      const { engine, reason = '' } = await chooseEngine('auto', 'train');
      expect(engine.name).toBe('onnxruntime');
      expect(reason).toContain(`oneDNN is left out: ${begin}`);
      expect(reason).toMatch(reasons[name]);
      const error = await onednn.compile(trials[0]?.programs ?? {}).catch((thrown: Error) => thrown);
      const failed = reason.replace('oneDNN is left out', 'onednn');
      expect(error).toMatchObject({ code: 'ENGINE', message: expect.stringContaining(failed) });
      const { works, problem } = await diagnose(onednn);
      expect([works, problem]).toEqual([false, (error as Error).message]);
    },
  );

  it('is shown with what failed by the commands', async () => {
    use('reports');
    await probe({ seconds: 60 });
    const failed = 'cannot be used: a training step of a small residual network: a primitive failed: runtime error';
    const doctor = await skein('doctor');
    const lines = doctor.stdout.split('\n');
    expect(lines.find((line) => /✗ fails +onednn /.test(line))).toContain(failed);
    expect(lines.find((line) => /^ +training +onnxruntime: oneDNN is left out/.test(line))).toContain(failed);
    const words = ['train', 'resnet8', '--data', 'fashion-mnist-sample', '--out', join(folder, 'run')];
    const { code, stderr } = await skein(...words, '--engine', 'onednn');
    expect(code).toBe(1);
    expect(stderr).toContain(failed);
  });

  it('is named with what it was to do when it ends the process', async () => {
    use('ends');
    expect(await probe({ seconds: 60 })).toEqual({
      problem: `${pathOf('ends')} cannot be used: a training step of a small residual network: the process that tried it ended (SIGABRT)`,
    });
  });
});
