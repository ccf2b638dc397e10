/** Repositories as timm keeps them at Hugging Face, of weights that are made: its names and shapes, written from its own code. */
import { encodeSafetensors, Random, type Shape, type Tensor, tensor } from '../src/tensor/index.ts';
import type { Repository } from './weights-server.ts';

/** Layers by name, and the shape of each one's weights; those of batch norms have one number. */
class Layers {
  readonly tensors = new Map<string, Shape>();

  conv(name: string, outputs: number, inputs: number, kernel: number, bias = false): void {
    this.tensors.set(`${name}.weight`, [outputs, inputs, kernel, kernel]);
    if (bias) this.tensors.set(`${name}.bias`, [outputs]);
  }

  norm(name: string, channels: number): void {
    for (const leaf of ['weight', 'bias', 'running_mean', 'running_var'])
      this.tensors.set(`${name}.${leaf}`, [channels]);
    this.tensors.set(`${name}.num_batches_tracked`, []);
  }

  linear(name: string, outputs: number, inputs: number): void {
    this.tensors.set(`${name}.weight`, [outputs, inputs]);
    this.tensors.set(`${name}.bias`, [outputs]);
  }
}

const classes = 1000;

/** timm/models/resnet.py */
function resnet18(): Layers {
  const layers = new Layers();
  layers.conv('conv1', 64, 3, 7);
  layers.norm('bn1', 64);
  let inputs = 64;
  [64, 128, 256, 512].forEach((width, stage) => {
    for (let block = 0; block < 2; block++) {
      const at = `layer${stage + 1}.${block}`;
      layers.conv(`${at}.conv1`, width, inputs, 3);
      layers.norm(`${at}.bn1`, width);
      layers.conv(`${at}.conv2`, width, width, 3);
      layers.norm(`${at}.bn2`, width);
      if (inputs !== width) {
        layers.conv(`${at}.downsample.0`, width, inputs, 1);
        layers.norm(`${at}.downsample.1`, width);
      }
      inputs = width;
    }
  });
  layers.linear('fc', classes, 512);
  return layers;
}

/** timm/models/resnet.py with SEModule: squeezed to a sixteenth, by 1×1 convolutions. */
function seresnet50(): Layers {
  const layers = new Layers();
  layers.conv('conv1', 64, 3, 7);
  layers.norm('bn1', 64);
  let inputs = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}.${block}`;
      const convolutions = [
        [width, inputs, 1],
        [width, width, 3],
        [4 * width, width, 1],
      ] as const;
      convolutions.forEach(([outputs, channels, kernel], i) => {
        layers.conv(`${at}.conv${i + 1}`, outputs, channels, kernel);
        layers.norm(`${at}.bn${i + 1}`, outputs);
      });
      layers.conv(`${at}.se.fc1`, width / 4, 4 * width, 1, true);
      layers.conv(`${at}.se.fc2`, 4 * width, width / 4, 1, true);
      if (block === 0) {
        layers.conv(`${at}.downsample.0`, 4 * width, inputs, 1);
        layers.norm(`${at}.downsample.1`, 4 * width);
      }
      inputs = 4 * width;
    }
  });
  layers.linear('fc', classes, 2048);
  return layers;
}

/** timm/models/densenet.py */
function densenet121(): Layers {
  const layers = new Layers();
  layers.conv('features.conv0', 64, 3, 7);
  layers.norm('features.norm0', 64);
  let channels = 64;
  [6, 12, 24, 16].forEach((count, block) => {
    for (let i = 1; i <= count; i++) {
      const at = `features.denseblock${block + 1}.denselayer${i}`;
      layers.norm(`${at}.norm1`, channels);
      layers.conv(`${at}.conv1`, 128, channels, 1);
      layers.norm(`${at}.norm2`, 128);
      layers.conv(`${at}.conv2`, 32, 128, 3);
      channels += 32;
    }
    if (block === 3) return;
    layers.norm(`features.transition${block + 1}.norm`, channels);
    layers.conv(`features.transition${block + 1}.conv`, channels / 2, channels, 1);
    channels /= 2;
  });
  layers.norm('features.norm5', channels);
  layers.linear('classifier', classes, channels);
  return layers;
}

/** timm/models/vgg.py, where the two wide layers are convolutions. */
function vgg16Bn(): Layers {
  const layers = new Layers();
  let [module, inputs] = [0, 3];
  for (const width of [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]) {
    if (width === 0) module++;
    else {
      layers.conv(`features.${module}`, width, inputs, 3, true);
      layers.norm(`features.${module + 1}`, width);
      module += 3;
      inputs = width;
    }
  }
  layers.conv('pre_logits.fc1', 4096, 512, 7, true);
  layers.conv('pre_logits.fc2', 4096, 4096, 1, true);
  layers.linear('head.fc', classes, 4096);
  return layers;
}

const made = { resnet18, seresnet50, densenet121, vgg16_bn: vgg16Bn } as const;

/** Networks of which there are repositories here. */
export type MadeModel = keyof typeof made;

/** The tensors under timm's names: small random numbers, statistics of nothing. */
export function timmTensors(model: MadeModel): Map<string, Tensor> {
  const random = new Random(`timm ${model}`);
  // a few numbers again and again, for so many cost time
  const some = Float32Array.from({ length: 4099 }, () => random.normal());
  return new Map(
    [...made[model]().tensors].map(([name, shape]): [string, Tensor] => {
      if (name.endsWith('num_batches_tracked')) return [name, tensor('int64', [], BigInt64Array.of(7n))];
      const length = shape.reduce((product, n) => product * n, 1);
      if (shape.length === 1) {
        const value = /(running_var|bn\d\.weight|norm\d?\.weight|features\.\d+\.weight|downsample\.1\.weight)$/.test(
          name,
        )
          ? 1
          : 0;
        return [name, tensor('float32', shape, new Float32Array(length).fill(value))];
      }
      const scale = Math.sqrt(2 / (length / (shape[0] ?? 1)));
      const numbers = new Float32Array(length);
      for (let i = 0; i < length; i++) numbers[i] = scale * (some[i % some.length] as number);
      return [name, tensor('float32', shape, numbers)];
    }),
  );
}

/** What such a repository says of pixels: the fields of timm's `save_config_for_hf`. */
export const timmConfig = (model: string, tag: string, pixels: Readonly<Record<string, unknown>> = {}) => ({
  architecture: model,
  num_classes: classes,
  num_features: 512,
  pretrained_cfg: {
    tag,
    custom_load: false,
    input_size: [3, 224, 224],
    fixed_input_size: false,
    interpolation: 'bilinear',
    crop_pct: 0.875,
    crop_mode: 'center',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    num_classes: classes,
    pool_size: [7, 7],
    ...pixels,
  },
});

/** The repository, with its card. */
export function timmRepository(
  model: MadeModel,
  tag: string,
  pixels: Readonly<Record<string, unknown>> = {},
): Repository {
  const config = new TextEncoder().encode(JSON.stringify(timmConfig(model, tag, pixels)));
  const weights = encodeSafetensors(timmTensors(model), { format: 'pt' });
  return {
    card: { license: tag.startsWith('tv') ? 'bsd-3-clause' : 'apache-2.0', library_name: 'timm' },
    files: new Map([
      ['README.md', new TextEncoder().encode(`# Model card for ${model}.${tag}`)],
      ['config.json', config],
      ['model.safetensors', weights],
    ]),
  };
}
