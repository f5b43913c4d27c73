/* Draws bars as drum notation with VexFlow. The one file that knows that library; loaded late. */
import {
  Annotation, AnnotationVerticalJustify, Articulation, Beam, Dot, Formatter, GhostNote, GraceNote, GraceNoteGroup,
  ModifierPosition, Parenthesis, Renderer, Stave, StaveNote, Stem, Tremolo, Tuplet, VexFlow, Voice, VoiceMode,
  type StemmableNote,
} from 'vexflow/core';
import type { Chart, ChartNote } from '../api_types';
import { placeOf, vexKey } from './places';
import type { BarPart, Cell, Group } from './rhythm';

export interface Head { x: number; y: number; element: SVGElement | null }
export interface Drawn { heads: Map<number, Head>; width: number; height: number; bars: { bar: number; x: number; width: number }[] }
export interface SystemOptions { width: number; show_meter: boolean; show_hands: boolean; first_of_line: boolean }

const STAVE_Y = 34;
const SECTION_PX = 16; // a line of text over the accents
let font: Promise<unknown> | null = null;

/** Resolves once the music font is there: before, boxes would be drawn and measured. */
export function ready(): Promise<unknown> {
  VexFlow.setFonts('Bravura', 'system-ui', 'sans-serif');
  return (font ??= document.fonts.load('30px Bravura', '\uE0A4'));
}

export function engrave(into: HTMLElement, chart: Chart, bars: BarPart[], options: SystemOptions): Drawn {
  const top = bars.some((bar) => bar.section) ? SECTION_PX : 0;
  const height = top + (options.show_hands ? 186 : 164);
  into.replaceChildren();
  const renderer = new Renderer(into as HTMLDivElement, Renderer.Backends.SVG);
  renderer.resize(options.width, height);
  const context = renderer.getContext();
  context.setFillStyle('currentColor');
  context.setStrokeStyle('currentColor');
  const drawn: Drawn = { heads: new Map(), width: options.width, height, bars: [] };
  const head_room = 34 + (options.show_meter ? 26 : 0);
  const weights = bars.map(weightOf);
  const total = weights.reduce((a, b) => a + b, 0);
  let x = 2;
  bars.forEach((bar, i) => {
    const width = ((options.width - 4 - head_room) * weights[i]!) / total + (i === 0 ? head_room : 0);
    const stave = new Stave(x, STAVE_Y + top, width);
    if (i === 0) stave.addClef('percussion');
    if (i === 0 && options.show_meter) stave.addTimeSignature(`${bar.numerator}/${bar.denominator}`);
    if (bar.section) stave.setSection(bar.section, -22, 0, 10, false);
    stave.setContext(context).draw();
    drawBar(stave, chart, bar, options, drawn);
    drawn.bars.push({ bar: bar.bar, x, width });
    x += width;
  });
  nameIt(into, chart, bars);
  return drawn;
}

function nameIt(into: HTMLElement, chart: Chart, bars: BarPart[]): void {
  const svg = into.querySelector('svg');
  svg?.setAttribute('role', 'img');
  const first = (bars[0]?.bar ?? 0) + 1;
  svg?.setAttribute('aria-label', `${chart.title || chart.name}: drum notation, bars ${first} to ${first + bars.length - 1}`);
}

/** How much room a bar wants, by what stands in it. */
export function weightOf(bar: BarPart): number {
  const cells = (groups: Group[]) => groups.reduce((sum, g) => sum + g.cells.length, 0);
  return 3 + Math.max(cells(bar.hands), cells(bar.feet));
}

interface Made { note: StemmableNote; cell: Cell; order: number[] }

function drawBar(stave: Stave, chart: Chart, bar: BarPart, options: SystemOptions, drawn: Drawn): void {
  const extras: { draw: () => void }[] = [];
  const hands = makeVoice(chart, bar, bar.hands, Stem.UP, options, extras);
  const feet = makeVoice(chart, bar, bar.feet, Stem.DOWN, options, extras);
  const voices = [hands, feet].filter((made) => made.length).map((made) => {
    const voice = new Voice({ numBeats: bar.numerator, beatValue: bar.denominator }).setMode(VoiceMode.SOFT);
    return voice.addTickables(made.map((m) => m.note));
  });
  if (!voices.length) return;
  const context = stave.checkContext();
  const room = stave.getNoteEndX() - stave.getNoteStartX() - 12;
  new Formatter().joinVoices(voices).format(voices, Math.max(40, room));
  for (const voice of voices) voice.draw(context, stave);
  for (const extra of extras) extra.draw();
  for (const made of [...hands, ...feet]) keepHeads(made, drawn);
}

function makeVoice(
  chart: Chart, bar: BarPart, groups: Group[], stem: number, options: SystemOptions, extras: { draw: () => void }[],
): Made[] {
  if (!groups.length) return stem === Stem.UP && !bar.feet.length ? [wholeRest()] : [];
  const made: Made[] = [];
  for (const group of groups) {
    const cells = group.cells.map((cell) => makeCell(chart, cell, stem, options));
    for (const run of runsOf(cells)) extras.push(drawable(new Beam(run)));
    if (group.tuplet) extras.push(drawable(tupletOf(cells, group.tuplet, stem)));
    made.push(...cells);
  }
  // A beam and a tuplet draw themselves on the context of their first note's stave.
  return made;
  function drawable(thing: Beam | Tuplet) {
    return { draw: () => void (thing.setContext(made[0]!.note.checkStave().checkContext()), thing.draw()) };
  }
}

function tupletOf(cells: Made[], { notes, occupied }: { notes: number; occupied: number }, stem: number): Tuplet {
  const location = stem === Stem.UP ? Tuplet.LOCATION_TOP : Tuplet.LOCATION_BOTTOM;
  return new Tuplet(cells.map((c) => c.note), { numNotes: notes, notesOccupied: occupied, location, bracketed: false, ratioed: false });
}

function wholeRest(): Made {
  return { note: new StaveNote({ keys: ['d/5'], duration: 'wr', clef: 'percussion' }), cell: { value: 1, dotted: false, notes: [] }, order: [] };
}

/** Notes that share a beam: neighbours shorter than a quarter, with no rest between. */
function runsOf(cells: Made[]): StemmableNote[][] {
  const runs: StemmableNote[][] = [];
  let run: StemmableNote[] = [];
  for (const { note, cell } of cells) {
    if (cell.notes.length && cell.value >= 8) run.push(note);
    else (runs.push(run), (run = []));
  }
  return [...runs, run].filter((r) => r.length > 1);
}

const DURATION: Record<number, string> = { 1: 'w', 2: 'h', 4: 'q', 8: '8', 16: '16', 32: '32', 64: '64' };

function makeCell(chart: Chart, cell: Cell, stem: number, options: SystemOptions): Made {
  const duration = (DURATION[cell.value] ?? '16') + (cell.dotted ? 'd' : '');
  if (!cell.notes.length && stem === Stem.DOWN) return { note: new GhostNote({ duration }), cell, order: [] };
  if (!cell.notes.length) return { note: restOf(duration, cell.dotted), cell, order: [] };
  const order = [...cell.notes].sort((a, b) => lineOf(chart, a) - lineOf(chart, b));
  const keys = order.map((i) => vexKey(chart.notes[i]!.drum));
  const note = new StaveNote({ keys, duration, clef: 'percussion', stemDirection: stem });
  if (cell.dotted) Dot.buildAndAttach([note], { all: true });
  order.forEach((i, at) => dress(note, chart.notes[i]!, at, stem, options));
  return { note, cell, order };
}

function restOf(duration: string, dotted: boolean): StaveNote {
  const rest = new StaveNote({ keys: ['b/4'], duration: `${duration}r`, clef: 'percussion' });
  if (dotted) Dot.buildAndAttach([rest], { all: true });
  return rest;
}

const lineOf = (chart: Chart, index: number): number => placeOf(chart.notes[index]!.drum).line;

function dress(note: StaveNote, written: ChartNote, at: number, stem: number, options: SystemOptions): void {
  const outside = stem === Stem.UP ? ModifierPosition.ABOVE : ModifierPosition.BELOW;
  if (written.loud === 'ghost') {
    note.addModifier(new Parenthesis(ModifierPosition.LEFT), at);
    note.addModifier(new Parenthesis(ModifierPosition.RIGHT), at);
  }
  if (placeOf(written.drum).is_open) note.addModifier(new Articulation('ah').setPosition(ModifierPosition.ABOVE), at);
  if (written.loud === 'accent' && isFirstAccent(note)) note.addModifier(new Articulation('a>').setPosition(outside), at);
  if (written.ornament === 'flam' || written.ornament === 'drag') note.addModifier(graceOf(written), at);
  if (written.ornament === 'roll') note.addModifier(new Tremolo(3), at);
  if (options.show_hands && written.hand && stem === Stem.UP) {
    const letter = new Annotation(written.hand).setVerticalJustification(AnnotationVerticalJustify.BOTTOM);
    letter.setFont('system-ui', 11, 'bold');
    note.addModifier(letter, at);
  }
}

/** One accent a chord is enough. */
function isFirstAccent(note: StaveNote): boolean {
  return !note.getModifiersByType(Articulation.CATEGORY).some((m) => (m as Articulation).type === 'a>');
}

function graceOf(written: ChartNote): GraceNoteGroup {
  const one = (slash: boolean) => new GraceNote({ keys: [vexKey(written.drum)], duration: written.ornament === 'drag' ? '16' : '8', slash, stemDirection: Stem.UP });
  const notes = written.ornament === 'drag' ? [one(false), one(false)] : [one(true)];
  const group = new GraceNoteGroup(notes, false);
  return notes.length > 1 ? group.beamNotes() : group;
}

function keepHeads({ note, order }: Made, drawn: Drawn): void {
  if (!order.length || !(note instanceof StaveNote)) return;
  const x = (note.getNoteHeadBeginX() + note.getNoteHeadEndX()) / 2;
  const ys = note.getYs();
  order.forEach((index, at) => {
    const element = (note.noteHeads[at]?.getSVGElement() ?? null) as SVGElement | null;
    drawn.heads.set(index, { x, y: ys[at] ?? 0, element });
  });
}
