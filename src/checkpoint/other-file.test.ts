import { describe, expect, it } from 'vitest';
import { zipOf } from '../../tests/zip-of.ts';
import { encodeSafetensors } from '../tensor/index.ts';
import { otherFile, otherFolder } from './other-file.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const zip = (...names: string[]) => zipOf(names.map((name) => [name, bytes('x')] as const));
const field = (tag: number, content: string) => String.fromCharCode(tag, content.length) + content;

describe('a file that holds no weights Skein could read', () => {
  it.each<[string, string, Uint8Array]>([
    ['an empty file', 'get it again', bytes('')],
    ['a file of zeros', 'get it again', new Uint8Array(5000)],
    ['a Keras model (HDF5)', 'ONNX export folds batch norms', bytes(`\x89HDF\r\n\x1a\n\0\0\0\0keras_version\0`)],
    ['an HDF5 file', 'Keras', bytes('\x89HDF\r\n\x1a\n\0\0\0\0')],
    ['a Keras model (.keras)', 'Keras', zip('metadata.json', 'config.json', 'model.weights.h5')],
    ['a TensorFlow Lite model', 'PyTorch weights', bytes('\x1c\0\0\0TFL3\x14\0')],
    ['a TensorFlow.js model (model.json)', 'PyTorch', bytes('{"format":"layers-model","modelTopology":{}}')],
    ['a TensorFlow.js model', 'PyTorch', zip('web/model.json', 'web/group1-shard1of2.bin')],
    ['an export of Teachable Machine', 'a MobileNet', zip('model.json', 'weights.bin', 'metadata.json')],
    ['an export of Teachable Machine', 'a MobileNet', zip('keras_model.h5', 'labels.txt')],
    ['an export of Teachable Machine', 'a MobileNet', zip('model_unquant.tflite', 'labels.txt')],
    ["Teachable Machine's model", 'a MobileNet', bytes('{"tfjsVersion":"1.7.4","tmVersion":"2.4.10","labels":["a"]}')],
    ['a SavedModel', 'PyTorch', bytes(`\x08\x01${field(0x12, field(0x0a, field(0x12, 'x') + field(0x22, 'serve')))}`)],
    ['a SavedModel', 'PyTorch', zip('m/saved_model.pb', 'm/variables/variables.index')],
    ['a graph of TensorFlow (.pb)', 'PyTorch', bytes(field(0x0a, field(0x0a, 'input') + field(0x12, 'Placeholder')))],
    ['a Core ML model (.mlmodel)', 'PyTorch', bytes(`\x08\x04${field(0x12, field(0x0a, field(0x0a, 'image')))}`)],
    ['a Core ML package', 'PyTorch', zip('m.mlpackage/Data/com.apple.CoreML/model.mlmodel')],
    ['a GGUF file', 'language model', bytes('GGUF\x03\0\0\0')],
    ['arrays of NumPy (.npz)', 'safetensors.numpy', zip('w.npy', 'b.npy')],
    ['an array of NumPy', 'give', bytes('\x93NUMPY\x01\0')],
    ['a gzip archive', 'unpack it', bytes('\x1f\x8b\x08\0')],
    ['an archive with "run/best.pth" in it', 'unpack it', zip('run/log.txt', 'run/best.pth')],
    ['an image', 'the checkpoint comes first', bytes('\x89PNG\r\n\x1a\n\0\0')],
    ['a web page (HTML)', 'blob', bytes('\n<!DOCTYPE html><html lang="en">')],
    ['a web page (HTML)', 'raw', bytes('<html><body>Not Found</body></html>')],
    [
      'a pointer of Git LFS',
      'git lfs pull',
      bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'),
    ],
    [
      'the index of weights',
      'one file',
      bytes('{"metadata":{},"weight_map":{"w":"model-00001-of-00002.safetensors"}}'),
    ],
    ['the description of a network', 'beside it', bytes('{"architectures":["ResNet"],"id2label":{"0":"a"}}')],
    ['the settings of a run', 'the folder', bytes('model: resnet20\ndata: cifar10\nimage:\n  channels: 3\n')],
  ])('is %s, with what to do: %s', (what, hint, file) => {
    const found = otherFile(file);
    expect(found?.what).toContain(what);
    expect(found?.hint).toContain(hint);
  });

  it('is a text by its first line, where nothing else is known of it', () => {
    expect(otherFile(bytes('import torch\nprint(1)\n'))).toEqual({
      what: 'a text file, which begins with "import torch"',
    });
    expect(otherFile(Buffer.from(`\ufeff${'größe '.repeat(100)}`))?.what).toBe(
      `a text file, which begins with ${JSON.stringify(`${'größe '.repeat(100).slice(0, 40)}…`)}`,
    );
    expect(otherFile(bytes('{"a":1}'))).toEqual({ what: 'a JSON file' });
  });
});

it.each([
  ['a SavedModel of TensorFlow', ['assets', 'saved_model.pb', 'variables']],
  ['a Core ML package', ['Data', 'Manifest.json']],
  ['a TensorFlow.js model', ['group1-shard1of1.bin', 'model.json']],
])('a folder may be %s', (what, names) => {
  expect(otherFolder(names)?.what).toContain(what);
  expect(otherFolder(['best.safetensors', 'config.yaml'])).toBeUndefined();
});

it.each<[string, Uint8Array]>([
  ['safetensors', encodeSafetensors(new Map())],
  ['PyTorch, zip', zip('m/data.pkl', 'm/data/0')],
  ['TorchScript', zip('m/code/a.py', 'm/constants.pkl', 'm/data.pkl')],
  ['PyTorch before 1.6', bytes('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.')],
  ['ONNX of PyTorch', bytes(`\x08\x07${field(0x12, 'pytorch')}${field(0x1a, '1.13')}`)],
  ['ONNX whose version and producer look like others', bytes(`\x08\x01${field(0x12, 'tf2onnx.12')}`)],
  ['a zip that is cut off', bytes('PK\x03\x04 archive')],
  ['what nobody knows', Uint8Array.of(1, 2, 3, 4)],
])('%s may be weights', (_, file) => {
  expect(otherFile(file)).toBeUndefined();
});
