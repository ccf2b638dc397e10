/** `--option key=value`: a published network with other options, such as dropout. */
import { type Command, InvalidArgumentError } from 'commander';
import { models } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { fromFlags } from './failure.ts';
import { modelArgument } from './model-argument.ts';

/** What was given, by name. */
export type NetworkOptions = Readonly<Record<string, string>>;

/** Adds the flag, which may be repeated. */
export function addNetworkOptions(command: Command): Command {
  return command.option(
    '--option <key=value>',
    'of the network, such as dropout=0.2 or stochasticDepth=0.2; may be repeated; skein models MODEL lists them',
    withOption,
  );
}

function withOption(word: string, before: NetworkOptions = {}): NetworkOptions {
  const [, key, text] = /^([A-Za-z]+)=(.+)$/.exec(word) ?? [];
  if (key === undefined || text === undefined) throw new InvalidArgumentError('It is not like dropout=0.2.');
  return { ...before, [key]: text };
}

/** MODEL with these options. @throws ConfigError where there is no such network, or it has no such options */
export async function networkArgument(word: string, options: NetworkOptions = {}): Promise<Network> {
  const network = await modelArgument(word);
  if (Object.keys(options).length === 0) return network;
  const variant = models.get(word);
  if (!variant)
    throw new ConfigError(`${word}: --option is for the networks of skein models`, 'change the module instead');
  // what is no value is refused with the text
  const values = Object.entries(options).map(([key, text]) => [key, variant.open[key]?.parse(text) ?? text] as const);
  return fromFlags(() => variant.vary(Object.fromEntries(values)));
}
