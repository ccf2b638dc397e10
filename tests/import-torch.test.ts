/** `skein import` of what training scripts save: averages and names of classes beside the weights, and files that are no weights at all. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, importWeights, resnet } from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { graphToJson, initialState } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { decodeSafetensors, encodeSafetensors, type Tensor, tensor } from '../src/tensor/index.ts';
import { networkWeights } from '../src/trained/index.ts';
import { skein } from './run-skein.ts';
import { type Saved, torchZipOf } from './torch-zip-of.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-import-torch-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The weights of a ResNet-8 for three classes, under the names of scripts for CIFAR, all biases of the head being `bias`. */
function weights(bias = 0, prefix = ''): Record<string, Tensor<'float32'>> {
  const network = resnet({ depth: 8 });
  const image = { channels: 3, height: 32, width: 32 };
  const program = predictionProgram({ network, image, classes: 3, batchSize: 1 });
  const { tensors } = decodeSafetensors(
    networkWeights('it', {
      kind: 'skein-checkpoint',
      version: 1,
      network: { name: network.name, options: network.options },
      graph: graphToJson(program),
      classes: ['a', 'b', 'c'],
      preprocessing: { ...image, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
      tensors: initialState(program.graph, 1),
    }).bytes,
  );
  const kept = [...tensors].filter(([, { dtype }]) => dtype === 'float32') as [string, Tensor<'float32'>][];
  const all = new Map(kept).set('linear.bias', tensor('float32', [3], new Float32Array(3).fill(bias)));
  return Object.fromEntries([...all].map(([name, value]) => [prefix + name, value]));
}

async function write(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const saved = (object: Saved) => write('saved.pth', torchZipOf(object));

async function imported(object: Saved, options: ImportOptions = {}) {
  const { checkpoint, notes } = await importWeights(await saved(object), options);
  const [bias] = checkpoint.tensors.get('classifier.bias')?.data ?? [];
  return { classes: checkpoint.classes, bias, notes: notes.join('\n') };
}

describe('names of classes beside the weights', () => {
  it('are taken where they fit, and said', async () => {
    const { classes, notes } = await imported({ model: weights(), class_to_idx: { dog: 1, cat: 0, ant: 2 } });
    expect(classes).toEqual(['cat', 'dog', 'ant']);
    expect(notes).toContain("class names are those of the file's `class_to_idx` (--class-names)");
    expect(notes).not.toContain('have no names');
  });

  it('give way to those that are given', async () => {
    const classNames = ['x', 'y', 'z'];
    const object = { model: weights(), class_to_idx: { dog: 1, cat: 0, ant: 2 } };
    expect(await imported(object, { classNames })).toMatchObject({ classes: classNames });
    const names = await write('names.txt', '0 x\n1 y\n2 z\n');
    const out = join(folder, 'named.safetensors');
    expect((await skein('import', await saved(object), '--class-names', names, '--out', out)).code).toBe(0);
    expect((await loadCheckpoint(out)).classes).toEqual(classNames);
  });

  it.each<[Saved, string]>([
    [{ model: weights(), classes: ['cat', 'dog'] }, '`classes` are not taken: it has 2, and the classifier 3 outputs'],
    [{ model: weights(), class_to_idx: { a: 0, b: 1, c: 3 } }, 'are not taken: there is no name for 2 of 0 to 2'],
    [
      { model: weights(), classes: ['cat', 'dog', 'ant'], class_to_idx: { ant: 0, cat: 1, dog: 2 } },
      '`class_to_idx` and `classes` of the file name the classes differently: neither is taken',
    ],
  ])('are left where they do not fit, and that is said', async (object, note) => {
    const { classes, notes } = await imported(object);
    expect(classes).toEqual(['class 0', 'class 1', 'class 2']);
    expect(notes).toContain(note);
  });

  it('are found in what Lightning saves', async () => {
    const lightning = {
      'pytorch-lightning_version': '2.1.0',
      epoch: 3,
      state_dict: weights(0, 'model.'),
      hyper_parameters: { lr: '0.1', class_names: ['cat', 'dog', 'ant'] },
    };
    expect(await imported(lightning)).toMatchObject({ classes: ['cat', 'dog', 'ant'] });
  });
});

describe('more than one set of weights', () => {
  it('is said, and --state takes the other', async () => {
    const object = { epoch: 3, state_dict_ema: weights(2), state_dict: weights(1) };
    const { bias, notes } = await imported(object);
    expect(bias).toBe(1);
    expect(notes).toContain('read `state_dict`; beside it');
    expect(notes).toContain('other weights in the file: `state_dict_ema` (--state state_dict_ema takes them)');
    expect(await imported(object, { state: 'state_dict_ema' })).toMatchObject({ bias: 2 });
    const out = join(folder, 'ema.safetensors');
    const { code, stdout } = await skein('import', await saved(object), '--state', 'state_dict_ema', '--out', out);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('read `state_dict_ema`') });
    expect((await loadCheckpoint(out)).tensors.get('classifier.bias')?.data[0]).toBe(2);
    const unknown = await skein(
      'import',
      await saved(object),
      '--state',
      'ema',
      '--out',
      join(folder, 'no.safetensors'),
    );
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('at `ema`, got nothing there\n  there are `state_dict_ema`, `state_dict`');
  });

  it("may be torchvision's average, with its counter and prefix", async () => {
    const model_ema = { n_averaged: tensor('float32', [], Float32Array.of(7)), ...weights(2, 'module.') };
    const object = { model: weights(1), model_ema };
    expect(await imported(object)).toMatchObject({ bias: 1 });
    const { bias, notes } = await imported(object, { state: 'model_ema' });
    expect(bias).toBe(2);
    expect(notes).toContain('`n_averaged`, a counter of averaging, is left out');
  });

  it('is of PyTorch alone', async () => {
    const path = await write('one.safetensors', encodeSafetensors(new Map(Object.entries(weights()))));
    await expect(importWeights(path, { state: 'ema' })).rejects.toThrow(
      '`state` names a dict in a file of PyTorch, but',
    );
  });
});

describe('a file that is no weights', () => {
  const cases: [string, string, string][] = [
    ['model.h5', '\x89HDF\r\n\x1a\n\0\0\0\0keras_version\0', 'this is a Keras model (HDF5)\n  Skein cannot read it'],
    ['model.tflite', '\x1c\0\0\0TFL3\x14\0', 'this is a TensorFlow Lite model\n  take the PyTorch weights'],
    ['page.pth', '<!DOCTYPE html><html>', 'this is a web page (HTML), not the file\n  the download'],
    [
      'pointer.onnx',
      'version https://git-lfs.github.com/spec/v1\n',
      'this is a pointer of Git LFS, not the file\n  get',
    ],
    [
      'config.yaml',
      'model: resnet8\ndata: x\nimage:\n',
      'this is the settings of a run (config.yaml)\n  skein predict and eval take the folder',
    ],
  ];

  it.each(cases)('is named: %s', async (name, content, problem) => {
    const path = await write(name, Buffer.from(content, 'latin1'));
    const { code, stdout, stderr } = await skein('import', path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      `${path}: expected weights as safetensors, as ONNX, or as torch.save writes them, but ${problem}`,
    );
  });

  it.each(cases)('is no checkpoint: %s', async (name, content, problem) => {
    const path = await write(name, Buffer.from(content, 'latin1'));
    const { code, stderr } = await skein('inspect', path);
    expect(code).toBe(1);
    expect(stderr).toContain(`${path}: expected a checkpoint of Skein, but ${problem}`);
  });

  it('is told from a checkpoint of which a text is not', async () => {
    const path = await write('notes.txt', 'some notes\n');
    expect((await skein('inspect', path)).stderr).toContain(
      'but this is a text file, which begins with "some notes"\n  give a .safetensors file that skein wrote',
    );
    expect((await skein('import', path)).stderr).toContain('\n  give a .safetensors, .pth, .pt or .onnx file');
  });
});
