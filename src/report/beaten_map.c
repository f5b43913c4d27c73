#include <math.h>
#include <string.h>

#include "dt/beaten.h"
#include "dt/meter.h"

/* Beats -> a tempo map that begins at time 0. */

static const double US_MIN = 1.0;
/* Silence in which no beat is counted is longer than so many. */
static const double GAP_BEATS = 3.0;
static const double US_MAX = 16777215.0; /* 24 bits in a MIDI file */

typedef struct writer {
  dt_tempo_map* map;
  const dt_allocator* allocator;
  dt_tick tick;
  double time_s; /* of that tick, as the map's whole microseconds have it */
  dt_meter meter;
} writer;

/* From here `ticks` last until to_s, as near as whole microseconds come. */
static dt_status go_to(writer* w, dt_tick ticks, double to_s) {
  const double quarters = (double)ticks / DT_TICKS_PER_QUARTER;
  const double us = fmin(fmax(floor(1e6 * (to_s - w->time_s) / quarters + 0.5), US_MIN), US_MAX);
  const dt_status status = dt_tempo_map_set_tempo(w->map, w->allocator, w->tick, us);
  w->tick += ticks;
  w->time_s += 1e-6 * us * quarters;
  return status;
}

static dt_status set_meter(writer* w, dt_meter meter) {
  if (meter.numerator == w->meter.numerator && meter.denominator == w->meter.denominator)
    return DT_OK;
  w->meter = meter;
  return dt_tempo_map_set_meter(w->map, w->allocator, w->tick, meter);
}

/* So many ticks as a metre of its own: eighths where they fit, else sixteenths ... */
static dt_meter odd_meter(dt_tick ticks) {
  dt_meter meter = {1, 64};
  for (int denominator = 4; denominator <= 64; denominator *= 2) {
    const dt_tick unit = 4 * (dt_tick)DT_TICKS_PER_QUARTER / denominator;
    if (ticks % unit == 0 && ticks / unit <= 64) {
      meter = (dt_meter){(int)(ticks / unit), denominator};
      break;
    }
  }
  return meter;
}

/* Whole bars first, then what is left in 64ths. */
static dt_status wait_until(writer* w, double next_s, double beat_s, dt_meter meter) {
  const dt_tick bar = dt_meter_bar_ticks(meter);
  const dt_tick unit = DT_TICKS_PER_QUARTER / 16;
  const double unit_s = beat_s * (double)unit / (double)dt_meter_beat_ticks(meter);
  const double span_s = next_s - w->time_s;
  if (!(span_s > 0.0))
    return DT_OK;
  const dt_tick ticks = unit * (dt_tick)fmax(1.0, floor(span_s / unit_s + 0.5));
  const dt_tick bars = ticks / bar;
  const double bars_s = w->time_s + span_s * (double)(bars * bar) / (double)ticks;
  dt_status status = DT_OK;
  if (bars > 0) {
    status = set_meter(w, meter);
    if (status == DT_OK)
      status = go_to(w, bars * bar, ticks > bars * bar ? bars_s : next_s);
  }
  if (status == DT_OK && ticks > bars * bar) {
    status = set_meter(w, odd_meter(ticks - bars * bar));
    if (status == DT_OK)
      status = go_to(w, ticks - bars * bar, next_s);
  }
  return status;
}

static dt_meter meter_at(const dt_beat_track* track, size_t beat) {
  for (size_t k = 0; k < track->section_count; ++k)
    if (beat >= track->sections[k].first &&
        beat < track->sections[k].first + track->sections[k].count)
      return track->sections[k].meter;
  return track->meter;
}

/* The beats of the bar that `from` is in, from there on. */
static size_t bar_end(const dt_beat_track* track, size_t from) {
  size_t end = from + 1;
  while (end < track->beat_count && track->beats[end].bar == track->beats[from].bar)
    ++end;
  return end;
}

static dt_status write_bar(writer* w, const dt_beat_track* track, size_t from, size_t end) {
  const dt_meter meter = meter_at(track, from);
  const dt_tick beat = dt_meter_beat_ticks(meter);
  const dt_tick ticks = beat * (dt_tick)(end - from);
  const bool is_last = end == track->beat_count;
  const bool is_whole =
      ticks == dt_meter_bar_ticks(meter) ||
      (is_last && ticks <= dt_meter_bar_ticks(meter) && track->beats[from].in_bar == 1);
  dt_status status = set_meter(w, is_whole ? meter : odd_meter(ticks));
  for (size_t k = from; k < end && status == DT_OK; ++k) {
    const double own_s = 60.0 / fmax(track->beats[k].bpm, 1.0);
    const double next_s =
        k + 1 < track->beat_count ? track->beats[k + 1].time_s : w->time_s + own_s;
    const bool is_gap = next_s - w->time_s > GAP_BEATS * own_s;
    status = go_to(w, beat, is_gap ? w->time_s + own_s : next_s);
    if (status == DT_OK && is_gap)
      status = wait_until(w, next_s, own_s, meter);
  }
  return status;
}

dt_status dt_beaten_map(dt_tempo_map* map, const dt_allocator* allocator,
                        const dt_beat_track* track) {
  memset(map, 0, sizeof *map);
  map->ticks_per_quarter = DT_TICKS_PER_QUARTER;
  writer w = {.map = map, .allocator = allocator};
  size_t first = 0;
  while (first < track->beat_count && track->beats[first].time_s < 0.0)
    ++first;
  if (first == track->beat_count)
    return DT_OK;
  dt_status status = wait_until(&w, track->beats[first].time_s,
                                60.0 / fmax(track->beats[first].bpm, 1.0), meter_at(track, first));
  for (size_t from = first, end; from < track->beat_count && status == DT_OK; from = end) {
    end = bar_end(track, from);
    status = write_bar(&w, track, from, end);
  }
  if (status != DT_OK)
    dt_tempo_map_clear(map, allocator);
  return status;
}
