/** A family is a paper's table: one way to build, and the options of every published variant. */
import type { Network } from '../nn/index.ts';
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
  readonly variants: ReadonlyMap<string, Variant>;
  /** Any network of the family, published or not, from its options. @throws ConfigError */
  build(options: Readonly<Record<string, unknown>>): Network;
}

/** A network under its published name. */
export interface Variant {
  readonly network: Network;
  readonly published: Published;
  /**
   * The same network with other options, such as `{ dropout: 0.2 }`, under its name.
   * @throws ConfigError for an option that it has not, that makes it what it is, or that is of another kind or impossible
   */
  vary(options: Readonly<Record<string, unknown>>): Network;
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
    const vary: Variant['vary'] = (changes) => {
      for (const entry of Object.entries(changes)) expectOpen(network, options, entry);
      return { ...build({ ...options, ...changes } as unknown as Options), name: variant };
    };
    return [variant, { network, published, vary }] as const;
  });
  const anyOf = (options: Readonly<Record<string, unknown>>) => build(options as unknown as Options);
  return { name, paper, title, variants: new Map(variants), build: anyOf };
}

/** @throws ConfigError unless the network has this option, its table leaves it open, and the value is of its kind */
function expectOpen({ name, options }: Network, fixed: object, [key, value]: [string, unknown]): void {
  const open = Object.keys(options).filter((option) => !(option in fixed));
  if (!open.includes(key))
    throw new ConfigError(
      key in fixed
        ? `${name}: \`${key}\` makes it what it is and cannot be changed`
        : `${name}: it has no option \`${key}\``,
      open.length > 0 ? `it has ${open.join(', ')}` : 'it has no options to change',
    );
  if (typeof value !== typeof options[key])
    throw new ConfigError(
      `${name}: \`${key}\` must be a ${typeof options[key]} such as ${options[key]}, but is \`${String(value)}\``,
    );
}
