/** A family is a paper's table: one way to build, with its options, and the values of every published variant. */
import type { Network } from '../nn/index.ts';
import { definePart, expectKnown, type Given, type Options, type Part, type PartRecord } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';

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
  /** What its networks are, in a few words. */
  readonly about: string;
  /** Of all its networks; families that are built in one way share them. */
  readonly options: Options;
  readonly variants: ReadonlyMap<string, Variant>;
  /** Any network of the family, published or not, from its options. @throws ConfigError */
  build(options: Readonly<Record<string, unknown>>): Network;
}

/** A network under its published name. */
export interface Variant {
  readonly network: Network;
  readonly published: Published;
  /** The options that its name leaves open. */
  readonly open: Options;
  /**
   * The same network with other options, such as `{ dropout: 0.2 }`, under its name.
   * @throws ConfigError for an option that it has not, that makes it what it is, or that does not take the value
   */
  vary(options: Readonly<Record<string, unknown>>): Network;
}

/** A function that builds networks, from the record of its options: what has no default must be given. */
export const defineBuilder = <Own extends Options>(record: PartRecord<Network, Own>): Part<Network, Own> =>
  definePart(record);

/** Builds every variant from its row of the table. */
export function defineFamily<Own extends Options>(table: {
  readonly name: string;
  readonly paper: string;
  readonly title: string;
  readonly build: Part<Network, Own>;
  readonly variants: Readonly<Record<string, Given<Own> & { readonly published?: Published }>>;
}): Family {
  const { name, paper, title } = table;
  const { about, options, from } = table.build;
  const variants = Object.entries(table.variants).map(([variant, { published = {}, ...row }]) => {
    const open = Object.fromEntries(Object.entries(options).filter(([key]) => !Object.hasOwn(row, key)));
    const vary: Variant['vary'] = (changes) => {
      const fixed = Object.keys(changes).find((key) => Object.hasOwn(row, key));
      if (fixed !== undefined)
        throw new ConfigError(
          `${variant}: \`${fixed}\` makes it what it is and cannot be changed`,
          `it has ${Object.keys(open).join(', ') || 'no options to change'}`,
        );
      expectKnown(variant, open, changes);
      return { ...from({ ...row, ...changes }, variant), name: variant };
    };
    return [variant, { network: vary({}), published, open, vary }] as const;
  });
  return { name, paper, title, about, options, variants: new Map(variants), build: (given) => from(given) };
}
