/** Files that people give in place of weights, told by content, with a step that helps. */
import { zipNames } from './zip-names.ts';

/** What a file is that holds nothing Skein could read. */
export interface OtherFile {
  /** After "this is": `a Keras model (HDF5)`. */
  readonly what: string;
  /** Undefined where it depends on what was wanted. */
  readonly hint?: string;
}

const trainOwn = 'or train one on the same images: skein train resnet18 --data FOLDER';
const takePytorch = `take the PyTorch weights (.pth) of the network that it was made from, ${trainOwn}`;
// tf2onnx is made for inference, and folds every batch norm
const keras = `Skein cannot read it, and Keras's own ONNX export folds batch norms away: take PyTorch weights of the same network, ${trainOwn}`;
const teachable =
  'its network is a MobileNet, which Skein does not have: put the images of each class into a folder of its own, and train one of ' +
  "Skein's: skein train resnet18 --data FOLDER";
const unpack = 'unpack it, and give the file of weights that is in it';

const found = (what: string, hint?: string): OtherFile => ({ what, ...(hint !== undefined && { hint }) });

/** Undefined for what may be weights or a checkpoint, and for what nobody knows. */
export function otherFile(bytes: Uint8Array): OtherFile | undefined {
  if (bytes.length === 0) return found('an empty file', 'the download or the copy failed: get it again');
  if (bytes.every((byte) => byte === 0))
    return found('a file of zeros', 'the download or the copy failed: get it again');
  const start = latin1(bytes.subarray(0, 1024));
  return binaryFile(bytes, start) ?? (isText(bytes.subarray(0, 1024)) ? textFile(bytes) : undefined);
}

function binaryFile(bytes: Uint8Array, start: string): OtherFile | undefined {
  if (start.startsWith('PK\x03\x04')) return zipFile(zipNames(bytes));
  if (start.startsWith('\x89HDF\r\n\x1a\n'))
    return /keras_version|layer_names/.test(latin1(bytes.subarray(0, 1 << 22)))
      ? found('a Keras model (HDF5)', keras)
      : found('an HDF5 file, as Keras writes', keras);
  if (start.slice(4, 8) === 'TFL3') return found('a TensorFlow Lite model', takePytorch);
  if (start.startsWith('GGUF'))
    return found(
      'a GGUF file, as llama.cpp reads',
      'it holds a language model: Skein takes weights of networks for images',
    );
  if (start.startsWith('\x93NUMPY'))
    return found('an array of NumPy (.npy)', 'give a .safetensors, .pth or .onnx file');
  if (start.startsWith('\x1f\x8b')) return found('a gzip archive', unpack);
  if (/^(7z\xbc\xaf|Rar!|BZh|\xfd7zXZ)/.test(start)) return found('an archive', unpack);
  if (/^(\x89PNG|\xff\xd8\xff|GIF8|RIFF[\s\S]{4}WEBP)/.test(start))
    return found('an image', 'the checkpoint comes first: skein predict CHECKPOINT IMAGE');
  if (start.startsWith('%PDF')) return found('a PDF');
  return protobufFile(bytes, start);
}

/** ONNX, TensorFlow and Core ML write messages without a name; what the first fields hold tells them apart. */
function protobufFile(bytes: Uint8Array, start: string): OtherFile | undefined {
  // GraphDef: a node with its name and its op
  if (graphDef.test(start)) return found('a graph of TensorFlow (.pb)', takePytorch);
  // a version, and then a message where ONNX has a text
  if (savedModel.test(start) && latin1(bytes.subarray(0, 1 << 22)).includes('\x22\x05serve'))
    return found('a SavedModel of TensorFlow (saved_model.pb)', takePytorch);
  return coreMl.test(start) ? found('a Core ML model (.mlmodel)', takePytorch) : undefined;
}

const length = '[\\x80-\\xff]{0,4}[\\x00-\\x7f]';
const graphDef = new RegExp(
  `^\\x0a${length}\\x0a${length}[\\w/.:-]+\\x12${length}(Placeholder|Const|VarHandleOp|NoOp)`,
);
const savedModel = new RegExp(`^\\x08\\x01\\x12${length}\\x0a${length}[\\x0a\\x12\\x1a\\x22\\x2a]`);
const coreMl = new RegExp(`^\\x08[\\x01-\\x1f]\\x12${length}\\x0a${length}\\x0a`);

/** A folder of files that belong together, by their names; undefined for any other. */
export function otherFolder(names: readonly string[]): OtherFile | undefined {
  const has = (pattern: RegExp) => names.find((name) => pattern.test(name));
  if (has(/(^|\/)model\.weights\.h5$/) && has(/(^|\/)config\.json$/)) return found('a Keras model (.keras)', keras);
  if (has(/(^|\/)model\.json$/) && has(/(^|\/)metadata\.json$/) && has(/\.bin$/))
    return found('an export of Teachable Machine', teachable);
  if (has(/(^|\/)(keras_model\.h5|model_unquant\.tflite)$/) && has(/(^|\/)labels\.txt$/))
    return found('an export of Teachable Machine', teachable);
  if (has(/(^|\/)model\.json$/) && has(/\.bin$/)) return found('a TensorFlow.js model', takePytorch);
  if (has(/(^|\/)com\.apple\.CoreML\//) || (has(/^Manifest\.json$/) && has(/^Data$/)))
    return found('a Core ML package (.mlpackage)', takePytorch);
  if (has(/(^|\/)saved_model\.pb$/)) return found('a SavedModel of TensorFlow', takePytorch);
  return undefined;
}

function zipFile(names: readonly string[]): OtherFile | undefined {
  // PyTorch's own, and its programs, are its reader's to explain
  if (names.some((name) => /(^|\/)(data|constants)\.pkl$/.test(name))) return undefined;
  const known = otherFolder(names);
  if (known) return known;
  if (names.length > 0 && names.every((name) => name.endsWith('.npy')))
    return found(
      'arrays of NumPy (.npz)',
      'save them as safetensors: safetensors.numpy.save_file(dict(numpy.load(PATH)), FILE)',
    );
  const inside = names.find((name) => /\.(pth|pt|ckpt|safetensors|onnx|h5|keras|tflite)$/.test(name));
  return inside === undefined ? undefined : found(`an archive with ${JSON.stringify(inside.slice(-80))} in it`, unpack);
}

function textFile(bytes: Uint8Array): OtherFile {
  const text = Buffer.from(bytes.subarray(0, 1 << 16))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (/^\s*(<!doctype html|<html)/i.test(text))
    return found(
      'a web page (HTML), not the file',
      'the download saved a page in its place: take the link of the file itself (on GitHub "raw", on Hugging Face "resolve" in place of "blob")',
    );
  if (text.startsWith('version https://git-lfs.github.com/spec/'))
    return found('a pointer of Git LFS, not the file', 'get the file itself: git lfs pull');
  if (/^\s*\{/.test(text)) return jsonFile(text);
  if (/^model: /.test(text) && /^data: /m.test(text) && /^image:/m.test(text))
    return found(
      'the settings of a run (config.yaml)',
      'skein predict and eval take the folder that it lies in, and import needs none',
    );
  const line = text.trim().split(/\r?\n/)[0] ?? '';
  return found(`a text file, which begins with ${JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line)}`);
}

function jsonFile(text: string): OtherFile {
  if (/"(modelTopology|weightsManifest)"/.test(text)) return found('a TensorFlow.js model (model.json)', takePytorch);
  if (/"(tmVersion|tmName)"|"packageName":\s*"@teachablemachine/.test(text))
    return found("the description of a Teachable Machine's model (metadata.json)", teachable);
  if (/"weight_map"/.test(text))
    return found(
      'the index of weights in several files',
      'give one file that has all of them: save the network again without shards',
    );
  if (/"(id2label|architectures|model_type)"/.test(text))
    return found(
      'the description of a network (config.json)',
      'give the file of weights beside it: .safetensors, .pth or .bin',
    );
  return found('a JSON file');
}

/** Without zeros and other control characters: every format of weights has some in its first bytes. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) =>
    byte >= 0x20 ? byte !== 0x7f : byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 27,
  );
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
