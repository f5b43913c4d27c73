/* What the socket's messages make of the page's picture of the session. Pure. */
import type {
  BarMessage as Bar, CalibrateMessage as Calibrate, DeviceMessage as Device, DoneMessage as Done,
  JudgedMessage as Judged, LadderMessage as Ladder, Message, PadDelayMessage as PadDelay, PadMessage as Pad, RestMessage as Rest, SessionMessage as Session,
  StopMessage as Stop, StrokeMessage as Stroke, TakeMessage as Take, UploadMessage as Upload,
} from '../messages';

export interface Live {
  readonly session: Session | null;
  readonly take: Take | null;
  /** of the take going on, or just over; the newest last, at most KEPT_STROKES */
  readonly strokes: readonly Stroke[];
  /** how many of the take came altogether */
  readonly stroke_count: number;
  readonly bars: readonly Bar[];
  readonly stop: Stop | null;
  readonly judged: Judged | null;
  /** every take of this session that is over */
  readonly history: readonly Judged[];
  readonly ladder: Ladder | null;
  readonly rest: Rest | null;
  readonly pause: string | null;
  readonly away: Device | null;
  readonly done: Done | null;
  readonly uploads: Readonly<Record<string, Upload>>;
  readonly calibrate: Calibrate | null;
  /** of the kit that is being learned */
  readonly pads: readonly Pad[];
  readonly pad_delays: readonly PadDelay[];
  /** what went wrong while the session goes on, each sentence once */
  readonly troubles: readonly string[];
  /** the take whose sound was kept last */
  readonly sound_of: number | null;
}

export const KEPT_STROKES = 512;
const KEPT_TAKES = 200;
const KEPT_TROUBLES = 3;

export const NOTHING: Live = {
  session: null, take: null, strokes: [], stroke_count: 0, bars: [], stop: null, judged: null, history: [],
  ladder: null, rest: null, pause: null, away: null, done: null, uploads: {}, calibrate: null,
  pads: [], pad_delays: [], troubles: [], sound_of: null,
};

type Rule<M extends Message> = (live: Live, message: M) => Live;
type Rules = { [T in Message['type']]?: Rule<Extract<Message, { type: T }>> };

const RULES: Rules = {
  session: sessionCame,
  take: (live, take) => ({
    ...live, take, strokes: [], stroke_count: 0, bars: [], stop: null, judged: null, rest: null, pause: null,
    done: null,
  }),
  stroke: (live, stroke) => ({
    ...live,
    strokes: [...live.strokes.slice(-(KEPT_STROKES - 1)), stroke],
    stroke_count: live.stroke_count + 1,
  }),
  bar: (live, bar) => ({ ...live, bars: [...live.bars, bar] }),
  stop: (live, stop) => ({ ...live, stop }),
  judged: (live, judged) => ({ ...live, judged, history: [...live.history, judged].slice(-KEPT_TAKES) }),
  ladder: (live, ladder) => ({ ...live, ladder }),
  rest: (live, rest) => ({ ...live, rest, pause: null }),
  pause: (live, { text }) => ({ ...live, pause: text, rest: null }),
  device: (live, device) => ({ ...live, away: device.is_away ? device : null }),
  done: (live, done) => ({ ...live, done, rest: null, pause: null }),
  upload: (live, upload) => ({ ...live, uploads: { ...live.uploads, [upload.upload]: upload } }),
  calibrate: (live, calibrate) => ({ ...live, calibrate, ...(calibrate.what === 'pads' && calibrate.state === 'asking' && calibrate.share === 0 ? { pads: [], pad_delays: [] } : {}) }),
  pad: (live, pad) => ({ ...live, pads: [...live.pads.filter((p) => p.drum !== pad.drum), pad] }),
  pad_delay: (live, delay) => ({ ...live, pad_delays: [...live.pad_delays.filter((d) => d.drum !== delay.drum), delay] }),
  trouble: (live, { text }) => ({ ...live, troubles: [...live.troubles.filter((t) => t !== text), text].slice(-KEPT_TROUBLES) }),
  sound: (live, { take }) => ({ ...live, sound_of: take }),
};

export function reduce(live: Live, message: Message): Live {
  const rule = RULES[message.type] as Rule<Message> | undefined;
  return rule ? rule(live, message) : live;
}

/** A new session forgets the one before; one that goes on keeps what is known of it. */
function sessionCame(live: Live, session: Session): Live {
  const begins = session.state === 'starting' || (session.state === 'running' && !isOn(live));
  if (begins && live.session?.state !== 'starting')
    return { ...NOTHING, uploads: live.uploads, calibrate: live.calibrate, pads: live.pads, pad_delays: live.pad_delays, session };
  return { ...live, session };
}

export function isOn(live: Live): boolean {
  return live.session?.state === 'running' || live.session?.state === 'starting';
}

export type Phase = 'idle' | 'ready' | 'count_in' | 'playing' | 'judged' | 'rest' | 'paused' | 'done';

/** What the drummer should be looking at. stream_ms: where the stream is, null not known. */
export function phaseOf(live: Live, stream_ms: number | null): Phase {
  if (live.done) return 'done';
  if (!isOn(live)) return 'idle';
  if (live.pause !== null) return 'paused';
  if (live.rest) return 'rest';
  if (live.judged) return 'judged';
  if (!live.take) return 'ready';
  const is_before = stream_ms !== null && stream_ms < live.take.first_ms - 1;
  return is_before && live.stroke_count === 0 ? 'count_in' : 'playing';
}
