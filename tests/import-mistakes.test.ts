/** What `skein import` and the commands after it say of weights that cannot be used as they are. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importWeights, loadClassifier, resnet } from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import { graphToJson, initialState } from '../src/ir/index.ts';
import { recogniseNames } from '../src/models/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { decodeSafetensors, encodeSafetensors, type Tensor, tensor } from '../src/tensor/index.ts';
import { expectKnownNames } from '../src/trained/import/unknown-names.ts';
import { networkWeights } from '../src/trained/index.ts';
import { skein } from './run-skein.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-mistakes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A ResNet-8 with the names of scripts for CIFAR, changed. */
async function changed(change: (tensors: Map<string, Tensor>) => void, classes = 4): Promise<string> {
  const network = resnet({ depth: 8 });
  const image = { channels: 3, height: 32, width: 32 };
  const program = predictionProgram({ network, image, classes, batchSize: 1 });
  const { tensors } = decodeSafetensors(
    networkWeights('it', {
      kind: 'skein-checkpoint',
      version: 1,
      network: { name: network.name, options: network.options },
      graph: graphToJson(program),
      classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
      preprocessing: { ...image, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
      tensors: initialState(program.graph, 1),
    }).bytes,
  );
  change(tensors);
  const path = join(folder, 'weights.safetensors');
  await writeFile(path, encodeSafetensors(tensors, {}));
  return path;
}

const refused = async (path: string) =>
  importWeights(path).then(
    () => 'it was imported',
    (error: Error & { hint?: string }) => `${error.message} (${error.hint})`,
  );

const zeros = (...shape: number[]) => tensor('float32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));

describe('an import', () => {
  it('refuses numbers that are not finite, and names their tensors', async () => {
    const path = await changed((all) => all.set('linear.bias', tensor('float32', [4], Float32Array.of(0, NaN, 0, 0))));
    expect(await refused(path)).toContain('1 of 37 tensors have numbers that are NaN or infinite: `linear.bias`');
  });

  it('names what is missing as the file would, with its prefix, and does not send to --model for a name', async () => {
    const gone = await changed((all) => {
      all.delete('layer3.0.conv1.weight');
      for (const [name, value] of [...all]) {
        all.delete(name);
        all.set(`module.${name}`, value);
      }
    });
    expect(await refused(gone)).toMatch(/1 missing: `module\.layer3\.0\.conv1\.weight` \(the file lacks a part/);
    const headless = await changed((all) => [all.delete('linear.weight'), all.delete('linear.bias')]);
    expect(await refused(headless)).toContain('2 missing: `fc.weight`, `fc.bias` (the classifier is missing');
    const twoHeads = await changed((all) => all.set('linear.bias', zeros(1000)));
    expect(await refused(twoHeads)).toContain('weight and bias of the classifier are of different networks');
  });

  it('takes the one layer of a replaced head, and not one of several', async () => {
    const move = (all: Map<string, Tensor>, to: string) => {
      for (const leaf of ['weight', 'bias']) {
        all.set(`${to}.${leaf}`, all.get(`linear.${leaf}`) as Tensor);
        all.delete(`linear.${leaf}`);
      }
    };
    for (const head of ['fc.1', 'classifier.2', 'head.0']) {
      const { matched, leftOver } = await importWeights(await changed((all) => move(all, head)));
      expect({ matched, leftOver }).toEqual({ matched: 37, leftOver: [] });
    }
    const two = await changed((all) => {
      move(all, 'fc.3');
      all.set('fc.0.weight', zeros(64, 64));
    });
    expect(await refused(two)).toContain('2 missing');
  });

  it('says how to export an ONNX file whose batch norms are folded', () => {
    const names = ['onnx::Conv_193', 'fc.weight', 'fc.bias'];
    const tensors = new Map(names.map((name, i) => [name, i === 0 ? zeros(4, 3, 7, 7) : zeros(4)]));
    const weights = { source: 'ONNX', tensors, metadata: {}, halves: [], notes: [] } as const;
    expect(() => expectKnownNames(weights, recogniseNames(names))).toThrow('batch norms are folded into convolutions');
  });

  it('says what one output means', async () => {
    const { notes } = await importWeights(await changed(() => {}, 1));
    expect(notes).toContain('classes have no names in the file: the only one is `class 0` (--class-names)');
    expect(notes.at(-1)).toContain('of one output it is always 100 %');
  });

  it('names the key of the weights in a pickle that takes too much to read', async () => {
    // { 'model': { 'w': a tensor }, 'history': … } as protocol 2 writes it
    const storage = '(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQ';
    const weight = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00K\x01\x85K\x01\x85\x89}tR`;
    const pickle = `\x80\x02}(X\x05\x00\x00\x00model}X\x01\x00\x00\x00w${weight}sX\x07\x00\x00\x00history${'N0'.repeat(600_000)}`;
    const magic =
      '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}X\x0d\x00\x00\x00little_endian\x88s.';
    const path = join(folder, 'reference.pth');
    await writeFile(path, Buffer.from(magic + pickle, 'latin1'));
    expect(await refused(path)).toMatch(
      /at most 1000000 instructions.*torch\.load\(PATH, weights_only=False\)\['model'\]/,
    );
  });
});

describe('a command', () => {
  it('sends weights of other tools to skein import', async () => {
    const torch = join(folder, 'r18.pth');
    await writeFile(torch, 'PK\x03\x04 archive');
    for (const words of [
      ['predict', torch, 'x.png'],
      ['export', torch, '--torch'],
      ['inspect', torch],
    ]) {
      const { code, stderr } = await skein(...words);
      expect(code).toBe(1);
      expect(stderr).toContain(`but this is a file of PyTorch\n  make one of it: skein import ${torch}`);
    }
    const foreign = await changed(() => {});
    expect((await skein('inspect', foreign)).stderr).toContain(`skein import ${foreign}`);
  });

  it('fails where outputs are not finite', async () => {
    const path = join(folder, 'broken.safetensors');
    const { checkpoint } = await importWeights(await changed(() => {}));
    const tensors = new Map(checkpoint.tensors).set(
      'classifier.bias',
      tensor('float32', [4], new Float32Array(4).fill(NaN)),
    );
    await saveCheckpoint(path, { ...checkpoint, tensors });
    const classifier = await loadClassifier(path);
    try {
      const image = { channels: 3, height: 32, width: 32, pixels: new Uint8Array(3 * 32 * 32) };
      await expect(classifier.predict(image)).rejects.toThrow('1 of its 37 tensors: `classifier.bias`');
    } finally {
      await classifier.dispose();
    }
  });

  it.each([
    [['import'], 'skein import --help'],
    [['predict', '--frobnicate', 'a', 'b'], 'skein predict --help'],
    [['import', 'a', 'b'], 'skein import --help'],
    [['frobnicate'], 'skein --help'],
  ])('explains where usage is: %s', async (words, help) => {
    const { code, stderr } = await skein(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error: [^\\n]+\\n  see ${help}\\n$`));
  });
});
