/** Jobs of several ranks, started by each launcher that this machine has. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isAlive } from './is-alive.ts';
import { job, mpiHere } from './mpi-here.ts';

const room = JSON.stringify(fileURLToPath(new URL('../src/mpi/index.ts', import.meta.url)));

const engines = JSON.stringify(fileURLToPath(new URL('../src/engines/index.ts', import.meta.url)));

/** Whether this process may give another a host name of its own. */
const mayNameHosts = spawnSync('unshare', ['--uts', 'hostname', 'another']).status === 0;

/** Of lines such as `all 12 13`: ranks, and the children that are MPI's. */
const pidsIn = (text: string) =>
  [...text.matchAll(/^all (\d+) (\d+)\r?$/gm)].flatMap(([, rank, child]) => [Number(rank), Number(child)]);

/** Lines of all ranks, in no order of theirs. */
const linesOf = (text: string) => text.split('\n').filter(Boolean).sort();

describe.each(mpiHere.map((mpi) => [mpi.family, mpi] as const))('ranks under %s', (family, mpi) => {
  it('add up, compare and send numbers, few and many, and end in peace', async () => {
    const source = `
      import { joinRanks, launched } from ${room};
      const ranks = await joinRanks();
      const { rank, size } = ranks;
      const own = launched();
      console.log(['place', rank, size, own.rank === rank, own.size === size, own.onThisHost, ranks.hosts.length].join(' '));
      const all = (numbers, value) => numbers.every((one) => one === value);
      const right = [];
      for (const Kind of [Float32Array, Float64Array])
        for (const length of [0, 1, 1000, 100_000]) {
          const numbers = new Kind(length).fill(rank + 1);
          ranks.allReduce(numbers);
          right.push(all(numbers, 6));
          ranks.allReduce(numbers.fill(rank + 1), 'max');
          right.push(all(numbers, 3));
          ranks.allReduce(numbers.fill(rank + 1), 'min');
          right.push(all(numbers, 1));
          const started = ranks.startAllReduce(numbers.fill(rank + 1));
          if (length > 1000) started.wait();
          else while (!started.test());
          right.push(started.test() && all(numbers, 6));
        }
      // longer than what travels at once
      const long = new Float32Array(5_000_000).fill(rank + 1);
      ranks.allReduce(long);
      right.push(all(long, 6));
      for (const length of [0, 3, 100_000]) {
        const bytes = new Uint8Array(length).fill(rank + 1);
        ranks.broadcast(bytes);
        right.push(all(bytes, 1));
      }
      console.log('right ' + right.every(Boolean) + ' ' + right.length);
      ranks.end();`;
    const { code, stdout, stderr } = await job(mpi, source, { ranks: 3 });
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toEqual([
      ...[0, 1, 2].map((rank) => `place ${rank} 3 true true 3 3`),
      ...[0, 1, 2].map(() => 'right true 36'),
    ]);
  });

  it('name the one that is stopped, and its host', async () => {
    const source = `
      import { hostname } from 'node:os';
      import { joinRanks } from ${room};
      const ranks = await joinRanks({ patience: 1 });
      ranks.allReduce(new Float32Array(10));
      if (ranks.rank === 1) process.kill(process.pid, 'SIGSTOP');
      try {
        ranks.allReduce(new Float32Array(10));
      } catch (error) {
        console.log(error.message.replaceAll(hostname(), 'HOST'));
        // the launcher ends all when the first one asks for it
        const end = performance.now() + 200;
        while (performance.now() < end);
        ranks.abort(7);
      }`;
    const { code, stdout } = await job(mpi, source, { ranks: 3 });
    expect(code).not.toBe(0);
    const message = 'mpi: all-reduce: expected all 3 ranks within 1 seconds, but rank 1 (HOST) did not come';
    expect(linesOf(stdout)).toEqual([message, message]);
  });

  it('end also where one stops in the middle of a long transfer', async () => {
    const source = `
      import { joinRanks } from ${room};
      const ranks = await joinRanks({ patience: 1 });
      if (ranks.rank === 1) {
        // as all do before a long transfer
        ranks.meet();
        process.kill(process.pid, 'SIGSTOP');
      }
      ranks.allReduce(new Float32Array(1_000_000));
      console.log('went on');`;
    const { code, stdout, stderr } = await job(mpi, source);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/signal 14|Alarm clock/);
    expect(stdout).not.toContain('went on');
  });

  it('can be children of what the launcher started, one for each', async () => {
    const child = `
      import { dieWithParent, joinRanks } from ${room};
      await dieWithParent();
      const ranks = await joinRanks();
      const numbers = Float32Array.of(ranks.rank + 1);
      ranks.allReduce(numbers);
      ranks.end();
      process.send(numbers[0]);`;
    const source = `
      import { spawn } from 'node:child_process';
      import { launcherDescriptor, rankEnvironment } from ${room};
      const words = ['--import', ${JSON.stringify(import.meta.resolve('tsx'))}, '--input-type=module', '--eval', ${JSON.stringify(child)}];
      const descriptor = launcherDescriptor();
      const started = spawn(process.execPath, words, {
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'ignore', descriptor ?? 'ignore'],
        env: { ...process.env, ...rankEnvironment(5) },
      });
      started.on('message', (sum) => console.log('sum ' + sum));`;
    const { code, stdout, stderr } = await job(mpi, source);
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toEqual(['sum 3', 'sum 3']);
  });

  it.runIf(process.platform === 'linux').each(['rank', 'launcher'])(
    'end with their processes when a %s is killed',
    async (victim) => {
      const source = `
      import { readFileSync } from 'node:fs';
      import { joinJob } from ${engines};
      const ranks = await joinJob();
      // a compiler of TypeScript may be another child
      const isRank = (pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('rank-child');
      const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ').filter(isRank);
      console.log(['all', process.pid, ...children].join(' '));
      await ranks.sum(new Float64Array(1));
      if (ranks.rank === 1 && process.env.VICTIM === 'rank') process.kill(Number(children[0]), 'SIGKILL');
      for (;;) await ranks.sum(new Float64Array(1));`;
      const { stdout, code } = await job(mpi, source, {
        environment: { VICTIM: victim },
        onOutput: (launcher, said) => {
          if (victim === 'launcher' && pidsIn(said).length === 4) launcher.kill('SIGKILL');
        },
      });
      expect(code).not.toBe(0);
      const pids = pidsIn(stdout);
      expect(pids.length).toBe(4);
      await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    },
  );

  it('wait for one that computes for as long as it said before, and cannot beat meanwhile', async () => {
    const source = `
      import { joinRanks } from ${room};
      const ranks = await joinRanks({ patience: 1 });
      ranks.meet();
      if (ranks.rank === 0) {
        ranks.beats.computed(30);
        ranks.beats.beat();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
      }
      ranks.meet('meeting', { patience: 1, allowance: 60 });
      ranks.end();`;
    const { code, stderr } = await job(mpi, source);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('wait for one that works for long, as long as it lives', async () => {
    const source = `
      import { joinJob } from ${engines};
      const ranks = await joinJob();
      for (const busy of [0, 2]) {
        await ranks.sum(new Float64Array(1));
        if (ranks.rank !== busy) await ranks.allow(600);
        // as one that waits for its disk, longer than the others' patience
        else await new Promise((resolve) => setTimeout(resolve, 6000));
        const [sum] = await ranks.sum(Float64Array.of(1));
        console.log('sum ' + sum);
      }
      await ranks.leave();
      await ranks.dispose();`;
    const { code, stdout, stderr } = await job(mpi, source, { ranks: 3, environment: { SKEIN_RANKS_PATIENCE: '3' } });
    expect([code, stderr, linesOf(stdout)]).toEqual([0, '', Array.from({ length: 6 }, () => 'sum 3')]);
  });

  it.runIf(process.platform === 'linux')(
    'wait no longer for one that was to work for long, and is stopped',
    async () => {
      const source = `
      import { hostname } from 'node:os';
      import { joinJob } from ${engines};
      const ranks = await joinJob();
      await ranks.sum(new Float64Array(1));
      if (ranks.rank === 0) process.kill(process.pid, 'SIGSTOP');
      await ranks.allow(600);
      try {
        await ranks.sum(new Float64Array(1));
      } catch (error) {
        console.log(error.message.replaceAll(hostname(), 'HOST'));
        process.exit(7);
      }`;
      const { code, stdout } = await job(mpi, source, { environment: { SKEIN_RANKS_PATIENCE: '2' } });
      expect(code).not.toBe(0);
      expect(stdout).toContain(
        'mpi: all-reduce: expected a sign of life of all 2 ranks within 2 seconds, but rank 0 (HOST) did not come',
      );
    },
  );

  it.runIf(family === 'MPICH' && mayNameHosts)(
    'of several machines take leave of Hydra themselves, where MPI_Finalize may hang',
    async () => {
      const source = `
      import { joinRanks } from ${room};
      import { leaveThrough } from ${JSON.stringify(fileURLToPath(new URL('../src/mpi/take-leave.ts', import.meta.url)))};
      const ranks = await joinRanks();
      ranks.end();
      const flag = new Int32Array(1);
      ranks.library.status('MPI_Finalized', 'void *')(flag);
      console.log([...ranks.hosts, flag[0] === (leaveThrough(ranks) === undefined ? 1 : 0)].join(' '));`;
      // each with a host name of its own
      const words = ['-n', '2', 'unshare', '--uts', 'sh', '-c', 'hostname "host$PMI_RANK"; exec "$@"', 'sh'];
      const { code, stdout, stderr } = await job(mpi, source, { words });
      expect([code, stderr]).toEqual([0, '']);
      expect(linesOf(stdout)).toEqual(['host0 host1 true', 'host0 host1 true']);
    },
  );

  it('say that the library is not the launcher’s', async () => {
    const other = mpiHere.find((one) => one.family !== family);
    if (!other) return;
    const source = `
      import { joinRanks } from ${room};
      await joinRanks().catch(({ message, hint }) => console.log(message + '; ' + hint));
      process.exit(0);`;
    const { stdout } = await job(mpi, source, { environment: { SKEIN_MPI_LIB: other.library } });
    const said =
      /^mpi: the launcher started 2 ranks, but \S.* knows 1; .*; use the mpirun of the same library, or set SKEIN_MPI_LIB/;
    for (const line of linesOf(stdout)) expect(line).toMatch(said);
  });

  it('know how many cores they are bound to, and the launcher, also behind a shell', async () => {
    const source = `
      import { execFileSync } from 'node:child_process';
      import { coresHere } from ${room};
      const { own, ofLauncher } = coresHere();
      if (process.env.BEHIND_A_SHELL) console.log(own + ' of ' + ofLauncher);
      else {
        const words = ['-c', '"$0" "$@"; true', process.execPath, ...process.execArgv];
        const text = execFileSync('sh', words, { env: { ...process.env, BEHIND_A_SHELL: '1' }, encoding: 'utf8' });
        console.log([own + ' of ' + ofLauncher, text.trim()].join('\\n'));
      }`;
    const all = availableParallelism();
    expect(linesOf((await job(mpi, source)).stdout)).toEqual(Array.from({ length: 4 }, () => `${all} of ${all}`));
    const root = family === 'Open MPI' && process.getuid?.() === 0 ? ['--allow-run-as-root'] : [];
    const words = [...root, family === 'Open MPI' ? '--bind-to' : '-bind-to', 'core', '-n', '2'];
    const bound = linesOf((await job(mpi, source, { words })).stdout);
    expect(bound).toHaveLength(4);
    // one core, which may have two threads
    for (const line of bound) expect(line).toMatch(new RegExp(`^[12] of ${all}$`));
  });
});
