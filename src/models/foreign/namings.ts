/** All namings, and which of them a file's names belong to. */
import { cifarDensenet, layeredCifarDensenet, pytorchcvDensenet, torchvisionDensenet } from './densenet-namings.ts';
import { type Naming, translator } from './naming.ts';
import { timmResnetV2, wideResnetScripts } from './preact-namings.ts';
import type { RecognisedNames } from './recognised-names.ts';
import { cifarResnet, pytorchcvResnet, timmResnetC, timmResnetD, torchvisionResnet } from './resnet-namings.ts';
import { withSequentialHead } from './sequential-head.ts';
import { torchvisionVggs } from './vgg-namings.ts';

/** Of equals, the first is taken. */
export const namings: readonly Naming[] = [
  torchvisionResnet,
  cifarResnet,
  timmResnetD,
  timmResnetC,
  timmResnetV2,
  wideResnetScripts,
  torchvisionDensenet,
  cifarDensenet,
  layeredCifarDensenet,
  pytorchcvResnet,
  pytorchcvDensenet,
  ...torchvisionVggs,
];

/** Skein's own names, as a file without a checkpoint's metadata may have them. */
const own = { name: 'Skein', layers: {} } satisfies Naming;

/** What training scripts put around a network, each as often as it comes. */
const wrappers = ['module.', 'model.', 'backbone.', 'net.', 'network.', '_orig_mod.', 'encoder.'];

/** Names of tensors that count something and take no part in prediction. */
const counter = /(^|\.)(num_batches_tracked|n_averaged|total_ops|total_params)$/;

/** The naming that understands most of `names`; undefined where none understands any. */
export function recogniseNames(names: readonly string[]): RecognisedNames | undefined {
  const ignored = names.filter((name) => counter.test(name));
  const unwrapped = withoutWrappers(names.filter((name) => !counter.test(name)));
  let best: RecognisedNames | undefined;
  for (const naming of [...namings, own]) {
    const { toSkein } = naming === own ? { toSkein: ownName } : translator(naming);
    const layers = new Map<string, string>();
    const unknown: string[] = [];
    for (const [name, bare] of unwrapped) {
      const skein = toSkein(bare);
      if (skein === undefined || layers.has(skein)) unknown.push(name);
      else layers.set(skein, name);
    }
    if (layers.size > (best?.layers.size ?? 0)) best = { naming, layers, ignored, unknown };
  }
  return best && withSequentialHead(best, new Map(unwrapped));
}

const ownName = (name: string) =>
  /^(stem|final|head|classifier|stage\d+|(stage\d+\.)?block\d+(\.layer\d+)?(\.shortcut)?|transition\d+)\.([a-z]+\d*\.)?(weight|bias|mean|variance)$/.test(
    name,
  )
    ? name
    : undefined;

/** Pairs of a name and the same without the prefixes that most names have. */
function withoutWrappers(names: readonly string[]): [name: string, bare: string][] {
  let pairs = names.map((name): [string, string] => [name, name]);
  for (;;) {
    const starts = (prefix: string) => pairs.filter(([, bare]) => bare.startsWith(prefix)).length;
    const wrapper = wrappers.find((prefix) => starts(prefix) > names.length / 2);
    if (wrapper === undefined) return pairs;
    pairs = pairs.map(([name, bare]) => [name, bare.startsWith(wrapper) ? bare.slice(wrapper.length) : bare]);
  }
}
