#include <string.h>

#include "backing_internal.h"
#include "dt/arena.h"
#include "dt/smf.h"

#define SIXTEENTH  ((dt__place)240 * DT__PLACES_PER_TICK)
#define DRUMS      9 /* channel 10, counted from 0 */
#define PLACE_MOST ((dt__place)1 << 52)

/* What is being read of a file; the arrays are NULL while counting. */
typedef struct reader {
  const dt_smf* smf;
  dt_backing* to;
  size_t notes;
  size_t controls;
  int64_t sounding[16][128]; /* index of the note, -1 */
} reader;

static dt__place place_of(const dt_smf* smf, dt_tick tick) {
  const dt__wide places = (dt__wide)tick * DT_TICKS_PER_QUARTER * DT__PLACES_PER_TICK;
  const dt__wide place = dt__floor_div(places, smf->map.ticks_per_quarter);
  return place < PLACE_MOST ? (dt__place)place : PLACE_MOST;
}

static bool is_on(const dt_midi_event* e) {
  return (e->status & 0xF0) == 0x90 && e->data2 > 0;
}

static bool is_note(const dt_midi_event* e) {
  return (e->status & 0xE0) == 0x80;
}

static void end_note(reader* r, int channel, int key, dt__place place) {
  const int64_t note = r->sounding[channel][key];
  r->sounding[channel][key] = -1;
  if (note >= 0 && r->to->notes)
    r->to->notes[note].off = place;
}

/* A key that is struck again ends what it sounded: at no time has it two notes. */
static void take_note(reader* r, const dt_midi_event* e, dt__place place) {
  const int channel = e->status & 15;
  end_note(r, channel, e->data1, place);
  if (!is_on(e))
    return;
  if (r->to->notes)
    r->to->notes[r->notes] = (dt__backing_note){.on = place,
                                                .off = place,
                                                .channel = (uint8_t)channel,
                                                .key = e->data1,
                                                .velocity = e->data2};
  r->sounding[channel][e->data1] = (int64_t)r->notes++;
}

static void take_control(reader* r, const dt_midi_event* e, dt__place place) {
  if (r->to->controls)
    r->to->controls[r->controls] = (dt__backing_control){place, e->status, e->data1, e->data2};
  r->controls++;
}

static void read_events(reader* r) {
  r->notes = r->controls = 0;
  memset(r->sounding, 0xFF, sizeof r->sounding);
  dt__place end = 0;
  for (size_t i = 0; i < r->smf->event_count; i++) {
    const dt_midi_event* e = &r->smf->events[i];
    const dt__place place = end = place_of(r->smf, e->tick);
    if ((e->status & 15) == DRUMS)
      continue;
    if (is_note(e))
      take_note(r, e, place);
    else
      take_control(r, e, place);
  }
  for (int channel = 0; channel < 16; channel++) /* never let go */
    for (int key = 0; key < 128; key++)
      end_note(r, channel, key, end);
}

static dt__place end_of(const dt_backing* backing) {
  dt__place end = 0;
  for (size_t i = 0; i < backing->note_count; i++) {
    const dt__backing_note* n = &backing->notes[i];
    const dt__place stays = n->off - SIXTEENTH > n->on ? n->off - SIXTEENTH : n->on;
    end = stays > end ? stays : end;
  }
  return end;
}

static dt_meter meter_at(const dt_smf* smf, dt__place place, dt_meter otherwise) {
  const double quarters = (double)place / (double)(DT_TICKS_PER_QUARTER * DT__PLACES_PER_TICK);
  return smf->has_meter ? dt_tempo_map_meter(&smf->map, quarters * smf->map.ticks_per_quarter)
                        : otherwise;
}

/* Lines up to that of the bar after the one that holds `end`. Without
 * bars it only counts. */
static int draw_lines(const dt_smf* smf, dt__place end, dt_meter otherwise, dt_backing* backing) {
  dt__place place = 0;
  size_t note = 0;
  size_t control = 0;
  for (int bar = 0;; bar++) {
    if (backing->bars) {
      while (note < backing->note_count && backing->notes[note].on < place)
        note++;
      while (control < backing->control_count && backing->controls[control].place < place)
        control++;
      backing->bars[bar] = (dt__backing_bar){place, note, control};
    }
    if (place > end || bar > DT_CHART_PLAYED_MAX)
      return bar;
    place += dt_meter_bar_ticks(meter_at(smf, place, otherwise)) * DT__PLACES_PER_TICK;
  }
}

static void lay_out(dt_arena* arena, dt_backing** block, dt_backing* plan) {
  *block = dt_arena_take(arena, 1, sizeof **block);
  plan->notes = dt_arena_take(arena, plan->note_count, sizeof *plan->notes);
  plan->controls = dt_arena_take(arena, plan->control_count, sizeof *plan->controls);
  plan->bars = dt_arena_take(arena, (size_t)plan->bar_count + 1, sizeof *plan->bars);
}

/* The end is not known before the notes are paired, which takes memory: the last event will do to
 * know how many bars there are at most. */
static dt_status make(dt_backing** out, const dt_allocator* allocator, const dt_smf* smf,
                      dt_meter meter) {
  dt_backing plan = {.has_allocator = allocator != NULL};
  if (allocator)
    plan.allocator = *allocator;
  reader r = {.smf = smf, .to = &plan};
  read_events(&r);
  plan.note_count = r.notes;
  plan.control_count = r.controls;
  const dt__place last = place_of(smf, smf->events[smf->event_count - 1].tick);
  plan.bar_count = draw_lines(smf, last, meter, &plan);
  if (plan.bar_count > DT_CHART_PLAYED_MAX || r.notes + r.controls > DT_BACKING_MESSAGES_MAX)
    return DT_TOO_LARGE;
  dt_arena arena = dt_arena_measure();
  dt_backing* made = NULL;
  lay_out(&arena, &made, &plan);
  plan.block_size = arena.used;
  void* block = dt_alloc(allocator, plan.block_size);
  if (!block)
    return DT_NO_MEMORY;
  arena = dt_arena_over(block, plan.block_size);
  lay_out(&arena, &made, &plan);
  read_events(&r);
  plan.bar_count = draw_lines(smf, end_of(&plan), meter, &plan);
  *made = plan;
  *out = made;
  return DT_OK;
}

static bool has_notes(const dt_smf* smf) {
  for (size_t i = 0; i < smf->event_count; i++)
    if (is_on(&smf->events[i]) && (smf->events[i].status & 15) != DRUMS)
      return true;
  return false;
}

dt_status dt_backing_new(dt_backing** backing, const dt_allocator* allocator, const void* bytes,
                         size_t size, dt_meter meter, dt_error* err) {
  dt_smf smf;
  *backing = NULL;
  dt_status status = dt_smf_parse(&smf, allocator, bytes, size, err);
  if (status != DT_OK)
    return status;
  if (smf.is_smpte)
    status = dt_fail(err, DT_UNSUPPORTED,
                     "The file counts frames of a second, not beats: it has no bars to follow");
  else if (!has_notes(&smf))
    status = dt_fail(err, DT_BAD_DATA, "There is no note in it but on channel 10, the drums");
  else {
    status = make(backing, allocator, &smf, meter);
    if (status != DT_OK)
      (void)dt_fail(err, status, "%s", dt_status_sentence(status));
  }
  dt_smf_clear(&smf, allocator);
  return status;
}

void dt_backing_free(dt_backing* backing) {
  if (!backing)
    return;
  const dt_allocator allocator = backing->allocator;
  dt_release(backing->has_allocator ? &allocator : NULL, backing, backing->block_size);
}

int dt_backing_bars(const dt_backing* backing) {
  return backing->bar_count;
}

static double quarters(dt__place length) {
  return (double)length / (double)(DT_TICKS_PER_QUARTER * DT__PLACES_PER_TICK);
}

dt_status dt_backing_fits(const dt_backing* backing, const dt_chart* chart, dt_error* err) {
  for (int b = 0; b < backing->bar_count; b++) {
    const int other = b % chart->bar_count;
    const dt__place own = backing->bars[b + 1].place - backing->bars[b].place;
    const dt__place its =
        dt__place_of(dt_chart_bar_tick(chart, other + 1) - dt_chart_bar_tick(chart, other));
    if (own != its)
      return dt_fail(err, DT_BAD_DATA,
                     "Bar %d is %g quarters long, and the chart's bar %d is %g: they do not go "
                     "together",
                     b + 1, quarters(own), other + 1, quarters(its));
  }
  return DT_OK;
}
