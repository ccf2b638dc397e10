/** What a run of several ranks cannot do, since each of them would do it by itself. */
import { launched } from '../../mpi/index.ts';
import { ConfigError } from '../../tensor/index.ts';

/** @param what the option, @param hint what to do instead */
export const aloneError = (what: string, size: number, hint: string): ConfigError =>
  new ConfigError(`train: \`${what}\` as it is given is for a run of one process, but there are ${size} ranks`, hint);

/** For what would not join a job at all. @throws ConfigError where a launcher started several ranks */
export function expectAlone(what: string, hint: string): void {
  const { size = 1 } = launched() ?? {};
  if (size > 1) throw aloneError(what, size, hint);
}
