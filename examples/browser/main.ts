/** The page: takes pictures and networks from its visitor, and shows what the network sees in a picture. */
import { type BrowserNetwork, loadNetwork, type Prediction } from './network.ts';
import { pixelsOf } from './picture.ts';

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [drop, samples, result] = [element('drop'), element('samples'), element('result')];

let network: BrowserNetwork | undefined;

const noNetwork = [
  'There is no network yet. These two commands, at the top of the repository, train one and put it here:',
  'npm ci && npm run demo',
  'npx skein export runs/demo-1/resnet14 --onnx examples/browser/public/network.onnx',
];

/** The network of `?model=URL`, or the file network.onnx beside the page. */
async function firstNetwork(): Promise<void> {
  const url = new URLSearchParams(location.search).get('model');
  const response = await fetch(url ?? 'network.onnx');
  if (response.ok) return useNetwork(new Uint8Array(await response.arrayBuffer()));
  if (url === null) throw new Error(noNetwork.join('\n'));
  throw new Error(`No network at ${url}: the server answers ${response.status} ${response.statusText}`);
}

async function useNetwork(bytes: Uint8Array): Promise<void> {
  network = await loadNetwork(bytes);
  const { name, classes, preprocessing } = network;
  const { channels, height, width } = preprocessing;
  const pixels = `${width}×${height} ${channels === 1 ? 'grey' : 'coloured'} pixels`;
  element('network').replaceChildren(strong(name), ` tells ${classes.length} classes apart in ${pixels}`);
  showSamples(classes);
}

async function usePicture(picture: Blob): Promise<void> {
  const pixels = await pixelsOf(picture);
  if (!network) throw new Error(noNetwork.join('\n'));
  const start = performance.now();
  const predictions = await network.predict(pixels, 5);
  const milliseconds = performance.now() - start;
  const image = element<HTMLImageElement>('picture');
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(picture);
  image.alt = picture instanceof File ? picture.name : 'the picture';
  element('time').textContent = `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  element('labels').replaceChildren(...predictions.map(bar));
  result.hidden = false;
}

function bar({ label, probability }: Prediction): HTMLElement {
  const item = document.createElement('li');
  const percent = document.createElement('span');
  percent.textContent = `${(100 * probability).toFixed(1)} %`;
  item.style.setProperty('--share', String(probability));
  item.append(strong(label), percent);
  return item;
}

function strong(text: string): HTMLElement {
  const made = document.createElement('strong');
  made.textContent = text;
  return made;
}

/** Pictures that come with the page, called after what they show: for networks that know the word. */
const pictures = import.meta.glob<string>('./samples/*.png', { eager: true, query: '?url', import: 'default' });

function showSamples(classes: readonly string[]): void {
  const known = Object.entries(pictures).flatMap(([path, url]) => {
    const label = path.replace(/^.*\/|\.png$/g, '');
    return classes.some((name) => name.toLowerCase() === label) ? [{ label, url }] : [];
  });
  samples.replaceChildren(
    ...samples.querySelectorAll('legend'),
    ...known.map(({ label, url }) => {
      const button = document.createElement('button');
      const image = new Image();
      image.src = url;
      image.alt = label;
      button.append(image);
      button.addEventListener('click', () => attempt(async () => usePicture(await (await fetch(url)).blob())));
      return button;
    }),
  );
  // one class in common, such as `dress`, is chance
  samples.hidden = known.length < 3;
}

async function useFiles(files: Iterable<File>): Promise<void> {
  const [networks, images] = [[] as File[], [] as File[]];
  for (const file of files) (file.name.endsWith('.onnx') ? networks : images).push(file);
  for (const file of networks) await useNetwork(new Uint8Array(await file.arrayBuffer()));
  for (const file of images) await usePicture(file);
}

/** Runs what a visitor asked for; what goes wrong is said on the page, a command in a line of its own. */
async function attempt(action: () => Promise<void>): Promise<void> {
  const error = element('error');
  error.hidden = true;
  try {
    await action();
  } catch (reason) {
    const [message = '', ...commands] = (reason instanceof Error ? reason.message : String(reason)).split('\n');
    error.replaceChildren(
      message,
      ...commands.map((command) => {
        const code = document.createElement('code');
        code.textContent = command;
        return code;
      }),
    );
    error.hidden = false;
  }
  if (!network) element('network').textContent = 'No network';
}

const file = element<HTMLInputElement>('file');
file.addEventListener('change', () => {
  const chosen = [...(file.files ?? [])];
  file.value = ''; // so that the same file can be chosen again
  void attempt(() => useFiles(chosen));
});
addEventListener('paste', ({ clipboardData }) => {
  if (clipboardData?.files.length) void attempt(() => useFiles(clipboardData.files));
});
addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
addEventListener('dragleave', () => drop.classList.remove('over'));
addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  void attempt(() => useFiles(event.dataTransfer?.files ?? []));
});
void attempt(firstNetwork);
