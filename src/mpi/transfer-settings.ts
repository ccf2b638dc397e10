/**
 * Settings that libraries read when they begin, so that long reductions use TCP in both directions at once. By themselves they announce a long
 * message, and send it when asked (rendezvous). That question waits behind all that the other sends itself, so that now one direction stands
 * still, now the other. A rank of Skein meets the others before it sends, or sends a share of what they all have: it sends at once (eager).
 */
import { readdirSync } from 'node:fs';
import type { Environment } from './launch.ts';

/** Bytes: a long array travels in parts of at most so many. */
export const partBytes = 16 * 1024 * 1024;

/**
 * Variables for a rank's process; what `environment` sets itself stays.
 * @param hasRdma whether this machine's network reads and writes memory itself: there UCX is as fast with announcements, and saves a copy
 */
export function transferSettings(environment: Environment, hasRdma = infiniband().length > 0): Record<string, string> {
  const wanted = {
    // a part and its headers must fit, or Open MPI announces it
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
