/** What a process must be given to be the rank that its parent was started as. */

/** Descriptors to open in the child, and variables for it. */
export interface HandedOn {
  readonly descriptors: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
}

/** @param next the number that the first descriptor gets in the child */
export function handedOn(next: number, environment: NodeJS.ProcessEnv = process.env): HandedOn {
  // UCX follows the allocator, which crashes where that is told to use huge pages
  const calm = { UCX_MEM_MMAP_HOOK_MODE: 'none' };
  const { PMI_FD: launcher } = environment;
  if (launcher === undefined || !/^\d+$/.test(launcher)) return { descriptors: [], environment: calm };
  return { descriptors: [Number(launcher)], environment: { ...calm, PMI_FD: String(next) } };
}
