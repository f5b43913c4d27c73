import { clicksText, INITIAL, requestOf } from '../src/live/start_request';
import { describe, expect, it } from 'vitest';
import { glanceOf, sumOf } from '../src/live/glance';
import { fatesOf } from '../src/live/fates';
import { beatAt, phaseIn, swingAt, writtenBars } from '../src/live/beats';
import { isOn, KEPT_STROKES, NOTHING, phaseOf, reduce, type Live } from '../src/state/live';
import type { BarMessage, JudgedMessage, Message, SessionMessage, StrokeMessage, TakeMessage } from '../src/messages';

const session = (state: SessionMessage['state']): SessionMessage => ({ type: 'session', state, chart: 'funk', title: 'Funk', mode: 'ladder', device: null, recorded: null, text: null });
const take: TakeMessage = {
  type: 'take', number: 1, chart: 'funk', mode: 'ladder', piece: 'whole', say: 'Go.', bpm: 96, bars: 4, count_in_bars: 1, from_bar: 0, loop_bars: 2, burst: false, cold: false,
  start_ms: 1000, first_ms: 3000, end_ms: 11000,
  beats: Array.from({ length: 20 }, (_, i) => ({ at_ms: 1000 + i * 500, bar: Math.floor(i / 4) - 1, beat: i % 4 })),
  notes: Array.from({ length: 8 }, (_, i) => ({ at_ms: 3000 + i * 1000, bar: Math.floor(i / 2), note: i % 4, drum: 'snare', velocity: 90 })),
};
const stroke = (note: number, part: Partial<StrokeMessage> = {}): StrokeMessage => ({ type: 'stroke', at_ms: 3000, drum: 'snare', velocity: 90, asynchrony_ms: -20, side: 'early', note, bar: 0, beat: 0, ...part });
const bar = (part: Partial<BarMessage>): BarMessage => ({ type: 'bar', bar: 0, written: 0, word: 'EARLY', tint: 'early', mean_ms: -14.4, missed: 0, extra: 0, ...part });
const judged: JudgedMessage = { type: 'judged', number: 1, take: 7, clean: false, stopped: false, word: 'RUSHING', figure: '+1.6', unit: 'bpm', tint: 'bad', bpm: 96, placement_ms: null, drift_percent: 1, scatter_ms: 8, missed: 0, extra: 0 };
const after = (...messages: Message[]): Live => messages.reduce(reduce, NOTHING);
const playing = after(session('starting'), session('running'), take, stroke(0));

describe('what the drummer sees', () => {
  it('counts in with the tempo', () => {
    const live = after(session('running'), take);
    expect(phaseOf(live, 1500)).toBe('count_in');
    expect(glanceOf(live, 'count_in', null, false)).toMatchObject({ word: 'PLAY', figure: '96', unit: 'bpm' });
  });
  it('shows the bar on its side, without milliseconds unless asked', () => {
    const live = reduce(playing, bar({}));
    expect(phaseOf(live, 5000)).toBe('playing');
    expect(glanceOf(live, 'playing', null, false)).toMatchObject({ word: 'EARLY', side: 'early', tint: 'early', figure: '96', unit: 'bpm' });
    expect(glanceOf(live, 'playing', null, true)).toMatchObject({ figure: '14', unit: 'ms early' });
  });
  it('shows the verdict when the take is over, and the rest as minutes', () => {
    const live = reduce(playing, judged);
    expect(glanceOf(live, phaseOf(live, 12000), null, false)).toMatchObject({ word: 'RUSHING', figure: '+1.6', tint: 'bad' });
    const rest = reduce(live, { type: 'rest', until_ms: 90000, text: 'Rest.' });
    expect(glanceOf(rest, phaseOf(rest, 0), 75, false)).toMatchObject({ word: 'REST', figure: '1:15' });
  });
  it('does not fall over a phase that is just over', () => {
    for (const phase of ['idle', 'ready', 'count_in', 'playing', 'judged', 'rest', 'paused', 'done'] as const)
      for (const live of [NOTHING, playing, reduce(playing, judged)]) expect(() => glanceOf(live, phase, null, true)).not.toThrow();
  });
  it('says pause until it goes on', () => {
    const paused = reduce(playing, { type: 'pause', text: '' });
    expect(phaseOf(paused, 5000)).toBe('paused');
    expect(phaseOf(reduce(paused, take), 1500)).toBe('count_in');
  });
  it('says what the coach said before, not while one plays', () => {
    expect(glanceOf(playing, 'playing', null, false).say).toBe('Go.');
    expect(glanceOf(reduce(playing, bar({})), 'playing', null, false).say).toBe('');
  });
  it('sums a session up', () => {
    expect(sumOf([judged, { ...judged, clean: true }], 96.04)).toBe('2 takes, 1 clean. Clean tempo 96 bpm.');
    expect(sumOf([judged], null)).toBe('1 take, 0 clean.');
  });
  it('asks for a band only where one is chosen, and for none where the command line has one', () => {
    const ask = (band: string, band_db = '0') => requestOf({ ...INITIAL, band, band_db }, null);
    expect(ask('')).not.toHaveProperty('band');
    expect(ask('walking', '-6')).toMatchObject({ band: 'walking', band_level_db: -6 });
    expect(ask('none', '-6')).toMatchObject({ band: 'none' });
    expect(ask('', '-6')).toMatchObject({ band_level_db: -6 });
  });
  it('keeps the banner until the device is back', () => {
    const away = reduce(playing, { type: 'device', is_away: true, text: 'gone' });
    expect(away.away?.text).toBe('gone');
    expect(reduce(away, { type: 'device', is_away: false, text: '' }).away).toBeNull();
  });
  it('tells what is wrong once each, until the next session', () => {
    const full = { type: 'trouble', text: 'The disk is full.' } as const;
    const live = after(session('running'), full, { type: 'trouble', text: 'Take 3 could not be kept.' }, full);
    expect(live.troubles).toEqual(['Take 3 could not be kept.', 'The disk is full.']);
    expect(after(session('running'), full, session('ended')).troubles).toHaveLength(1);
    expect(after(session('running'), full, session('ended'), session('starting')).troubles).toEqual([]);
  });
  it('forgets the last session when a new one begins, but not uploads', () => {
    const old = reduce(reduce(playing, judged), { type: 'upload', upload: 'u1', state: 'done', share: 1, take: 3, text: null });
    const ended = reduce(reduce(old, { type: 'done', text: 'Enough.' }), session('ended'));
    expect(isOn(ended)).toBe(false);
    const fresh = reduce(ended, session('starting'));
    expect(fresh.history).toEqual([]);
    expect(fresh.uploads['u1']?.take).toBe(3);
  });
  it('does not grow without end', () => {
    let live = playing;
    for (let i = 0; i < 5000; i++) live = reduce(live, stroke(0));
    expect(live.strokes.length).toBe(KEPT_STROKES);
    expect(live.stroke_count).toBe(5001);
  });
});

describe('notes are lit', () => {
  it('by the newest time round only', () => {
    const strokes = [stroke(0), stroke(1, { side: 'on' }), stroke(4, { side: 'late', bar: 2 })];
    expect(fatesOf(take, strokes, 1, 2)).toEqual(new Map([[0, 'late'], [1, 'on']]));
    expect(fatesOf(take, strokes, 2, 2)).toEqual(new Map([[0, 'late']]));
  });
  it('in the bar that is played, loops too', () => {
    expect(writtenBars(take, (n) => Math.floor(n / 2))).toEqual([0, 1, 0, 1]);
    expect(writtenBars({ ...take, notes: [], from_bar: 4 }, () => null)).toEqual([4, 5, 4, 5]);
  });
});

describe('the clock swings', () => {
  it('from side to side, at the side on the beat', () => {
    expect(beatAt(take.beats, 999)).toBe(-1);
    expect(beatAt(take.beats, 1500)).toBe(1);
    expect(phaseIn(take.beats, 1, 1750)).toBeCloseTo(0.5);
    expect([swingAt(0, 0), swingAt(0, 1), swingAt(1, 0)].map(Math.round)).toEqual([-1, 1, 1]);
    expect(phaseIn(take.beats, 19, 1e9)).toBe(1);
  });
});

describe('a session is asked for', () => {
  it('with the level and the tone of the settings', () => {
    expect(requestOf(INITIAL, { level: 'pro', tone: 'kind' })).toMatchObject({ chart: 'paradiddle', level: 'pro', tone: 'kind' });
    expect(requestOf({ ...INITIAL, level: 'beginner' }, { level: 'pro', tone: 'plain' }).level).toBe('pro');
  });
  it('without them where they are not known: the program has its own', () => {
    expect(requestOf(INITIAL, null)).not.toHaveProperty('level');
  });
});

describe('clicks between the beats', () => {
  it('are asked for only where they are wanted', () => {
    expect(requestOf(INITIAL, null)).not.toHaveProperty('subdivisions');
    expect(requestOf({ ...INITIAL, clicks: '3' }, null)).toMatchObject({ subdivisions: 3 });
  });
  it('say what becomes of them', () => {
    expect(clicksText('1', '6/8')).toBeUndefined();
    expect(clicksText('4', '4/4')).toBe('swing with the chart');
    expect(clicksText('4', undefined)).toBe('swing with the chart');
    expect(clicksText('3', '4/4')).toBeUndefined();
    expect(clicksText('4', '12/8')).toBe('in 12/8 only 3 and 6 divide the beat: on the beats');
    expect(clicksText('6', '6/8')).toBe('swing with the chart');
    expect(clicksText('2', '3/8')).toBe('swing with the chart');
  });
});

describe('a kit that is learned', () => {
  const pad = (drum: string, is_known = true) => ({ type: 'pad' as const, drum, is_known, text: '', note: 38, lowest: 30, typical: 80, same_as: null, ghosts: [] });
  const ask = (share: number) => ({ type: 'calibrate' as const, what: 'pads', state: 'asking', say: '', drum: 'snare', with: null, struck: 0, wanted: 5, share, level_db: null, latency_ms: null, low_ms: null, high_ms: null });
  it('shows each pad once, and forgets them when it is learned anew', () => {
    let live = [ask(0), pad('snare', false), pad('kick'), pad('snare')].reduce<Live>((l, m) => reduce(l, m), NOTHING);
    expect(live.pads.map((p) => `${p.drum} ${p.is_known}`)).toEqual(['kick true', 'snare true']);
    live = reduce(live, ask(0.2));
    expect(live.pads).toHaveLength(2);
    expect(reduce(live, ask(0)).pads).toHaveLength(0);
  });
});
