/** A family is a paper's table: one way to build, and the options of every published variant. */
import type { Network } from '../nn/index.ts';

/** What a paper, or its authors' code, gives for a variant's default image and classes. */
export interface Published {
  /** Trained numbers, exactly. */
  readonly params?: number;
  /** Multiply-adds of convolutions and linear layers for one image, as precisely as they were printed. */
  readonly macs?: number;
  /** Error in percent on CIFAR-10 and CIFAR-100, trained with shifted and flipped images. */
  readonly cifar10?: number;
  readonly cifar100?: number;
  /** Percent right on ImageNet's validation images, one centre crop: of torchvision's first weights. */
  readonly top1?: number;
  readonly top5?: number;
}

export interface Family {
  readonly name: string;
  /** Where it was published: `arXiv:1512.03385`. */
  readonly paper: string;
  readonly title: string;
  readonly variants: ReadonlyMap<string, Variant>;
}

/** A network under its published name. */
export interface Variant {
  readonly network: Network;
  readonly published: Published;
}

/** Builds every variant from its row of the table. */
export function defineFamily<Options extends object>(table: {
  readonly name: string;
  readonly paper: string;
  readonly title: string;
  build(options: Options): Network;
  readonly variants: Readonly<Record<string, Options & { readonly published?: Published }>>;
}): Family {
  const { name, paper, title, build } = table;
  const variants = Object.entries(table.variants).map(([variant, { published = {}, ...options }]) => {
    const network = { ...build(options as unknown as Options), name: variant };
    return [variant, { network, published }] as const;
  });
  return { name, paper, title, variants: new Map(variants) };
}
