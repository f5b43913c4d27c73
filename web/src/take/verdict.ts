/* The judge's JSON: ../../../docs/judge.schema.json. Only what the page shows. */
import type { Estimate, Word } from '../api_types';

export interface Timing {
  stroke_count: number; placement_ms: Estimate; placement_own_ms: Estimate; tempo_bpm: Estimate;
  drift_bpm_per_min: Estimate; drift_percent_per_min: Estimate; scatter_ms: Estimate;
}
export interface VoiceTiming extends Timing { voice: string }
export interface JudgedStroke {
  time_s: number; drum: string; velocity: number | null; openness: number | null; confidence: number; beat: number | null;
  grid_time_s: number | null; asynchrony_ms: number | null; residual_ms: number | null; outlier: boolean | null; ornament: boolean | null;
}
export interface TempoPoint { beat: number | null; time_s: number | null; bpm: number | null; low: number | null; high: number | null }
export interface SwingOf { pair_count: number; share: Estimate; ratio: Estimate; spread: Estimate; short_ms: Estimate }
export interface Place { voice: string; name: string; bar_tick: number; count: number; offset_ms: Estimate; offset_click_ms: Estimate; scatter_ms: Estimate }
export interface Roll {
  kind: string; voice: string; start_s: number | null; end_s: number | null; stroke_count: number; cv_pct: Estimate;
  strokes_per_min: Estimate; breakdown: string | null; breakdown_s: number | null;
}
export interface VoiceDynamics { voice: string; levels: string; count: number; accent_db: Estimate; ghost_db: Estimate; evenness_db: Estimate; crescendo_db_per_min: Estimate }

export interface Study {
  practise: { weakness: string; voice: string | null; text: string; severity: number | null; bars: number[] }[];
  tempo_curve: TempoPoint[];
  swing: { pair_ticks: number; norm_ratio: number | null; all: SwingOf; voices: ({ voice: string } & SwingOf)[] };
  unison: { spread_ms: Estimate; pairs: { first: string; second: string; count: number; lead_ms: Estimate; spread_ms: Estimate }[] };
  places: Place[];
  fills: { count: number; gain_bpm: Estimate; inside_bpm: Estimate; scatter_ratio: Estimate };
  hands: { limbs: { limb: string; count: number; offset_ms: Estimate; scatter_ms: Estimate; level_db: Estimate }[]; left_later_ms: Estimate; left_louder_db: Estimate };
  rolls: { cv_pct: Estimate; strokes_per_min: Estimate; items: Roll[] };
  flams: { flam_count: number; flat_count: number; flam_ms: Estimate; flam_sd_ms: Estimate; drag_count: number; drag_ms: Estimate };
  dynamics: { accent_db: Estimate; ghost_db: Estimate; evenness_db: Estimate; crescendo_db_per_min: Estimate; backbeat_db: Estimate; voices: VoiceDynamics[] };
  fatigue: { minutes: number | null; scatter_pct_per_min: Estimate; drift_bpm_per_min: Estimate; roll_rate_per_min: Estimate; level_db_per_min: Estimate };
  timekeeper: { beat_count: number; correction: Estimate; clock_ms: Estimate; motor_ms: Estimate };
}

export interface ChartFate {
  name: string; title: string; hit_count: number; missed_count: number; wrong_count: number; extra_count: number;
  bars: { written: number; jumped: boolean }[];
  notes: { beat: number | null; bar: number; drum: string; fate: 'hit' | 'missed' | 'wrong_drum'; stroke: number | null }[];
}

export interface Verdict {
  version: string | null; file: string | null;
  take: { source: string; duration_s: number; stroke_count: number; has_click: boolean };
  config: { grid: string; meter: string | null; level: string; click_bpm: number | null; phase_known: boolean };
  verdict: { word: Word; text: string; bpm_change: number | null; drift_found: boolean; ahead_of_click: boolean; strokes_needed: number; bars: number | null; beat_s: number | null };
  subdivision: { feel: string; text: string; division: number; swing: number | null };
  tolerance: { scatter_ms: number | null; drift_percent: number | null };
  instrument: { jitter_ms: number | null; bias_ms: number | null; latency_ms?: number | null };
  all: Timing; voices: VoiceTiming[]; strokes: JudgedStroke[]; chart?: ChartFate; study?: Study;
}
