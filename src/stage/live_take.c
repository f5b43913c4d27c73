#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "live_internal.h"

/* Count-in beats and those of every bar. */
static size_t count_beats(const dt_lead* lead) {
  const dt_part* part = lead->part;
  size_t count = 0;
  for (size_t i = 0; i < part->bar_count; i++)
    count += (size_t)(part->bars[i].length / dt_meter_beat_ticks(part->bars[i].meter)) + 1;
  return count + 64 * (size_t)(lead->ask.count_in_bars > 0 ? lead->ask.count_in_bars : 0);
}

static double tick_ms(const dt_lead* lead, const dt__playing* playing, dt_tick tick) {
  return 1000 * ((double)lead->first / playing->rate_hz +
                 dt_tempo_map_seconds(&lead->part->map, (double)tick)) +
         playing->latency_ms;
}

static void add_beat(dt__playing* playing, double at_ms, int64_t bar, int64_t beat) {
  playing->beats[playing->beat_count++] = (dt__msg_beat){.at_ms = at_ms, .bar = bar, .beat = beat};
}

/* The count-in goes at the tempo of the first bar, in its metre. */
static void count_in(dt__playing* playing, const dt_lead* lead) {
  const dt_part_bar* bar = &lead->part->bars[0];
  const dt_tick beat_ticks = dt_meter_beat_ticks(bar->meter);
  const int64_t beats = bar->length / beat_ticks;
  const double beat_ms =
      (double)beat_ticks / DT_TICKS_PER_QUARTER * 60000 / dt_tempo_map_bpm(&lead->part->map, 0);
  const double first_ms = tick_ms(lead, playing, 0);
  const int64_t bars = lead->ask.count_in_bars;
  for (int64_t i = 0; i < bars * beats && i < 64 * bars; i++)
    add_beat(playing, first_ms - (double)(bars * beats - i) * beat_ms, i / beats - bars, i % beats);
}

static void add_beats(dt__playing* playing, const dt_lead* lead) {
  count_in(playing, lead);
  for (size_t i = 0; i < lead->part->bar_count; i++) {
    const dt_part_bar* bar = &lead->part->bars[i];
    const dt_tick beat_ticks = dt_meter_beat_ticks(bar->meter);
    for (dt_tick at = 0; at < bar->length; at += beat_ticks)
      add_beat(playing, tick_ms(lead, playing, bar->tick + at), (int64_t)i, at / beat_ticks);
  }
}

static void add_notes(dt__playing* playing, const dt_lead* lead) {
  const double first_ms = 1000.0 * (double)lead->first / playing->rate_hz;
  for (size_t i = 0; i < playing->note_count; i++) {
    const dt_part_note* note = &lead->part->notes[i];
    playing->onset_ms[i] = first_ms + 1000 * dt_part_seconds(lead->part, note->note.tick);
    playing->notes[i] = (dt__msg_part_note){.at_ms = playing->onset_ms[i] + playing->latency_ms,
                                            .bar = note->bar,
                                            .note = note->written,
                                            .drum = dt_drum_name(note->note.drum),
                                            .velocity = dt_loud_velocity(note->note.loud)};
  }
}

bool dt__playing_begin(dt__playing* playing, const dt_lead* lead, dt_level level) {
  const int rate_hz = playing->rate_hz;
  const double latency_ms = playing->latency_ms;
  dt__playing_clear(playing);
  playing->rate_hz = rate_hz;
  playing->latency_ms = latency_ms;
  playing->note_count = lead->part->note_count;
  const size_t room = playing->note_count + 1;
  playing->notes = calloc(room, sizeof *playing->notes);
  playing->onset_ms = calloc(room, sizeof *playing->onset_ms);
  playing->beats = calloc(count_beats(lead) + 1, sizeof *playing->beats);
  if (!playing->notes || !playing->onset_ms || !playing->beats) {
    dt__playing_clear(playing);
    return false;
  }
  playing->bpm = dt_tempo_map_bpm(&lead->part->map, 0);
  playing->tolerance_ms = dt_level_tolerance(level, 60 / playing->bpm).scatter_ms;
  add_notes(playing, lead);
  add_beats(playing, lead);
  return true;
}

void dt__playing_clear(dt__playing* playing) {
  free(playing->notes);
  free(playing->onset_ms);
  free(playing->beats);
  const int rate_hz = playing->rate_hz;
  const double latency_ms = playing->latency_ms;
  memset(playing, 0, sizeof *playing);
  playing->rate_hz = rate_hz;
  playing->latency_ms = latency_ms;
}

/* The leader took the nearest of the voice's notes: the one that stands by the asynchrony before
 * the stroke. */
int64_t dt__playing_note(const dt__playing* playing, const dt_lead_stroke* stroke) {
  int64_t best = -1;
  double nearest_ms = 0.01;
  if (isnan(stroke->asynchrony_ms))
    return -1;
  const double onset_ms = 1000 * stroke->stroke.time_s - stroke->asynchrony_ms;
  for (size_t i = 0; i < playing->note_count; i++) {
    const double away_ms = fabs(playing->onset_ms[i] - onset_ms);
    if (away_ms < nearest_ms && dt_drum_voice(dt_drum_from_name(playing->notes[i].drum)) ==
                                    dt_drum_voice(stroke->stroke.drum)) {
      best = (int64_t)i;
      nearest_ms = away_ms;
    }
  }
  return best;
}
