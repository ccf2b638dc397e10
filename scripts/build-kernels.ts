/** Compiles kernels/pixels.ts to WebAssembly, in a file that imports as text. `npm run kernels`; a test holds the two against each other. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const source = fileURLToPath(new URL('../kernels/pixels.ts', import.meta.url));
const target = fileURLToPath(new URL('../src/data/pixel-kernels.ts', import.meta.url));

/** The text of the file. @throws where the compiler finds a mistake */
export async function compiledKernels(): Promise<string> {
  let wasm: Uint8Array | undefined;
  const flags = [
    'pixels.ts',
    '-o',
    'pixels.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--noAssert',
    '--initialMemory',
    '1',
  ];
  const { error, stderr } = await main(flags, {
    readFile: (name) => (name === 'pixels.ts' ? readFile(source, 'utf8') : null),
    writeFile: (_, content) => {
      if (typeof content !== 'string') wasm = content;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`kernels/pixels.ts: ${stderr.toString() || error?.message}`);
  const text = Buffer.from(wasm).toString('base64');
  return `/** kernels/pixels.ts as WebAssembly; made by \`npm run kernels\`. */\nexport const pixelKernels =\n  '${text}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await compiledKernels());
