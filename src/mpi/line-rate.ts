/**
 * What libraries must find in their environment when they begin, so that what ranks reduce goes over TCP in both directions at once. By
 * themselves they announce what is long, and send it once the other asks for it. That question waits behind all that the other sends itself, so
 * that now one direction stands still, now the other. Here no rank sends before all have met, and nothing needs to be announced.
 */
import { readdirSync } from 'node:fs';
import type { Environment } from './launch.ts';

/** What a long array is cut into: the most that travels at once. */
export const partBytes = 16 * 1024 * 1024;

/** @param hasRdma whether this machine's network reads and writes memory itself: there UCX is as fast with announcements, and saves a copy */
export function lineRate(environment: Environment, hasRdma = infiniband().length > 0): Record<string, string> {
  const wanted = {
    // with the headers
    OMPI_MCA_btl_tcp_eager_limit: String(partBytes + 65_536),
    // what is not blocking, and in place, Open MPI sends up a tree and down again: every byte passes the root's line twice, which a ring halves
    OMPI_MCA_coll_libnbc_iallreduce_algorithm: '1',
    ...(!hasRdma && { UCX_RNDV_THRESH: 'inf' }),
  };
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, environment[name] ?? value]));
}

/** The system's devices for InfiniBand and what is like it. */
function infiniband(): string[] {
  try {
    return readdirSync('/sys/class/infiniband');
  } catch {
    return [];
  }
}
