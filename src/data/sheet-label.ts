/** Words as a sheet of pictures shows them. */
import { loadSharp } from './sharp.ts';

/** Letters of a name that is shown whole. */
const longest = 22;

/** A name drawn as a transparent PNG; sizes in pixels. */
export interface SheetLabel {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Names of rows, undefined where they cannot be drawn. */
export async function drawLabels(names: readonly string[]): Promise<(SheetLabel | undefined)[]> {
  return (await hasFont())
    ? Promise.all(names.map((name) => drawText(shortened(name, longest))))
    : names.map(() => undefined);
}

/** Small words around a picture, by their text, none wider than `width` pixels; empty where they cannot be drawn. */
export async function drawCaptions(texts: readonly string[], width: number): Promise<ReadonlyMap<string, SheetLabel>> {
  const drawn = new Map<string, SheetLabel>();
  if (texts.length === 0 || !(await hasFont())) return drawn;
  for (const text of new Set(texts))
    for (let letters = [...text].length; letters > 1; letters--) {
      const label = await drawText(shortened(text, letters), 11);
      if (label && label.width > width) continue;
      if (label) drawn.set(text, label);
      break;
    }
  return drawn;
}

/** Without a font the library draws nothing, or the same box for every letter. */
async function hasFont(): Promise<boolean> {
  const [one, other] = [await drawText('i'), await drawText('W')];
  return one !== undefined && other !== undefined && Buffer.compare(one.png, other.png) !== 0;
}

function shortened(name: string, most: number): string {
  const letters = [...name];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : name;
}

/** @param size of the letters, in pixels */
async function drawText(text: string, size = 14): Promise<SheetLabel | undefined> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const sharp = await loadSharp();
  try {
    const drawn = sharp({
      text: { text: `<span foreground="#222222">${escaped}</span>`, font: `sans-serif ${size}`, dpi: 72, rgba: true },
    });
    const { data, info } = await drawn.png().toBuffer({ resolveWithObject: true });
    const { channels } = await sharp(data).stats();
    return (channels.at(-1)?.max ?? 0) > 0 ? { png: data, width: info.width, height: info.height } : undefined;
  } catch {
    return undefined;
  }
}
