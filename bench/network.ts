/**
 * Gradients over a network that is played on this machine: how near an all-reduce comes to what the line can do, and what overlapping it with computing
 * gains. As root, with iproute2 and Open MPI or MPICH; with nothing else on the machine, whose cores play all machines.
 *
 * usage: npx tsx bench/network.ts [all-reduce] [overlap] [steps], with RATE (1gbit), FLOATS (25557032: ResNet-50) and ROUNDS (5) in the environment; for
 * steps on oneDNN also MODEL (resnet18), SIDE (64) and BATCHES (16,32,64)
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rankEnvironment } from '../src/mpi/index.ts';

const { RATE = '1gbit', FLOATS = '25557032', ROUNDS = '5' } = process.env;
const { MODEL = 'resnet18', SIDE = '64', BATCHES = '16,32,64' } = process.env;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['all-reduce', 'overlap'];
const file = (name: string) => fileURLToPath(new URL(`network/${name}`, import.meta.url));
const enter = file('enter');
const folder = mkdtempSync(join(tmpdir(), 'skein-network-'));
const node = [process.execPath, '--import', import.meta.resolve('tsx')];
const address = (machine: number) => `10.77.0.${machine}`;

function namespaces(...words: string[]): void {
  const { status, stderr } = spawnSync(file('namespaces'), words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`namespaces ${words.join(' ')}: ${stderr}`);
}

/** A launcher that reaches the machines through `enter`, and is told which interface they are joined by. */
interface Launcher {
  readonly command: string;
  flags(machines: number): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function hostFile(machines: number, line: (address: string) => string): string {
  const path = join(folder, `hosts-${machines}`);
  writeFileSync(path, Array.from({ length: machines }, (_, i) => `${line(address(i + 1))}\n`).join(''));
  return path;
}

/** What Skein's ranks have in their environment; without it a library is by itself. */
const ours = rankEnvironment(undefined, {});
const { OMPI_MCA_coll_libnbc_iallreduce_algorithm: _, ...withoutRing } = ours;

const openMpi: Launcher = {
  command: 'mpirun.openmpi',
  flags: (machines) => [
    ...['--allow-run-as-root', '--bind-to', 'none', '--hostfile', hostFile(machines, (at) => `${at} slots=1`)],
    ...['--mca', 'plm_rsh_agent', enter, '--mca', 'btl', 'tcp,self', '--mca', 'btl_tcp_if_include', 'eth0'],
    ...['--mca', 'oob_tcp_if_include', 'eth0'],
    // a rank that waits in a loop takes the core that another needs
    ...(machines > availableParallelism() ? ['--mca', 'mpi_yield_when_idle', '1'] : []),
  ],
  environment: ours,
};
const openMpiAlone: Launcher = { ...openMpi, environment: {} };
/** What is not blocking goes up a tree and down again, in place: every byte twice over the line of its root. */
const openMpiTree: Launcher = { ...openMpi, environment: withoutRing };
const overTcp = { UCX_TLS: 'tcp,self', UCX_NET_DEVICES: 'eth0' };
const mpich: Launcher = {
  command: 'mpirun.mpich',
  flags: (machines) => [
    ...['-bind-to', 'none', '-launcher', 'ssh', '-launcher-exec', enter, '-iface', 'eth0'],
    ...['-f', hostFile(machines, (at) => `${at}:1`)],
  ],
  environment: { ...overTcp, ...ours },
};
const mpichAlone: Launcher = { ...mpich, environment: overTcp };

const isHere = ({ command }: Launcher) => spawnSync('which', [command]).status === 0;

/** Starts a rank on each machine; the first one's words come back, a record a line. */
function ranks(machines: number, launcher: Launcher, program: string, ...words: string[]): Record<string, unknown>[] {
  const variables = Object.entries(launcher.environment).map(([name, value]) => `${name}=${value}`);
  const command = [...variables, launcher.command, ...launcher.flags(machines), '-n', `${machines}`];
  const { status, stdout, stderr } = spawnSync(
    enter,
    [address(1), ...command, ...node, file(program), FLOATS, ROUNDS, ...words],
    { encoding: 'utf8' },
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`${launcher.command} ended with ${status}: ${stderr}`);
  if (status !== 0) console.error(`${launcher.command} ended with ${status} after it had measured: ${stderr}`);
  return lines.map((line) => JSON.parse(line));
}

/** Bytes per second each way at once, by plain TCP. */
async function lineRate(): Promise<number> {
  const listener = spawn(enter, [address(2), ...node, file('line-rate.ts'), 'listen'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(listener.stdout, 'data');
  const words = [address(1), ...node, file('line-rate.ts'), 'connect', address(2)];
  const { stdout } = spawnSync(enter, words, { encoding: 'utf8' });
  return Number(stdout);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

async function allReduce(): Promise<void> {
  const rows = [];
  for (const machines of [2, 4]) {
    namespaces('up', `${machines}`, RATE);
    const rate = await lineRate();
    const least = (((2 * (machines - 1)) / machines) * 4 * Number(FLOATS)) / rate;
    for (const launcher of [openMpi, mpich, openMpiAlone, mpichAlone].filter(isHere)) {
      const [found] = ranks(machines, launcher, 'all-reduce-rank.ts');
      const { library, seconds, peakBytes } = found as { library: string; seconds: number[]; peakBytes: number };
      rows.push({
        library,
        by: launcher === openMpiAlone || launcher === mpichAlone ? 'itself' : 'Skein',
        machines,
        'TCP MB/s': (rate / 1e6).toFixed(1),
        'least ms': Math.round(1000 * least),
        'median ms': Math.round(1000 * median(seconds)),
        all: seconds.map((one) => Math.round(1000 * one)).join(' '),
        ratio: (median(seconds) / least).toFixed(2),
        'peak MB': Math.round(peakBytes / 1e6),
      });
    }
  }
  console.table(rows);
}

function overlap(): void {
  namespaces('up', '2', RATE);
  const launchers = [openMpi, openMpiTree, mpich].filter(isHere);
  for (const launcher of launchers) console.table(ranks(2, launcher, 'overlap-rank.ts', '0.5', '1', '2'));
}

function steps(): void {
  namespaces('up', '2', RATE);
  const launchers = [openMpi, openMpiTree, mpich].filter(isHere);
  for (const launcher of launchers)
    console.table(ranks(2, launcher, 'step-rank.ts', MODEL, SIDE, ...BATCHES.split(',')));
}

try {
  if (wanted.includes('all-reduce')) await allReduce();
  if (wanted.includes('overlap')) overlap();
  if (wanted.includes('steps')) steps();
} finally {
  namespaces('down');
  rmSync(folder, { recursive: true });
}
