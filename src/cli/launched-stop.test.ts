import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const module = JSON.stringify(fileURLToPath(new URL('./launched-stop.ts', import.meta.url)));

it('hears the word also after it has listened once before', async () => {
  const source = `
    import { onStopWord } from ${module};
    onStopWord(() => {})();
    const alive = setInterval(() => {}, 1000);
    onStopWord(() => {
      console.log('stopped');
      clearInterval(alive);
    });
    console.log('listens');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SKEIN_STOPPED_FILE: 'stopped' },
  });
  const said: string[] = [];
  for await (const text of child.stdout) {
    said.push(...String(text).trim().split('\n'));
    if (said.at(-1) === 'listens') child.stdin.write('stop\n');
  }
  expect(said).toEqual(['listens', 'stopped']);
});
