/** Channels joined step by step in one stack, and cut out of one: see planning/stacks.ts. */
import type { Assembly } from '../compile/assembly.ts';
import { selectChannels } from '../compile/select-channels.ts';
import type { Stored } from '../compile/stored.ts';
import type { DataType } from '../library/index.ts';
import type { Cut, Join, Part } from '../planning/group-joins.ts';
import type { Stack } from '../planning/stacks.ts';

/** Parts one behind the other in memory; what the first one is made of stands there already. */
export function join(assembly: Assembly, { parts, joined }: Pick<Join, 'parts' | 'joined'>): void {
  const [first] = parts as [Part];
  const { block } = assembly;
  const layout = assembly.stackedLayout(joined, assembly.typeOf(first.value));
  const bytesOfBlock = (layout.bytes / (joined.type.shape[1] as number)) * block;
  const room = (assembly.stacks.planned(joined) as number) / block;
  const begun = assembly.stacks.goingOn(first);
  const stack: Stack = begun ?? { stretch: { bytes: room * bytesOfBlock, isFixed: false }, channels: 0 };
  let channels = 0;
  for (const part of parts) {
    if (!(begun && part === first))
      append(assembly, stack.stretch, part, { channels, bytesOfBlock, dataType: layout.dataType });
    channels += part.channels;
  }
  assembly.place(joined, assembly.partlyFull({ layout, stretch: stack.stretch, isStacked: true }, channels));
  assembly.stacks.keep(joined, stack, channels);
}

/** Behind so many channels; what shares a block with them is added to its zeros. */
function append(
  assembly: Assembly,
  stretch: Stored['stretch'],
  { value, channels }: Part,
  there: { readonly channels: number; readonly bytesOfBlock: number; readonly dataType: DataType },
): void {
  const { block } = assembly;
  const { dataType } = there;
  const begun = there.channels % block;
  const offset = Math.floor(there.channels / block) * there.bytesOfBlock;
  const room: Stored = { layout: assembly.stackedLayout(value, dataType), stretch, offset, isStacked: true };
  if (begun === 0 && channels === value.type.shape[1]) {
    assembly.copyStacked(value, room);
    return;
  }
  const known = assembly.stackedAsItIs(value);
  const from = known?.layout.dataType === dataType ? known : assembly.readStacked(value, dataType);
  if (begun === 0) {
    assembly.copyChannels(from, room, channels);
    return;
  }
  const source = (channel: number) => (channel < channels ? channel : -1);
  const shared = block - begun;
  const first: Stored = { layout: assembly.stackedLayout(value, dataType, block), stretch, offset };
  selectChannels(assembly, { from, to: first, adds: true }, (channel) => source(channel - begun));
  const left = Math.ceil((channels - shared) / block) * block;
  if (left <= 0) return;
  const layout = assembly.stackedLayout(value, dataType, left);
  const rest: Stored = { layout, stretch, offset: offset + there.bytesOfBlock };
  selectChannels(assembly, { from, to: rest }, (channel) => source(channel + shared));
}

/** Nothing is copied before somebody asks for it where whole blocks are taken from a block's beginning on. */
export function cut(assembly: Assembly, unit: Cut): void {
  const { x, start, channels, y } = unit;
  const { block } = assembly;
  assembly.noteCut(y, unit);
  const [begun, isWhole] = [start % block, channels % block === 0];
  const stacked = assembly.stackedAsItIs(x);
  const whole = stacked ? undefined : (assembly.part(x) ?? assembly.read(x));
  if (whole && begun === 0 && isWhole && whole.layout.format.startsWith(`aBcd${block}b`)) {
    const layout = assembly.library.part(whole.layout, y.type.shape, [0, start, 0, 0]);
    assembly.place(y, { ...whole, layout, isPart: true });
    return;
  }
  const from = stacked ?? assembly.readStacked(x, assembly.typeOf(x));
  const { dataType, bytes } = from.layout;
  const layout = assembly.stackedLayout(y, dataType);
  const bytesOfBlock = (bytes / (x.type.shape[1] as number)) * block;
  const offset = (from.offset ?? 0) + Math.floor(start / block) * bytesOfBlock;
  if (begun === 0) {
    const there: Stored = { layout, stretch: from.stretch, offset, isStacked: true, isCut: true };
    assembly.place(y, assembly.partlyFull(there, channels));
    return;
  }
  const wide = Math.ceil((begun + channels) / block) * block;
  const window: Stored = { layout: assembly.stackedLayout(x, dataType, wide), stretch: from.stretch, offset };
  selectChannels(assembly, { from: window, to: assembly.writeStacked(y, layout) }, (channel) =>
    channel < channels ? channel + begun : -1,
  );
}
