#include <math.h>
#include <string.h>

#include "backing_internal.h"

#include "dt/sort.h"

/* At one place what ends comes before what is set, and that before what begins. */
#define ENDS   ((uint64_t)0)
#define SETS   ((uint64_t)1 << 32)
#define BEGINS ((uint64_t)2 << 32)

typedef struct writer {
  const dt_backing* from;
  dt__place pair;            /* that swings; 0: nothing does */
  int64_t swing;             /* of 2^32 */
  dt__backing_event* events; /* NULL: only counts */
  size_t count;
} writer;

/* How a channel stands; -1: it was never set in the whole file. */
typedef struct channel_state {
  int controllers[128];
  int program;
  int pressure;
  int bend; /* 14 bits */
} channel_state;

static bool is_full(const writer* w) {
  return w->count > DT_BACKING_MESSAGES_MAX;
}

static void put(writer* w, dt__place place, uint64_t rank, int status, int data1, int data2) {
  if (is_full(w))
    return;
  if (w->events)
    w->events[w->count] = (dt__backing_event){.place = place,
                                              .order = rank + w->count,
                                              .status = (uint8_t)status,
                                              .data1 = (uint8_t)data1,
                                              .data2 = (uint8_t)data2};
  w->count++;
}

/* ---- swing ---- */

/* Where a straight place along the part stands once swung: dt_swing_tick, in integers. */
static dt__place swung(const writer* w, dt__place place) {
  if (w->pair == 0)
    return place;
  const int64_t whole = (int64_t)1 << 32;
  const dt__place inside = (place % w->pair + w->pair) % w->pair;
  const dt__wide twice = 2 * (dt__wide)inside;
  const dt__wide moved =
      twice <= w->pair ? twice * w->swing
                       : w->pair * (dt__wide)w->swing + (twice - w->pair) * (whole - w->swing);
  return place - inside + (dt__place)((moved + whole / 2) >> 32);
}

bool dt_backing_swings(const dt_backing* backing, dt_tick pair_ticks, double swing) {
  if (pair_ticks <= 0 || !(swing > 0.5))
    return false;
  const dt__place pair = dt__place_of(pair_ticks);
  size_t straight = 0;
  size_t long_short = 0;
  for (int b = 0; b < backing->bar_count; b++)
    for (size_t i = backing->bars[b].note; i < backing->bars[b + 1].note; i++) {
      const dt__place inside = (backing->notes[i].on - backing->bars[b].place) % pair;
      straight += 24 * inside >= 11 * pair && 24 * inside <= 13 * pair;
      long_short += 24 * inside > 13 * pair && 24 * inside <= 19 * pair;
    }
  return straight > long_short;
}

/* ---- how things stand where the file is entered ---- */

static int rest_of(int controller) {
  static const struct {
    int controller;
    int value;
  } rests[] = {{7, 100}, {8, 64}, {10, 64}, {11, 127}};
  for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++)
    if (rests[i].controller == controller)
      return rests[i].value;
  return 0;
}

/* What was set before the line holds; what is set only later stands at rest until then. */
static void note_value(int* now, int value, bool is_before, int rest) {
  if (is_before)
    *now = value;
  else if (*now < 0)
    *now = rest;
}

static void note_control(channel_state* state, const dt__backing_control* c, bool is_before) {
  switch (c->status & 0xF0) {
  case 0xB0:
    if (c->data1 < 120) /* the others are orders, not settings */
      note_value(&state->controllers[c->data1], c->data2, is_before, rest_of(c->data1));
    break;
  case 0xC0:
    note_value(&state->program, c->data1, is_before, 0);
    break;
  case 0xD0:
    note_value(&state->pressure, c->data1, is_before, 0);
    break;
  case 0xE0:
    note_value(&state->bend, c->data2 << 7 | c->data1, is_before, 8192);
    break;
  default:
    break;
  }
}

/* The bank goes before the program, which takes it over. */
static void put_state(writer* w, dt__place place, int channel, const channel_state* s) {
  static const int banks[2] = {0, 32};
  for (int i = 0; i < 2; i++)
    if (s->controllers[banks[i]] >= 0)
      put(w, place, SETS, 0xB0 | channel, banks[i], s->controllers[banks[i]]);
  if (s->program >= 0)
    put(w, place, SETS, 0xC0 | channel, s->program, 0);
  for (int c = 0; c < 120; c++)
    if (c != 0 && c != 32 && s->controllers[c] >= 0)
      put(w, place, SETS, 0xB0 | channel, c, s->controllers[c]);
  if (s->pressure >= 0)
    put(w, place, SETS, 0xD0 | channel, s->pressure, 0);
  if (s->bend >= 0)
    put(w, place, SETS, 0xE0 | channel, s->bend & 127, s->bend >> 7);
}

static void enter(writer* w, dt__place place, int file_bar) {
  channel_state state[16];
  memset(state, 0xFF, sizeof state); /* -1 everywhere */
  for (size_t i = 0; i < w->from->control_count; i++) {
    const dt__backing_control* c = &w->from->controls[i];
    note_control(&state[c->status & 15], c, i < w->from->bars[file_bar].control);
  }
  for (int channel = 0; channel < 16; channel++)
    put_state(w, place, channel, &state[channel]);
}

/* ---- bar by bar ---- */

static int file_bar_of(const dt_backing* backing, const dt_part* part, const dt_backing_how* how,
                       int b) {
  const int bar = backing->bar_count > how->chart_bars ? how->from_bar + b : part->bars[b].written;
  return bar % backing->bar_count;
}

/* The end of the stretch in which the file is gone through bar after bar. */
static int last_of_run(const dt_backing* backing, const dt_part* part, const dt_backing_how* how,
                       int first) {
  int b = first;
  while (b + 1 < (int)part->bar_count &&
         file_bar_of(backing, part, how, b + 1) == file_bar_of(backing, part, how, b) + 1)
    b++;
  return b;
}

static void put_bar(writer* w, const dt_part_bar* bar, int file_bar, dt__place run_end) {
  const dt__backing_bar* own = &w->from->bars[file_bar];
  const dt__place line = dt__place_of(bar->tick);
  const dt__place length = dt__place_of(bar->length);
  for (size_t i = own[0].control; i < own[1].control; i++) {
    const dt__backing_control* c = &w->from->controls[i];
    if (c->place - own->place < length)
      put(w, swung(w, line + c->place - own->place), SETS, c->status, c->data1, c->data2);
  }
  for (size_t i = own[0].note; i < own[1].note; i++) {
    const dt__backing_note* n = &w->from->notes[i];
    if (n->on - own->place >= length)
      continue;
    const dt__place from = line + n->on - own->place;
    const dt__place on = swung(w, from);
    const dt__place end = swung(w, from + n->off - n->on);
    const dt__place off = end < run_end ? end : run_end;
    put(w, on, BEGINS, 0x90 | n->channel, n->key, n->velocity);
    put(w, off, off > on ? ENDS : BEGINS, 0x80 | n->channel, n->key, 64);
  }
}

/* ---- in order ---- */

static bool is_later(const void* first, const void* second) {
  const dt__backing_event* a = first;
  const dt__backing_event* b = second;
  return a->place != b->place ? a->place > b->place : a->order > b->order;
}

size_t dt__backing_events(const dt_backing* backing, const dt_part* part, const dt_backing_how* how,
                          dt__backing_event* events) {
  writer w = {.from = backing, .events = events};
  if (dt_backing_swings(backing, part->swing_pair, part->swing)) {
    w.pair = dt__place_of(part->swing_pair);
    w.swing = (int64_t)floor(part->swing * 0x1p32 + 0.5);
  }
  const int count = (int)part->bar_count;
  for (int first = 0; first < count && !is_full(&w);) {
    const int last = last_of_run(backing, part, how, first);
    const dt_part_bar* end = &part->bars[last];
    const dt__place run_end = dt__place_of(end->tick + end->length);
    enter(&w, dt__place_of(part->bars[first].tick), file_bar_of(backing, part, how, first));
    for (int b = first; b <= last && !is_full(&w); b++)
      put_bar(&w, &part->bars[b], file_bar_of(backing, part, how, b), run_end);
    first = last + 1;
  }
  if (events)
    dt_sort(events, w.count, sizeof *events, is_later); /* Ends stand beside their begins. */
  return w.count;
}
