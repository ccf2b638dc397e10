import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../tests/is-alive.ts';
import { launcherDescriptor, rankEnvironment } from './rank-process.ts';
import { transferSettings } from './transfer-settings.ts';

describe('a child that is to be a rank', () => {
  it('has the launcher’s descriptor under its own number', () => {
    const environment = { PMI_FD: '8', PMI_RANK: '1' };
    expect(launcherDescriptor(environment)).toBe(8);
    expect(rankEnvironment(5, environment)).toMatchObject({ PMI_FD: '5', UCX_MEM_MMAP_HOOK_MODE: 'none' });
    expect(launcherDescriptor({})).toBeUndefined();
    expect(rankEnvironment(undefined, {})).not.toHaveProperty('PMI_FD');
  });

  it('has what keeps the libraries right and fast, where nobody says otherwise', () => {
    expect(rankEnvironment(undefined, {})).toEqual({ UCX_MEM_MMAP_HOOK_MODE: 'none', ...transferSettings({}) });
    expect(transferSettings({}, false)).toEqual({
      OMPI_MCA_btl_tcp_eager_limit: '16842752',
      OMPI_MCA_coll_libnbc_iallreduce_algorithm: '1',
      UCX_RNDV_THRESH: 'inf',
    });
    expect(transferSettings({}, true)).not.toHaveProperty('UCX_RNDV_THRESH');
    const own = {
      UCX_MEM_MMAP_HOOK_MODE: 'bistro',
      OMPI_MCA_btl_tcp_eager_limit: '65536',
      OMPI_MCA_coll_libnbc_iallreduce_algorithm: '3',
      UCX_RNDV_THRESH: '1m',
    };
    expect(rankEnvironment(undefined, own)).toEqual(own);
  });

  it.runIf(process.platform === 'linux')(
    'ends when its parent is killed, although it has a session of its own',
    async () => {
      const module = JSON.stringify(fileURLToPath(new URL('./rank-process.ts', import.meta.url)));
      const child = `
      import { dieWithParent } from ${module};
      await dieWithParent();
      console.log(String(process.pid));
      setInterval(() => {}, 1000);`;
      const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval'];
      const source = `
      import { spawn } from 'node:child_process';
      const stdio = ['ignore', 'inherit', 'ignore'];
      spawn(process.execPath, ${JSON.stringify([...words, child])}, { detached: true, stdio });`;
      const parent = spawn(process.execPath, [...words, source], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(String(line));
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
    },
  );
});
