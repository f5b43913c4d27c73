/* What the server's HTTP answers look like: ../docs/api.md. */

export interface Estimate { known: 'known' | 'cant_tell' | 'not_testable'; value: number | null; low: number | null; high: number | null }
export interface Interval { value: number; low: number | null; high: number | null }

export type Word = 'cant_tell' | 'rushing' | 'dragging' | 'scattered' | 'in_the_pocket';

export interface TakeLine {
  take: number; taken_at_s: number; player: string | null; chart: string | null; file: string | null; word: Word;
  stroke_count: number; bars: number | null; tempo_bpm: number | null; bpm_change: number | null;
  placement_ms: Estimate; drift_bpm_per_min: Estimate; scatter_ms: Estimate;
  missed_count: number | null; extra_count: number | null; wrong_drum_count: number | null;
  /** of one take only: a recording is kept */
  has_sound?: boolean;
}
export interface TakeList { takes: TakeLine[]; next: number | null }

export interface ChartLine {
  name: string; title: string; tags: string; bars: number; bpm: number; meter: string; is_own: boolean;
}
export type Loud = 'ghost' | 'normal' | 'accent';
export type Ornament = 'plain' | 'flam' | 'drag' | 'roll';
export interface ChartNote {
  tick: number; drum: string; loud: Loud; ornament: Ornament; hand: string | null; length: number; roll_step: number;
}
export interface ChartBar { tick: number; numerator: number; denominator: number; section: string | null }
export interface Chart extends ChartLine {
  text: string; ticks_per_quarter: number; end_tick: number; swing: number; swing_pair: number; step: number;
  bar_list: ChartBar[]; notes: ChartNote[];
}

export interface Wave { from_s: number; to_s: number; low: number[]; high: number[] }

export interface CompareSide { name: string; stroke_count: number; tempo_bpm: number | null }
export interface Change {
  voice: string; number: string; known: string; a: number | null; b: number | null; is_ratio: boolean;
  change: number | null; low: number | null; high: number | null; p: number | null; real: boolean;
}
export interface Comparison { a: CompareSide; b: CompareSide; result: string; draws: number; changes: Change[] }

export interface ProgressPoint { at_s: number; bpm: number; low_bpm: number | null; high_bpm: number | null; is_cold: boolean; is_clean: boolean }
export interface ProgressExercise { chart: string; title: string; points: ProgressPoint[] }
export interface Progress {
  exercises: ProgressExercise[]; today: { chart: string | null; text: string }[];
  days: { day: string; minutes: number }[]; records: { chart: string; text: string; at_s: number }[];
}

export interface PlanExercise { chart: string; mode: string; minutes: number | null; text: string }
export interface Plan { text: string; exercises: PlanExercise[] }

export interface Devices {
  sound: { name: string; text: string; is_chosen: boolean; is_usable?: boolean; note?: string | null }[];
  midi: { name: string; text: string; is_chosen: boolean }[];
}
export interface Settings {
  audio: string | null; midi: string | null; kit: string | null; latency_ms: number | null; latency_low_ms: number | null;
  latency_high_ms: number | null; latency_day: string | null; tone: string; level: string; theme: string;
}
export interface Status {
  program: string; schema: number; session: string; pages: number; listen: string | null; is_first_page: boolean;
  devices: string[]; counters: Record<string, number>;
}
export interface PairingCode { code: string; address: string; seconds: number; qr: string | null }
export interface SessionRequest {
  chart?: string; mode?: string; from_bpm?: number | null; to_bpm?: number | null; tempo_bpm?: number | null; minutes?: number;
  subdivisions?: number; level?: string; limbs?: string; tone?: string; audio?: string | null; midi?: string | null; drummer?: string | null; plan?: boolean;
  band?: string; band_level_db?: number;
}

/** Lines of MIDI files to play along with; given: the file of the command line. */
export interface Bands { bands: { name: string; bars: number }[]; given: string | null; can_play: boolean; text: string | null }
