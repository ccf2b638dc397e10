import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // a file that is missing is missing, not this page again
  appType: 'mpa',
  // it finds its WebAssembly file beside itself, so it must stay where it is
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  // only in this repository: skein is its source here, and packages lie two folders up
  resolve: { alias: [{ find: /^skein\/([a-z]+)$/, replacement: `${repository}src/$1/index.ts` }] },
  server: { fs: { allow: [repository] } },
});
