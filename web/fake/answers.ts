/* The HTTP API, answered from recorded data. */
import type { Settings } from '../src/api_types';
import { readChart, ChartError } from './chart_text';
import { comparison, lineOf, PLAN, progress, takes, texts, verdicts } from './data';
import { envelope, synthesise, wavOf } from './sound';

export interface Asked { method: string; path: string; query: URLSearchParams; body: Buffer }
export interface Answer { status: number; type: string; body: Buffer | string }

const json = (value: unknown, status = 200): Answer => ({ status, type: 'application/json', body: JSON.stringify(value) });
export const refuse = (status: number, text: string, line?: number): Answer => json({ error: { status, text, ...(line ? { line } : {}) } }, status);
const NONE: Answer = { status: 204, type: 'application/json', body: '' };

const bands = new Set<string>();
let plan = PLAN;
let settings: Settings = {
  audio: 'jack', midi: null, kit: null, latency_ms: 12.34, latency_low_ms: 12.28, latency_high_ms: 12.41, latency_day: '2026-03-01',
  tone: 'plain', level: 'player', theme: 'auto',
};
const sounds = new Map<number, Float32Array>();

function soundOf(n: number): Float32Array {
  const verdict = verdicts.get(n)!;
  if (!sounds.has(n)) sounds.set(n, synthesise(verdict.strokes, verdict.take.duration_s));
  return sounds.get(n)!;
}

type Rule = [method: string, path: RegExp, answer: (asked: Asked, part: string) => Answer];

const RULES: Rule[] = [
  ['GET', /^\/takes$/, () => json({ takes, next: null })],
  ['GET', /^\/takes\/(\d+)$/, (_, n) => found(lineOfTake(Number(n)), 'take')],
  ['GET', /^\/takes\/(\d+)\/verdict$/, (_, n) => found(verdicts.get(Number(n)), 'take')],
  ['GET', /^\/takes\/(\d+)\/wave$/, (asked, n) => waveOf(asked, Number(n))],
  ['GET', /^\/takes\/(\d+)\/sound$/, (_, n) => (Number(n) === 4 ? refuse(404, 'No recording of this take is kept.') : { status: 200, type: 'audio/wav', body: wavOf(soundOf(Number(n))) })],
  ['GET', /^\/takes\/(\d+)\/page$/, () => ({ status: 200, type: 'text/html', body: '<!doctype html><title>report</title><p>The self-contained report.</p>' })],
  ['GET', /^\/compare$/, ({ query }) => json({ ...comparison, a: { ...comparison.a, name: `take ${query.get('a')}` }, b: { ...comparison.b, name: `take ${query.get('b')}` } })],
  ['GET', /^\/charts$/, () => json({ charts: [...texts.keys()].map(lineOf) })],
  ['POST', /^\/charts\/read$/, ({ body }) => chartOf(body.toString('utf8'))],
  ['GET', /^\/charts\/([^/]+)$/, (_, n) => (texts.has(n) ? chartOf(texts.get(n)!.text, texts.get(n)!.is_own) : refuse(404, `No chart is called '${n}'.`))],
  ['PUT', /^\/charts\/([^/]+)$/, ({ body }, n) => keepChart(n, body.toString('utf8'))],
  ['DELETE', /^\/charts\/([^/]+)$/, (_, n) => (texts.get(n)?.is_own ? (texts.delete(n), NONE) : refuse(404, `No chart of your own is called '${n}'.`))],
  ['GET', /^\/charts\/([^/]+)\/(midi|musicxml)$/, () => ({ status: 200, type: 'audio/midi', body: 'MThd' })],
  ['GET', /^\/progress$/, () => json(progress(Math.floor(Date.now() / 1000)))],
  ['GET', /^\/plan$/, () => json({ text: plan, exercises: exercisesOf(plan) })],
  ['PUT', /^\/plan$/, ({ body }) => putPlan(body.toString('utf8'))],
  ['GET', /^\/bands$/, () => json({ bands: [...bands].map((name) => ({ name, bars: 12 })), given: null, can_play: true, text: null })],
  ['PUT', /^\/bands\/([^/]+)$/, ({ body }, n) => (body.subarray(0, 4).toString() === 'MThd' ? (bands.add(n), json({ name: n, bars: 12 })) : refuse(422, 'This is no MIDI file: it does not begin with MThd.'))],
  ['DELETE', /^\/bands\/([^/]+)$/, (_, n) => (bands.delete(n) ? NONE : refuse(404, `There is no band called '${n}'.`))],
  ['GET', /^\/devices$/, () => json({ sound: [{ name: 'jack', text: 'JACK', is_chosen: true }, { name: 'hw:1', text: 'USB audio, ALSA', is_chosen: false }], midi: [{ name: 'TD-17', text: 'Roland TD-17', is_chosen: false }] })],
  ['GET', /^\/settings$/, () => json(settings)],
  ['PUT', /^\/settings$/, ({ body }) => ((settings = { ...settings, ...(JSON.parse(body.toString()) as Partial<Settings>) }), json(settings))],
  ['POST', /^\/pair$/, ({ body }) => ((JSON.parse(body.toString()) as { code: string }).code === '123456' ? NONE : refuse(403, 'That is not the code, or it is too old. Look at the first screen.'))],
  ['POST', /^\/pairing$/, () => json({ code: '123456', address: 'http://192.168.1.20:8137/pair', seconds: 120, qr: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'%3E%3Cpath d='M0 0h1v1h-1zM2 1h1v1h-1zM1 2h2v1h-2z'/%3E%3C/svg%3E" })],
];

export function answer(asked: Asked): Answer {
  for (const [method, path, make] of RULES) {
    const match = path.exec(asked.path);
    if (match && method === asked.method) return make(asked, decodeURIComponent(match[1] ?? ''));
  }
  return refuse(404, `There is no ${asked.path} here.`);
}

function lineOfTake(n: number) {
  const line = takes.find((t) => t.take === n);
  return line && { ...line, has_sound: n !== 4 };
}

const found = (value: unknown, what: string): Answer => (value ? json(value) : refuse(404, `There is no such ${what}.`));

function waveOf({ query }: Asked, n: number): Answer {
  if (!verdicts.has(n) || n === 4) return refuse(404, 'No recording of this take is kept.');
  return json(envelope(soundOf(n), Number(query.get('from_s')), Number(query.get('to_s')), Math.min(4000, Number(query.get('points')) || 2000)));
}

function chartOf(text: string, is_own = false): Answer {
  try {
    return json(readChart(text, is_own));
  } catch (error) {
    return refuse(422, (error as Error).message, error instanceof ChartError ? error.line : 1);
  }
}

function keepChart(name: string, text: string): Answer {
  const read = chartOf(text, true);
  if (read.status === 200) texts.set(name, { text, is_own: true });
  return read;
}

function exercisesOf(text: string) {
  return [...text.matchAll(/^\[([^\]]+)\]([^[]*)/gm)].map(([, chart, body]) => ({
    chart: chart!, mode: /mode:\s*(\w+)/.exec(body!)?.[1] ?? 'ladder', minutes: Number(/minutes:\s*([\d.]+)/.exec(body!)?.[1] ?? 10), text: body!.trim(),
  }));
}

function putPlan(text: string): Answer {
  const bad = text.split('\n').findIndex((l) => l.trim() && !/^(\s*#|\s*\[[^\]]+\]|\s*[\w-]+\s*:)/.test(l));
  if (bad >= 0) return refuse(422, `Line ${bad + 1}: this is neither a setting nor [a chart].`, bad + 1);
  plan = text;
  return json({ text: plan, exercises: exercisesOf(plan) });
}
