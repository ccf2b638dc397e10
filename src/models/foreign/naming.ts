/** How other tools name the tensors of a network: a table of layers, and the leaves that PyTorch gives each. */
import { renaming } from './name-pattern.ts';

/** The forms that Skein's networks have, as far as tensors tell them apart. */
export type Form =
  | 'resnet'
  | 'resnet-small'
  | 'wide'
  | 'preact'
  | 'preact-small'
  | 'densenet'
  | 'densenet-small'
  | 'vgg';

/** Names by which other tools know layers, and which networks are written under them. */
export interface Naming {
  /** Whose names they are, as people call them: `torchvision`. */
  readonly name: string;
  /** By the layer's path in Skein: its path there, and after a `|` others that are read alike but never written. */
  readonly layers: Readonly<Record<string, string>>;
  /** Forms that are exported under these names; none where they are only read. */
  readonly writes?: readonly Form[];
  /** Linear layers that are 1×1 convolutions there, by the last word of their path in Skein. */
  readonly convolutions?: readonly string[];
  /** Said by the names alone: how the shortcut of a block that changes the shape is made. */
  readonly shortcut?: 'D';
}

/** A layer's tensors, PyTorch's word and Skein's. */
const leaves: readonly (readonly [foreign: string, skein: string])[] = [
  ['weight', 'weight'],
  ['bias', 'bias'],
  ['running_mean', 'mean'],
  ['running_var', 'variance'],
];
const toSkeinLeaf = new Map(leaves);
const toForeignLeaf = new Map(leaves.map(([foreign, skein]) => [skein, foreign]));

/** Both ways between a naming's names of tensors and Skein's; undefined where it has none. */
export interface Translator {
  toSkein(foreign: string): string | undefined;
  toForeign(skein: string): string | undefined;
}

export function translator({ layers }: Naming): Translator {
  const rows = Object.entries(layers).map(([skein, foreign]) => ({ skein, foreign: foreign.split(' | ') }));
  const reading = rows.flatMap(({ skein, foreign }) => foreign.map((pattern) => renaming(pattern, skein)));
  const writing = rows.map(({ skein, foreign }) => renaming(skein, foreign[0] as string));
  return {
    toSkein: (name) => renamed(name, reading, toSkeinLeaf),
    toForeign: (name) => renamed(name, writing, toForeignLeaf),
  };
}

function renamed(
  name: string,
  renamings: readonly ((layer: string) => string | undefined)[],
  words: ReadonlyMap<string, string>,
): string | undefined {
  const dot = name.lastIndexOf('.');
  const leaf = words.get(name.slice(dot + 1));
  if (dot < 0 || leaf === undefined) return undefined;
  for (const rename of renamings) {
    const layer = rename(name.slice(0, dot));
    if (layer !== undefined) return `${layer}.${leaf}`;
  }
  return undefined;
}
