#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/kitmap.h"
#include "midi_internal.h"
#include "midi_marks.h"

#define DRUM_CHANNEL 9 /* channel 10, as people count */

static bool is_note_on(const dt_midi_event* event) {
  return (event->status & 0xF0) == 0x90 && event->data2 > 0;
}

/* Channel 10 where it has notes, else all. */
static unsigned drum_channels(const dt_smf* smf) {
  for (size_t i = 0; i < smf->event_count; i++)
    if (is_note_on(&smf->events[i]) && (smf->events[i].status & 0x0F) == DRUM_CHANNEL)
      return 1U << DRUM_CHANNEL;
  return 0xFFFF;
}

static bool is_heard(unsigned channels, const dt_midi_event* event) {
  return is_note_on(event) && (channels >> (event->status & 0x0F) & 1) != 0;
}

/* ---- hits */

static dt_status no_memory(dt_error* err) {
  return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

static dt_status read_hits(dt__midi_reader* in) {
  const dt_smf* smf = in->smf;
  const unsigned channels = drum_channels(smf);
  const dt_kitmap* map = in->is_ours ? dt_kitmap_named("gm") : dt_kitmap_guess(smf);
  size_t count = 0;
  for (size_t i = 0; i < smf->event_count; i++)
    count += is_heard(channels, &smf->events[i]);
  if (count == 0)
    return in->is_ours ? DT_OK
                       : dt_fail(in->err, DT_BAD_DATA,
                                 "There are no notes in this MIDI file, so there is no chart");
  if (count > 8 * (size_t)DT_CHART_NOTES_MAX)
    return dt_fail(in->err, DT_TOO_LARGE, "The file has %zu notes, a chart at most %d", count,
                   DT_CHART_NOTES_MAX);
  in->hits = dt_alloc_zero(in->allocator, count * sizeof *in->hits);
  if (in->hits == NULL)
    return no_memory(in->err);
  in->hit_room = count;
  for (size_t i = 0; i < smf->event_count; i++) {
    const dt_midi_event* event = &smf->events[i];
    if (!is_heard(channels, event))
      continue;
    dt_drum drum = (dt_drum)map->drum_of[event->data1];
    if (drum >= DT_DRUM_COUNT)
      drum = DT_DRUM_OTHER;
    in->hits[in->hit_count++] = (dt__midi_hit){.tick = (double)event->tick * in->scale,
                                               .time_s = event->time_s,
                                               .note = event->data1,
                                               .velocity = event->data2,
                                               .drum = drum == DT_HIHAT ? DT_HIHAT_CLOSED : drum};
  }
  return DT_OK;
}

/* ---- tempo, metre, bars */

/* A metre that begins inside a bar begins with the next one. */
static dt_status read_meters(dt__midi_reader* in) {
  dt_tempo_map* map = &in->chart->map;
  dt_tick at = 0;
  dt_meter meter = {4, 4};
  dt_status status = dt_tempo_map_set_meter(map, in->allocator, 0, meter);
  for (size_t i = 0; i < in->smf->map.meter_count && status == DT_OK; i++) {
    const dt_meter_change* change = &in->smf->map.meters[i];
    const dt_tick bar = dt_meter_bar_ticks(meter);
    const dt_tick tick = (dt_tick)llround((double)change->tick * in->scale);
    at += (tick - at + bar - 1) / bar * bar;
    meter = change->meter;
    status = dt_tempo_map_set_meter(map, in->allocator, at, meter);
  }
  return status;
}

static dt_status read_tempi(dt__midi_reader* in) {
  const dt_tempo_map* map = &in->smf->map;
  dt_status status = DT_OK;
  for (size_t i = 0; i < map->tempo_count && status == DT_OK; i++)
    status = dt_tempo_map_set_tempo(&in->chart->map, in->allocator,
                                    (dt_tick)llround((double)map->tempi[i].tick * in->scale),
                                    map->tempi[i].us_per_quarter);
  return status;
}

/* As many bars as hold the tick; the metre that a change after it sets is not needed. */
static dt_status count_bars(dt__midi_reader* in, dt_tick last) {
  dt_chart* chart = in->chart;
  int64_t bars = 1;
  for (size_t i = 0; i < chart->map.meter_count; i++) {
    const dt_meter_change* from = &chart->map.meters[i];
    const bool is_last = i + 1 == chart->map.meter_count;
    const dt_tick bar = dt_meter_bar_ticks(from->meter);
    if (from->tick > last)
      break;
    if (is_last || chart->map.meters[i + 1].tick > last)
      bars += (last - from->tick) / bar;
    else
      bars += (chart->map.meters[i + 1].tick - from->tick) / bar;
  }
  if (bars > DT_CHART_BARS_MAX)
    return dt_fail(in->err, DT_TOO_LARGE,
                   "The music has %lld bars, a chart at most %d: cut the file into pieces",
                   (long long)bars, DT_CHART_BARS_MAX);
  chart->bar_count = (int)bars;
  return DT_OK;
}

/* ---- notes */

static dt_status add_hit(dt__midi_reader* in, const dt__midi_hit* hit) {
  const dt_chart_note note = {.tick = (dt_tick)llround(hit->tick),
                              .length = hit->length,
                              .roll_step = hit->roll_step,
                              .drum = hit->drum,
                              .loud = dt_loud_of_velocity(hit->velocity),
                              .ornament = hit->ornament,
                              .hand = ' '};
  const dt_status status = dt_chart_add_note(in->chart, in->allocator, &note);
  if (status == DT_TOO_LARGE)
    return dt_fail(in->err, status, "The file has more than %d notes: cut it into pieces",
                   DT_CHART_NOTES_MAX);
  return status;
}

static dt_status add_hits(dt__midi_reader* in) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < in->hit_count && status == DT_OK; i++)
    if (!in->hits[i].is_dropped)
      status = add_hit(in, &in->hits[i]);
  return status;
}

/* A file of ours: the head says how it swings, texts say what is more than one stroke. */
static dt_status read_ours(dt__midi_reader* in) {
  dt_chart* chart = in->chart;
  for (size_t i = 0; i < in->hit_count; i++) {
    dt__midi_hit* hit = &in->hits[i];
    hit->tick = round(dt__midi_unswing(hit->tick, chart->swing_pair, chart->swing));
    hit->is_dropped = DT__MIDI_IS_INNER_VELOCITY(hit->velocity);
  }
  dt__midi_read_note_texts(in);
  dt_status status = add_hits(in);
  dt_tick last = 0;
  for (size_t i = 0; i < chart->note_count; i++)
    if (chart->notes[i].tick > last)
      last = chart->notes[i].tick;
  const int bars = chart->bar_count;
  if (status == DT_OK)
    status = count_bars(in, last);
  if (status == DT_OK && bars > chart->bar_count)
    chart->bar_count = bars;
  return status;
}

/* Any other file: what is written has to be found in what is played. */
static dt_status infer(dt__midi_reader* in) {
  dt_chart* chart = in->chart;
  const size_t scratch_size = in->hit_count * sizeof(double);
  _Static_assert(sizeof(double) >= sizeof(size_t), "one scratch for both");
  void* scratch = dt_alloc(in->allocator, scratch_size);
  if (scratch == NULL)
    return no_memory(in->err);
  dt__midi_find_ornaments(in->hits, in->hit_count, scratch);
  const dt__midi_swing swing = dt__midi_find_swing(in->hits, in->hit_count, scratch);
  dt_release(in->allocator, scratch, scratch_size);
  double last = 0;
  for (size_t i = 0; i < in->hit_count; i++) {
    in->hits[i].tick = dt__midi_unswing(in->hits[i].tick, swing.pair, swing.swing);
    if (!in->hits[i].is_dropped)
      last = fmax(last, in->hits[i].tick);
  }
  chart->swing = swing.pair > 0 ? swing.swing : 0.5;
  chart->swing_pair = swing.pair > 0 ? swing.pair : chart->swing_pair;
  /* A last note just before a bar line belongs behind it. */
  dt_status status = count_bars(in, (dt_tick)last + DT_TICKS_PER_QUARTER / 8);
  if (status != DT_OK)
    return status;
  chart->step = dt__midi_snap(in->hits, in->hit_count, chart, in->scale);
  status = add_hits(in);
  dt_tick end = 0;
  for (size_t i = 0; i < chart->note_count; i++)
    if (chart->notes[i].tick > end)
      end = chart->notes[i].tick;
  return status == DT_OK ? count_bars(in, end) : status;
}

static dt_status read_all(dt__midi_reader* in) {
  in->is_ours = dt__midi_read_head(in);
  dt_status status = read_hits(in);
  if (status == DT_OK)
    status = read_meters(in);
  if (status == DT_OK)
    status = read_tempi(in);
  if (status == DT_OK)
    status = in->is_ours ? read_ours(in) : infer(in);
  if (status == DT_OK)
    status = dt__midi_read_tempo_texts(in);
  if (status == DT_OK)
    status = dt__midi_read_spans(in);
  if (status == DT_OK)
    status = dt__chart_trim_map(in->chart, in->allocator);
  if (status != DT_OK)
    return status;
  dt__chart_mend(in->chart);
  dt__midi_read_hands(in);
  const char* wrong = dt_chart_check(in->chart);
  return wrong == NULL ? DT_OK
                       : dt_fail(in->err, DT_BAD_DATA, "The file makes no chart: %s", wrong);
}

dt_status dt_chart_from_smf(dt_chart* chart, const dt_allocator* allocator, const dt_smf* smf,
                            dt_error* err) {
  dt__midi_reader in = {.chart = chart, .allocator = allocator, .smf = smf, .err = err};
  in.scale = (double)DT_TICKS_PER_QUARTER / smf->map.ticks_per_quarter;
  dt_status status = dt_chart_init(chart, allocator);
  if (status == DT_OK)
    status = read_all(&in);
  dt_release(allocator, in.hits, in.hit_room * sizeof *in.hits);
  if (status == DT_OK)
    return DT_OK;
  if (status == DT_NO_MEMORY)
    (void)no_memory(err);
  dt_chart_clear(chart, allocator);
  return status;
}
