/** Where weights are, in a word: `https://…`, `http://…` or `hf:OWNER/NAME[@REVISION][/FILE]`, each with `#sha256=…` or without. */
import { ConfigError } from '../tensor/index.ts';

export type WeightsSource = UrlSource | HuggingFaceSource;

interface Expectation {
  /** The word without the hash. */
  readonly word: string;
  /** The hash that the word asks for, in lower case. */
  readonly sha256?: string;
}

export interface UrlSource extends Expectation {
  readonly kind: 'url';
  readonly url: URL;
}

export interface HuggingFaceSource extends Expectation {
  readonly kind: 'hf';
  /** OWNER/NAME. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision?: string;
  readonly file?: string;
}

/** Whether the word means weights elsewhere rather than a path. */
export const isRemote = (word: string): boolean => /^(https?:\/\/|hf:)/i.test(word);

/** @throws ConfigError where the word is neither a URL nor the name of a repository, or asks for a hash that is none */
export function weightsSource(given: string): WeightsSource {
  const [, word = '', fragment] = /^([^#]*)(?:#(.*))?$/s.exec(given) ?? [];
  const expectation: Expectation = { word, ...(fragment !== undefined && { sha256: hashOf(given, fragment) }) };
  if (!/^hf:/i.test(word)) return { ...expectation, kind: 'url', url: urlOf(given, word) };
  const found = /^hf:([\w.-]+\/[\w.-]+)(?:@([^/@\s]+))?(?:\/([^@]+))?$/i.exec(word);
  const [, repository, revision, file] = found ?? [];
  if (repository === undefined || file?.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw new ConfigError(
      `${given}: expected a repository of Hugging Face, got something else`,
      'it is hf:OWNER/NAME, hf:OWNER/NAME@REVISION or hf:OWNER/NAME/FILE, such as hf:timm/resnet50.a1_in1k/model.safetensors',
    );
  return { ...expectation, kind: 'hf', repository, ...(revision && { revision }), ...(file && { file }) };
}

function urlOf(given: string, word: string): URL {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new ConfigError(
    `${given}: expected where weights are, got something else`,
    'give https://…/weights.pth, http://… or hf:OWNER/NAME; passwords do not belong into a URL',
  );
}

function hashOf(given: string, fragment: string): string {
  const [, sha256] = /^sha256=([0-9a-f]{64})$/i.exec(fragment) ?? [];
  if (sha256 !== undefined) return sha256.toLowerCase();
  throw new ConfigError(`${given}: expected #sha256= and 64 digits after the address, got #${fragment}`);
}
