/** Class names as a sample sheet shows them. */
import { loadSharp } from './sharp.ts';

/** Letters of a name that is shown whole. */
const longest = 22;

/** A name drawn as a transparent PNG; sizes in pixels. */
export interface SheetLabel {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Names, undefined where they cannot be drawn. */
export async function drawLabels(names: readonly string[]): Promise<(SheetLabel | undefined)[]> {
  const [one, other] = [await drawText('i'), await drawText('W')];
  // without a font the library draws nothing, or the same box for every letter
  const hasFont = one !== undefined && other !== undefined && Buffer.compare(one.png, other.png) !== 0;
  return hasFont ? Promise.all(names.map((name) => drawText(shortened(name)))) : names.map(() => undefined);
}

function shortened(name: string): string {
  const letters = [...name];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : name;
}

async function drawText(text: string): Promise<SheetLabel | undefined> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const sharp = await loadSharp();
  try {
    const drawn = sharp({
      text: { text: `<span foreground="#222222">${escaped}</span>`, font: 'sans-serif 14', dpi: 72, rgba: true },
    });
    const { data, info } = await drawn.png().toBuffer({ resolveWithObject: true });
    const { channels } = await sharp(data).stats();
    return (channels.at(-1)?.max ?? 0) > 0 ? { png: data, width: info.width, height: info.height } : undefined;
  } catch {
    return undefined;
  }
}
