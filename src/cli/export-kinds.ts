/** The kinds of files that `skein export` writes; a kind's flag is its name. */
import { basename } from 'node:path';
import type { Checkpoint } from '../checkpoint/index.ts';
import { runStepOnnx } from '../train/index.ts';
import { networkOnnx, networkWeights } from '../trained/index.ts';
import { modelArgument } from './model-argument.ts';

/** Flags of `skein export`. */
export interface ExportFlags {
  readonly onnx?: string | true;
  readonly step?: string | true;
  readonly torch?: string | true;
  readonly batchSize?: number;
  readonly model?: string;
  readonly json?: boolean;
}

/** How one kind of file is made and explained. */
export interface ExportKind {
  readonly description: string;
  /** Which checkpoint of a run folder it is made from. */
  readonly of: 'best' | 'last';
  /** Of the main file's name, after the network's. */
  readonly ending: string;
  /**
   * The main file's content, and those of files beside it by what replaces `.onnx` in its name.
   * @param path as messages name the checkpoint
   */
  make(
    path: string,
    checkpoint: Checkpoint,
    flags: ExportFlags,
  ): Promise<[main: Uint8Array, beside: Readonly<Record<string, Uint8Array>>]>;
  /** Whether the main file is a model, which says what goes in and out, or weights alone. */
  readonly format: 'onnx' | 'safetensors';
  /** What to do with the files: lines for people. */
  use(file: string, beside: readonly string[]): readonly string[];
}

/** By the name of the flag. */
export const exportKinds: Readonly<Record<'onnx' | 'step' | 'torch', ExportKind>> = {
  onnx: {
    description: 'the network as ONNX, for any ONNX Runtime and any batch size',
    of: 'best',
    ending: '.onnx',
    format: 'onnx',
    make: async (path, checkpoint) => [networkOnnx(path, checkpoint), {}],
    use: (file) => [
      `onnxruntime  InferenceSession.create('${file}') in Node; the metadata hold class names and preprocessing`,
      'a browser    examples/browser of the repository: `npx vite examples/browser`, and drop the file on the page',
    ],
  },
  step: {
    description: 'the training step as ONNX, and the state it goes on from as a second file',
    of: 'last',
    ending: '.step.onnx',
    format: 'onnx',
    make: async (path, checkpoint, { batchSize, model }) => {
      const { step, initial } = runStepOnnx(path, checkpoint, {
        ...(batchSize !== undefined && { batchSize }),
        ...(model !== undefined && { network: await modelArgument(model) }),
      });
      return [step, { '.initial.onnx': initial }];
    },
    use: (file, beside) => [
      `feed the outputs of ${beside.map((path) => basename(path)).join(', ')} to ${basename(file)},`,
      'and its update:NAME to state:NAME of the next step; docs/step-onnx.md has the loop',
    ],
  },
  torch: {
    description: "the weights under torchvision's, timm's or common scripts' names, for PyTorch",
    of: 'best',
    ending: '.torch.safetensors',
    format: 'safetensors',
    make: async (path, checkpoint) => [networkWeights(path, checkpoint).bytes, {}],
    use: (file) => [
      `PyTorch  model.load_state_dict(safetensors.torch.load_file('${file}')), with as many classes as this network`,
      'Skein    skein import reads it back',
    ],
  },
};
