/** What training scripts save beside weights is passed over, never run and never taken for weights; what the file says of classes is found. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../tests/zip-of.ts';
import { CheckpointError } from '../tensor/index.ts';
import { readTorchFile, type TorchFileOptions } from './index.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const storage = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
const storageBytes = Buffer.from(storage.buffer);

const zipped = (pickle: Uint8Array) =>
  zipOf([
    ['m/data.pkl', pickle],
    ['m/data/0', storageBytes],
  ]);
/** As PyTorch before 1.6: after the object the list of storages, and the length of each before its elements. */
const legacy = (pickle: Uint8Array) =>
  new Uint8Array(
    Buffer.concat([
      latin1('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}q\x00.'),
      pickle,
      latin1('\x80\x02](X\x01\x00\x00\x000e.\x08\0\0\0\0\0\0\0'),
      storageBytes,
    ]),
  );

const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
const dict = (...entries: [string, string][]) => `}(${entries.map(([key, value]) => text(key) + value).join('')}u`;
const floats = (kind = 'FloatStorage') => `(${text('storage')}ctorch\n${kind}\n${text('0')}${text('cpu')}K\x08tQ`;
const tensor = (kind?: string) => `ctorch._utils\n_rebuild_tensor_v2\n(${floats(kind)}K\x00K\x08\x85K\x01\x85\x89}tR`;
const weights = dict(['w', tensor()]);
/** A module as torch.save(model) has it: an object of its class, filled with its parts. */
const network = (name: string) =>
  `c${name}\n)\x81${dict(['training', '\x88'], ['_parameters', weights], ['_modules', '}'])}b`;
const file = (pickle: string) => zipped(latin1(`\x80\x02${pickle}.`));

function refusal(bytes: Uint8Array, options?: TorchFileOptions): string {
  try {
    readTorchFile(bytes, options);
  } catch (error) {
    if (error instanceof CheckpointError) return `${error.message} (${error.hint})`;
    throw error;
  }
  return 'it was accepted';
}

const values = (bytes: Uint8Array, options?: TorchFileOptions) =>
  [...readTorchFile(bytes, options).tensors].map(([name, { data }]) => [name, ...data]);

describe.each([2, 3, 4, 5])('objects beside the weights, as Python pickles them with protocol %i', async (protocol) => {
  const pickle = await readFile(new URL(`testdata/beside-${protocol}.pkl`, import.meta.url));

  it.each([
    ['zip', zipped(pickle)],
    ['legacy', legacy(pickle)],
  ])('are passed over in the %s layout', (_, bytes) => {
    const { path, leftOver, others, classes } = readTorchFile(bytes);
    expect(values(bytes)).toEqual([
      ['w', 0, 1, 2, 3, 4, 5],
      ['b', 6, 7],
    ]);
    expect({ path, others, classes }).toEqual({
      path: 'state_dict',
      others: ['state_dict_ema'],
      classes: [{ path: 'class_to_idx', names: ['cat', 'dog'] }],
    });
    const what = new Map(leftOver.map((each) => [each.name, each.what]));
    expect(Object.fromEntries(what)).toMatchObject({
      args: 'an object of "argparse.Namespace"',
      begun: 'an object of "datetime.datetime"',
      history: 'a dict of 1',
      path: 'an object of "pathlib.PosixPath"',
      mode: 'an object of "__main__.Mode"',
      config: 'an object of "__main__.Settings"',
      tags: 'an object of "__main__.Names"',
      slots: 'an object of "__main__.Slots"',
      queue: 'an object of "collections.deque"',
      schedule: '"__main__.lr"',
      class: '"__main__.Settings"',
      epoch: '3',
    });
  });

  it('do not keep another state from being taken', () => {
    expect(values(zipped(pickle), { state: 'state_dict_ema' })).toEqual([
      ['w', 2, 3, 4, 5, 6, 7],
      ['b', 0, 1],
    ]);
    expect(refusal(zipped(pickle), { state: 'ema' })).toBe(
      'torch file: expected a dict of named tensors at `ema`, got nothing there (there are `state_dict`, `state_dict_ema`)',
    );
    expect(refusal(zipped(pickle), { state: 'args' })).toContain('at `args`, got an object of "argparse.Namespace"');
  });
});

describe('what is taken for weights', () => {
  it('may lie in a defaultdict, and is never what was given to an unknown object', () => {
    expect(values(file(`ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R(${text('w')}${tensor()}u`))).toEqual([
      ['w', 0, 1, 2, 3, 4, 5, 6, 7],
    ]);
    const inside = `cposix\nsystem\n${weights}\x85R(${text('w')}${tensor()}u`;
    expect(refusal(file(dict(['x', inside])))).toContain('the first an object of "posix.system"');
    expect(refusal(file(inside))).toContain('got an object of "posix.system"');
  });

  it('is refused by name where a tensor is made by a function that is not known', () => {
    const made = (name: string) => `ctorch._utils\n${name}\n(${floats()}K\x00K\x08\x85K\x01\x85tR`;
    for (const name of ['_rebuild_sparse_tensor', '_rebuild_qtensor', '_rebuild_of_tomorrow'])
      expect(refusal(file(dict(['state_dict', dict(['a', tensor()], ['b', made(name)])])))).toContain(
        `expected plain tensors, but 1 of 2 are none: \`b\` is a tensor made by "torch._utils.${name}"`,
      );
    expect(refusal(file(dict(['w', `cmine\nTensor\n${tensor()}\x85R`])))).toContain('a tensor made by "mine.Tensor"');
    expect(refusal(file(dict(['w', tensor('QInt8Storage')])))).toContain('a tensor made by "torch.QInt8Storage"');
    expect(refusal(legacy(latin1(`\x80\x02${dict(['w', tensor('QInt8Storage')])}.`)))).toContain(
      'expected storages of numbers, got one of "torch.QInt8Storage"',
    );
    // beside the weights it does not matter
    expect(values(file(dict(['model', weights], ['mask', dict(['m', made('_rebuild_sparse_tensor')])])))).toHaveLength(
      1,
    );
  });

  it('is the plain state, not its average and not the optimiser', () => {
    const larger = dict(['w', tensor()], ['n_averaged', tensor()]);
    for (const average of ['state_dict_ema', 'model_ema', 'ema', 'ema_state_dict', 'swa_state']) {
      const { path, others } = readTorchFile(file(dict([average, larger], ['backbone', weights])));
      expect({ path, others }).toEqual({ path: 'backbone', others: [average] });
      expect(readTorchFile(file(dict([average, larger], ['epoch', 'K\x03']))).path).toBe(average);
    }
    const moments = dict(['exp_avg', tensor()], ['exp_avg_sq', tensor()]);
    const optimizer = dict(['state', `}K\x00${moments}s`], ['param_groups', ']']);
    expect(readTorchFile(file(dict(['optimizer', optimizer], ['m', weights]))).path).toBe('m');
    for (const alone of [optimizer, dict(['optimizer', optimizer])])
      expect(refusal(file(alone))).toContain("but this is an optimiser's state");
    expect(refusal(file(dict(['model', network('a\nNet')], ['optimizer', optimizer])))).toContain(
      'whole pickled network',
    );
  });
});

describe('a file without a state_dict', () => {
  it('is named where it is a whole network, or holds one', () => {
    const whole = network('torchvision.models.resnet\nResNet');
    for (const bytes of [file(whole), legacy(latin1(`\x80\x02${whole}.`))])
      expect(refusal(bytes)).toBe(
        'torch file: expected weights, but this is a whole pickled network, "torchvision.models.resnet.ResNet", which is code and is ' +
          'not run here (if you trust the file, in PyTorch, where that class can be imported: ' +
          "torch.save(torch.load(PATH, weights_only=False).state_dict(), 'weights.pth'))",
      );
    const yolo = file(dict(['epoch', 'K\x03'], ['model', network('models.yolo\nModel')], ['loss', weights]));
    expect(refusal(yolo)).toMatch(
      /but `model` is a whole pickled network, "models\.yolo\.Model".*\['model'\]\.state_dict\(\)/,
    );
    // the older layout names the source of each module's class
    const sourced = `(${text('module')}ca\nNet\n${text('net.py')}${text('code')}tQ)\x81${dict(['_parameters', weights], ['_modules', '}'])}b`;
    expect(refusal(legacy(latin1(`\x80\x02${sourced}.`)))).toContain('a whole pickled network, "a.Net"');
  });

  it("is named where it is fastai's, or another program's pickle", () => {
    expect(refusal(file(`cfastai.learner\nLearner\n)\x81${dict(['model', network('a\nNet')])}b`))).toMatch(
      /an export of fastai, an object of "fastai\.learner\.Learner".*load_learner\(PATH\)\.model\.state_dict\(\)/,
    );
    const forest = `\x80\x03csklearn.ensemble._forest\nRandomForestClassifier\n)\x81${dict(['n_estimators', 'K\x0a'])}b.`;
    expect(refusal(latin1(forest))).toContain(
      'this is a pickle of an object of "sklearn.ensemble._forest.RandomForestClassifier", which torch.save did not write',
    );
    expect(refusal(latin1(`\x80\x03${dict(['a', 'K\x01'])}.`))).toContain('a pickle of a dict of 1');
    expect(refusal(latin1('\x80\x04\x95\0'))).toContain('damaged');
  });
});

describe('names of classes', () => {
  const list = (...names: string[]) => `](${names.map(text).join('')}e`;
  const numbers = (...entries: [string, number][]) =>
    dict(...entries.map(([k, at]): [string, string] => [k, `K${String.fromCharCode(at)}`]));
  const byNumber = (...names: string[]) =>
    `}(${names.map((name, i) => `K${String.fromCharCode(i)}${text(name)}`).join('')}u`;
  const found = (key: string, value: string) =>
    readTorchFile(file(dict(['state_dict', weights], [key, value]))).classes;

  it.each([
    ['class_to_idx', numbers(['dog', 1], ['cat', 0])],
    ['label2id', numbers(['dog', 1], ['cat', 0])],
    ['idx_to_class', byNumber('cat', 'dog')],
    ['id2label', dict(['1', text('dog')], ['0', text('cat')])],
    ['classes', list('cat', 'dog')],
    ['class_names', `(${text('cat')}${text('dog')}t`],
  ])('are found as %s', (key, value) => {
    expect(found(key, value)).toEqual([{ path: key, names: ['cat', 'dog'] }]);
    expect(found('hyper_parameters', dict([key, value]))).toEqual([
      { path: `hyper_parameters.${key}`, names: ['cat', 'dog'] },
    ]);
  });

  it('are no names where they are something else, and say so where they make no sense', () => {
    expect(found('classes', 'K\x0a')).toEqual([]);
    expect(found('classes', '](K\x01K\x02e')).toEqual([]);
    expect(found('class_to_idx', `carg\nparse\n)R`)).toEqual([]);
    expect(found('class_to_idx', numbers(['cat', 0], ['dog', 2]))).toEqual([
      { path: 'class_to_idx', problem: 'there is no name for 1 of 0 to 1' },
    ]);
    expect(found('class_to_idx', numbers(['cat', 1], ['dog', 1]))).toMatchObject([{ problem: expect.any(String) }]);
    expect(found('classes', list('cat', 'cat'))).toEqual([{ path: 'classes', problem: '"cat" comes twice' }]);
  });
});
