/** What a thread begins with: a module of this folder, compiled or as source. */

/** @param name of the module, without what stands behind the point */
export function threadModule(name: string): { readonly filename: string; readonly execArgv?: string[] } {
  const fromSource = import.meta.url.endsWith('.ts');
  const filename = new URL(`./${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url).href;
  return { filename, ...(fromSource && { execArgv: ['--import', typeScript()] }) };
}

/** A module that lets a thread import this package's source, whatever lets the main thread do so. */
const typeScript = (): string =>
  `data:text/javascript,import { register } from '${import.meta.resolve('tsx/esm/api')}'; register();`;
