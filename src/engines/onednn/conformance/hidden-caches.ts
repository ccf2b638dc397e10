/** A fault of oneDNN 3 that is known: what to say of it, and what its tests cannot be blamed for. */
import { existsSync } from 'node:fs';

/**
 * Whether this Linux knows no cache of its processor, as in virtual machines that hide them. oneDNN 3 then takes their size for 0: its reorders
 * lose channels of padded weights (seen with 3.7.2 on x64; on ARM it is issue 5313 of uxlfoundation/oneDNN). oneDNN 2.6 guesses a size.
 */
export const hidesCaches = (): boolean =>
  process.platform === 'linux' && !existsSync('/sys/devices/system/cpu/cpu0/cache/index0');

/** What to do about a library that cannot be used. */
export const remedyFor = (problem: string): string =>
  /libdnnl\.so\.3/.test(problem) && hidesCaches()
    ? 'this machine hides the sizes of its caches, with which oneDNN 3 is known to compute wrongly; name a libdnnl of version 2.6 ' +
      'with SKEIN_ONEDNN_LIB, if there is one; --engine onnxruntime needs none'
    : 'name another libdnnl with SKEIN_ONEDNN_LIB; --engine onnxruntime needs none';
