#include "backing_internal.h"
#include "dt/arena.h"
#include "dt/band.h"
#include "dt/meter.h"

/* As in tempo.c: what a song's tempi may become. */
#define SLOWEST_NANO ((int64_t)DT__NANO)
#define FASTEST_NANO ((int64_t)4000 * DT__NANO)

static bool is_played(const dt_part* part, const dt_backing_how* how) {
  for (size_t i = 0; i < part->map.tempo_count; i++) {
    const double bpm = 60e6 / part->map.tempi[i].us_per_quarter;
    if (!(bpm >= DT_BAND_BPM_MIN && bpm <= DT_BAND_BPM_MAX))
      return false;
  }
  return part->bar_count >= 1 && part->bar_count <= DT_CHART_PLAYED_MAX && part->end > 0 &&
         how->rate_hz >= 8000 && how->rate_hz <= 192000 && how->count_in_bars >= 0 &&
         how->count_in_bars <= 2 && how->chart_bars >= 1 && how->from_bar >= 0 &&
         how->from_bar < how->chart_bars;
}

static void lay_out(dt_arena* arena, dt_backing_line** block, dt_backing_line* plan) {
  *block = dt_arena_take(arena, 1, sizeof **block);
  plan->events = dt_arena_take(arena, plan->event_count, sizeof *plan->events);
  plan->tempi = dt_arena_take(arena, plan->tempo_count, sizeof *plan->tempi);
  plan->bars = dt_arena_take(arena, (size_t)plan->bar_count + 1, sizeof *plan->bars);
}

static void fill_tempi(dt_backing_line* line, const dt_part* part) {
  if (part->map.tempo_count == 0)
    line->tempi[0] = (dt__backing_tempo){0, dt__nano_bpm(120)};
  for (size_t i = 0; i < part->map.tempo_count; i++) {
    const dt_tempo_change* t = &part->map.tempi[i];
    line->tempi[i] =
        (dt__backing_tempo){dt__place_of(t->tick), dt__nano_bpm(60e6 / t->us_per_quarter)};
  }
}

static void fill_bars(dt_backing_line* line, const dt_part* part) {
  size_t event = 0;
  size_t tempo = 0;
  for (int b = 0; b <= line->bar_count; b++) {
    const bool is_end = b == line->bar_count;
    const dt_part_bar* bar = &part->bars[is_end ? b - 1 : b];
    const dt__place place = dt__place_of(is_end ? bar->tick + bar->length : bar->tick);
    while (event < line->event_count && line->events[event].place < place)
      event++;
    while (tempo < line->tempo_count && line->tempi[tempo].place <= place)
      tempo++;
    line->bars[b] = (dt__backing_line_bar){.place = place, .event = event, .tempo = tempo};
  }
}

/* The song's tempi keep their proportion to its first, which has become the base. */
static int64_t nano_bpm_now(const dt_backing_line* line) {
  const int64_t written = line->tempi[line->tempo > 0 ? line->tempo - 1 : 0].nano_bpm;
  const dt__wide now =
      dt__floor_div((dt__wide)line->base_nano_bpm * written, line->tempi[0].nano_bpm);
  if (now < SLOWEST_NANO)
    return SLOWEST_NANO;
  return now > FASTEST_NANO ? FASTEST_NANO : (int64_t)now;
}

dt_status dt_backing_lay(dt_backing_line** out, const dt_allocator* allocator,
                         const dt_backing* backing, const dt_part* part,
                         const dt_backing_how* how) {
  *out = NULL;
  if (!is_played(part, how))
    return DT_BAD_ARGUMENT;
  dt_backing_line plan = {.has_allocator = allocator != NULL, .bar_count = (int)part->bar_count};
  if (allocator)
    plan.allocator = *allocator;
  plan.tempo_count = part->map.tempo_count > 0 ? part->map.tempo_count : 1;
  plan.event_count = dt__backing_events(backing, part, how, NULL);
  if (plan.event_count > DT_BACKING_MESSAGES_MAX)
    return DT_TOO_LARGE;
  dt_arena arena = dt_arena_measure();
  dt_backing_line* made = NULL;
  lay_out(&arena, &made, &plan);
  plan.block_size = arena.used;
  void* block = dt_alloc(allocator, plan.block_size);
  if (!block)
    return DT_NO_MEMORY;
  arena = dt_arena_over(block, plan.block_size);
  lay_out(&arena, &made, &plan);
  (void)dt__backing_events(backing, part, how, plan.events);
  fill_tempi(&plan, part);
  fill_bars(&plan, part);
  plan.base_nano_bpm = plan.tempi[0].nano_bpm;
  plan.tempo = plan.bars[0].tempo;
  const dt__place before =
      -how->count_in_bars * dt__place_of(dt_meter_bar_ticks(part->bars[0].meter));
  plan.clock = (dt__clock){how->rate_hz, nano_bpm_now(&plan), before, 0};
  *made = plan;
  *out = made;
  return DT_OK;
}

void dt_backing_line_free(dt_backing_line* line) {
  if (!line)
    return;
  const dt_allocator allocator = line->allocator;
  dt_release(line->has_allocator ? &allocator : NULL, line, line->block_size);
}

/* ---- the cursor ---- */

static void set_tempo(dt_backing_line* line, dt__place place) {
  const int64_t nano_bpm = nano_bpm_now(line);
  if (nano_bpm != line->clock.nano_bpm)
    dt__clock_set(&line->clock, place, nano_bpm);
}

static void cross_line(dt_backing_line* line) {
  dt__backing_line_bar* bar = &line->bars[line->bar++];
  bar->clock = line->clock;
  bar->base_nano_bpm = line->base_nano_bpm;
  if (bar->set_nano_bpm != 0)
    line->base_nano_bpm = bar->set_nano_bpm;
  line->tempo = bar->tempo;
  set_tempo(line, bar->place);
}

/* Over lines and changes of tempo that stand at this place or before it: what the band does, and in
 * its order. */
static void go_to(dt_backing_line* line, dt__place place) {
  for (;;) {
    const dt__place bar = line->bar < line->bar_count ? line->bars[line->bar].place : INT64_MAX;
    const dt__place tempo =
        line->tempo < line->tempo_count ? line->tempi[line->tempo].place : INT64_MAX;
    if (bar > place && tempo > place)
      return;
    if (bar <= tempo) {
      cross_line(line);
    } else {
      line->tempo++;
      set_tempo(line, tempo);
    }
  }
}

static dt_frame frame_of(const dt_backing_line* line, dt__place place) {
  return dt__frame_of(dt__clock_moment(&line->clock, place));
}

dt_frame dt_backing_end(const dt_backing_line* line) {
  dt_backing_line ahead = *line;
  for (int b = line->bar; b < line->bar_count; b++) { /* as go_to, without noting anything */
    const dt__backing_line_bar* bar = &line->bars[b];
    while (ahead.tempo < ahead.tempo_count && ahead.tempi[ahead.tempo].place < bar->place) {
      const dt__place place = ahead.tempi[ahead.tempo++].place;
      set_tempo(&ahead, place);
    }
    if (bar->set_nano_bpm != 0)
      ahead.base_nano_bpm = bar->set_nano_bpm;
    ahead.tempo = bar->tempo;
    set_tempo(&ahead, bar->place);
  }
  const dt__place end = line->bars[line->bar_count].place;
  while (ahead.tempo < ahead.tempo_count && ahead.tempi[ahead.tempo].place < end) {
    const dt__place place = ahead.tempi[ahead.tempo++].place;
    set_tempo(&ahead, place);
  }
  return frame_of(&ahead, end);
}

dt_frame dt_backing_due(dt_backing_line* line) {
  if (line->event == line->event_count)
    return dt_backing_end(line);
  const dt__place place = line->events[line->event].place;
  go_to(line, place);
  return frame_of(line, place);
}

bool dt_backing_next(dt_backing_line* line, dt_backing_message* message) {
  if (line->event == line->event_count)
    return false;
  const dt_frame frame = dt_backing_due(line);
  const dt__backing_event* e = &line->events[line->event++];
  *message = (dt_backing_message){frame, e->status, e->data1, e->data2};
  return true;
}

dt_frame dt_backing_tempo(dt_backing_line* line, int bar, double bpm) {
  bar = bar < 0 ? 0 : bar;
  if (bar >= line->bar_count)
    return dt_backing_end(line);
  dt__backing_line_bar* at = &line->bars[bar];
  at->set_nano_bpm = dt__nano_bpm(bpm);
  if (bar < line->bar) { /* it was crossed already: back to its line */
    line->clock = at->clock;
    line->base_nano_bpm = at->base_nano_bpm;
    line->tempo = at->tempo;
    line->event = at->event;
    line->bar = bar;
    return frame_of(line, at->place);
  }
  dt_backing_line ahead = *line;
  ahead.bar_count = bar;
  ahead.bars = line->bars;
  return dt_backing_end(&ahead);
}
