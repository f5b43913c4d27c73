#include "song_strokes.h"

#include <math.h>

#include "dt/meter.h"
#include "dt/sort.h"

#define FLAM_S       0.025
#define DRAG_FIRST_S 0.060
#define DRAG_LAST_S  0.030
#define ROLL_PER_S   20.0 /* strokes of a closed roll */
#define GRACE        0.6F /* of the main stroke's velocity */
#define ROLLED       0.85F

typedef struct writer {
  const dt_part* part;
  dt__song_stroke* strokes; /* NULL: only counts */
  size_t count;
  size_t most;
  double places_per_s; /* at the first tempo */
  dt__place end;
} writer;

static dt__place swung(const writer* w, dt_tick tick) {
  const double at = dt_swing_tick(tick, w->part->swing_pair, w->part->swing);
  const dt__place place = (dt__place)floor(at * (double)DT__PLACES_PER_TICK + 0.5);
  return place < w->end ? place : w->end - 1;
}

static void add(writer* w, dt__place place, dt_drum drum, float velocity) {
  if (place < 0 || w->count > w->most)
    return;
  if (w->strokes)
    w->strokes[w->count] = (dt__song_stroke){place, drum, velocity};
  w->count++;
}

/* By place, drum, velocity: strokes that compare equal are equal. */
static bool is_later(const void* first, const void* second) {
  const dt__song_stroke* a = first;
  const dt__song_stroke* b = second;
  if (a->place != b->place)
    return a->place > b->place;
  return a->drum != b->drum ? a->drum > b->drum : a->velocity > b->velocity;
}

static dt__place before(const writer* w, dt__place place, double seconds) {
  return place - (dt__place)floor(seconds * w->places_per_s + 0.5);
}

static void add_roll(writer* w, const dt_chart_note* note, float velocity) {
  const dt__place from = swung(w, note->tick);
  const dt__place length = swung(w, note->tick + note->length) - from;
  dt_tick count = note->roll_step > 0
                      ? note->length / note->roll_step
                      : (dt_tick)floor((double)length / w->places_per_s * ROLL_PER_S + 0.5);
  if (count < 1)
    count = 1;
  add(w, from, note->drum, velocity);
  for (dt_tick k = 1; k < count && w->count <= w->most; k++) {
    const dt__place place = note->roll_step > 0 ? swung(w, note->tick + k * note->roll_step)
                                                : from + length / count * k;
    add(w, place, note->drum, velocity * ROLLED);
  }
}

static void add_note(writer* w, const dt_chart_note* note) {
  const float velocity = (float)dt_loud_velocity(note->loud);
  const dt__place place = swung(w, note->tick);
  if (note->ornament == DT_ROLL) {
    add_roll(w, note, velocity);
    return;
  }
  if (note->ornament == DT_FLAM)
    add(w, before(w, place, FLAM_S), note->drum, velocity * GRACE);
  if (note->ornament == DT_DRAG) {
    add(w, before(w, place, DRAG_FIRST_S), note->drum, velocity * GRACE);
    add(w, before(w, place, DRAG_LAST_S), note->drum, velocity * GRACE);
  }
  add(w, place, note->drum, velocity);
}

size_t dt__song_strokes(const dt_part* part, dt__song_stroke* strokes, size_t most) {
  const double bpm = dt_tempo_map_bpm(&part->map, 0);
  writer w = {.part = part, .strokes = strokes, .most = most, .end = dt__place_of(part->end)};
  w.places_per_s = bpm / 60 * DT_TICKS_PER_QUARTER * (double)DT__PLACES_PER_TICK;
  for (size_t i = 0; i < part->note_count; i++)
    add_note(&w, &part->notes[i].note);
  if (strokes)
    dt_sort(strokes, w.count, sizeof *strokes,
            is_later); /* Swing, grace strokes and rolls bring things out of order. */
  return w.count;
}
