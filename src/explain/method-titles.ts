import { freeName } from './free-name.ts';
import type { Method } from './methods/method.ts';

/** The methods' titles; one that is asked again, with other options, is numbered: `Occlusion`, `Occlusion 2`. */
export function methodTitles(methods: readonly Pick<Method, 'title'>[]): string[] {
  const taken = new Set<string>();
  return methods.map(({ title }) => freeName(title, taken, (number) => `${title} ${number}`));
}
