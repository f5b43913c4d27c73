#include "feel_player.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/drummer.h"
#include "dt/level.h"
#include "dt/rng.h"

enum { Q = DT_TICKS_PER_QUARTER, BAR = 4 * Q };

static void must(dt_status status, const char* what) {
  if (status != DT_OK) {
    fprintf(stderr, "feel_player: %s: %s\n", what, dt_status_sentence(status));
    exit(1);
  }
}

/* --- charts ---------------------------------------------------------------------------------- */

static void add(dt_chart* chart, dt_tick tick, dt_drum drum, char hand) {
  dt_chart_note note;
  memset(&note, 0, sizeof(note));
  note.tick = tick;
  note.drum = drum;
  note.loud = DT_LOUD_NORMAL;
  note.hand = hand;
  must(dt_chart_add_note(chart, NULL, &note), "note");
}

static void add_span(dt_chart* chart, dt_tick start, dt_tick end, bool fill, const char* name) {
  dt_chart_span span;
  memset(&span, 0, sizeof(span));
  span.start = start;
  span.end = end;
  span.fill = fill;
  strncpy(span.name, name, sizeof(span.name) - 1);
  must(dt_chart_add_span(chart, NULL, &span), "span");
}

/* Eighths on the cymbal from `from` to `to`, kick on 1 and 3, snare on 2 and 4. */
static void rock(dt_chart* chart, dt_tick start, dt_tick length, dt_drum cymbal) {
  for (dt_tick t = 0; t < length; t += Q / 2) {
    add(chart, start + t, cymbal, 'R');
    if (t % Q == 0) {
      const bool back = t / Q % 2 != 0;
      add(chart, start + t, back ? DT_SNARE : DT_KICK, back ? 'L' : 'K');
    }
  }
}

static void sticking(dt_chart* chart, const char* hands) {
  const size_t n = strlen(hands);
  for (size_t i = 0; i < 16; ++i) {
    add(chart, (dt_tick)i * Q / 4, DT_SNARE, hands[i % n]);
  }
}

/* Bars of rock, in every fourth half a bar of sixteenths down the drums. */
static void with_fills(dt_chart* chart) {
  static const dt_drum DRUMS[8] = {DT_SNARE,   DT_SNARE,   DT_TOM_HIGH, DT_TOM_HIGH,
                                   DT_TOM_MID, DT_TOM_MID, DT_SNARE,    DT_TOM_LOW};
  chart->bar_count = 4;
  rock(chart, 0, 3 * BAR + BAR / 2, DT_HIHAT_CLOSED);
  for (int i = 0; i < 8; ++i) {
    add(chart, 3 * BAR + BAR / 2 + i * Q / 4, DRUMS[i], i % 2 ? 'L' : 'R');
  }
  add_span(chart, 3 * BAR + BAR / 2, 4 * BAR, true, "");
}

static void with_sections(dt_chart* chart) {
  chart->bar_count = 16;
  rock(chart, 0, 8 * BAR, DT_HIHAT_CLOSED);
  rock(chart, 8 * BAR, 8 * BAR, DT_RIDE);
  add_span(chart, 0, 8 * BAR, false, "Verse");
  add_span(chart, 8 * BAR, 16 * BAR, false, "Chorus");
}

static void jazz(dt_chart* chart) {
  static const int RIDE[] = {0, 2, 3, 4, 6, 7};
  for (int i = 0; i < 6; ++i) {
    add(chart, RIDE[i] * Q / 2, DT_RIDE, 'R');
  }
  add(chart, Q, DT_HIHAT_PEDAL, 'H');
  add(chart, 3 * Q, DT_HIHAT_PEDAL, 'H');
}

static void make_chart(const feel_how* how, dt_chart* chart) {
  must(dt_chart_init(chart, NULL), "chart");
  if (strcmp(how->chart, "rock") == 0) {
    rock(chart, 0, BAR, DT_HIHAT_CLOSED);
  } else if (strcmp(how->chart, "jazz") == 0) {
    jazz(chart);
  } else if (strcmp(how->chart, "shuffle") == 0) {
    rock(chart, 0, BAR, DT_RIDE);
  } else if (strcmp(how->chart, "fills") == 0) {
    with_fills(chart);
  } else if (strcmp(how->chart, "sections") == 0) {
    with_sections(chart);
  } else {
    sticking(chart, how->chart);
  }
  if (how->swing > 0.0) {
    chart->swing_pair = Q;
    chart->swing = 0.66;
  } else if (strcmp(how->chart, "rock") == 0) {
    chart->swing_pair = Q;
    chart->swing = 0.5;
  }
  must(dt_tempo_map_set_tempo(&chart->map, NULL, 0, 6e7 / how->bpm), "tempo");
  dt_chart_sort(chart);
  const char* wrong = dt_chart_check(chart);
  if (wrong) {
    fprintf(stderr, "feel_player: %s: %s\n", how->chart, wrong);
    exit(1);
  }
}

/* --- the take -------------------------------------------------------------------------------- */

static dt_drummer drummer_of(const feel_how* how, uint64_t seed) {
  dt_drummer d = dt_drummer_default();
  d.seed = seed;
  d.bpm = how->bpm;
  d.bars = how->bars;
  d.drift_bpm_per_min = how->drift_bpm_per_min;
  d.fill_bpm = how->gain_bpm;
  d.fill_rush = how->rush_bpm / how->bpm;
  d.section_bpm = how->section_bpm;
  d.scatter_ms = how->motor_ms;
  d.clock_ms = how->clock_ms;
  d.phase_correction = how->alpha;
  d.pink_ms = how->pink_ms;
  memcpy(d.limb_offset_ms, how->voice_ms, sizeof(d.limb_offset_ms));
  memcpy(d.limb_scatter, how->voice_scatter, sizeof(d.limb_scatter));
  d.left.offset_ms = how->left_ms;
  d.left.scatter = how->left_scatter;
  d.stroke_velocity = 90.0;
  d.left.velocity = dt_velocity_at_db(dt_velocity_db(90.0) + how->left_db) - 90.0;
  d.velocity_sd = 4.0;
  d.backbeat_ms = how->backbeat_ms;
  d.swing = how->swing;
  d.swing_wobble = how->wobble;
  /* A lead-in that is no whole bar leaves the take without a click. */
  d.lead_in_s = how->click ? DT_LEAD_IN_ONE_BAR : 1.0;
  return d;
}

/* A stroke and which of the truths it is. */
typedef struct played {
  dt_stroke stroke;
  size_t truth;
} played;

static int by_time(const void* a, const void* b) {
  const played* x = a;
  const played* y = b;
  if (x->stroke.time_s != y->stroke.time_s) {
    return x->stroke.time_s < y->stroke.time_s ? -1 : 1;
  }
  return x->stroke.drum < y->stroke.drum ? -1 : x->stroke.drum > y->stroke.drum;
}

static void* room(size_t count, size_t size) {
  void* block = dt_alloc_zero(NULL, count * size);
  must(block ? DT_OK : DT_NO_MEMORY, "memory");
  return block;
}

/* Event by event as it was; `shift`: where the part begins on the click. */
static void align(const dt_part* part, const dt_truths* truths, const played* strokes,
                  dt_tick shift, dt_alignment* a) {
  memset(a, 0, sizeof(*a));
  a->stroke_count = truths->count;
  a->event_count = a->hit_count = truths->event_count;
  a->bar_count = truths->bar_count;
  a->confidence = 1.0;
  a->strokes = room(a->stroke_count, sizeof(*a->strokes));
  a->events = room(a->event_count, sizeof(*a->events));
  a->bars = room(a->bar_count, sizeof(*a->bars));
  for (size_t b = 0; b < a->bar_count; ++b) {
    const dt_truth_bar* bar = &truths->bars[b];
    const dt_played_bar played_bar = {bar->tick + shift, bar->length,
                                      part->bars[bar->part_bar].written, bar->jumped};
    a->bars[b] = played_bar;
  }
  for (size_t e = 0; e < a->event_count; ++e) {
    const dt_truth_event* truth = &truths->events[e];
    const dt_part_note* n = &part->notes[truth->note];
    const dt_event event = {n->note,    (size_t)n->written, truth->bar, n->fill,
                            n->section, DT_FATE_HIT,        SIZE_MAX,   (int)truth->stroke_count};
    a->events[e] = event;
    a->events[e].note.tick = truth->tick + shift;
  }
  for (size_t i = 0; i < a->stroke_count; ++i) {
    a->strokes[i].label = DT_LABEL_HIT;
    a->strokes[i].event = truths->items[strokes[i].truth].event;
    a->events[a->strokes[i].event].stroke = i;
  }
}

/* The instrument's own jitter, on top of what was played. */
static played* jittered(const feel_how* how, uint64_t seed, const dt_truths* truths,
                        dt_take* take) {
  dt_rng rng = dt_rng_seeded(seed, 77);
  played* strokes = room(truths->count, sizeof(*strokes));
  for (size_t i = 0; i < truths->count; ++i) {
    strokes[i].stroke = take->strokes.items[i];
    strokes[i].stroke.time_s +=
        how->jitter_ms > 0.0 ? 1e-3 * how->jitter_ms * dt_rng_normal(&rng) : 0.0;
    strokes[i].truth = i;
  }
  qsort(strokes, truths->count, sizeof(*strokes), by_time);
  for (size_t i = 0; i < truths->count; ++i) {
    take->strokes.items[i] = strokes[i].stroke;
  }
  take->clock_jitter_s = 1e-3 * how->jitter_ms;
  take->duration_s += 1.0;
  return strokes;
}

void feel_play(const feel_how* how, uint64_t seed, feel_take* out) {
  dt_part part;
  dt_truths truths;
  dt_error err = {.sentence = ""};
  const dt_drummer drummer = drummer_of(how, seed);
  memset(out, 0, sizeof(*out));
  make_chart(how, &out->chart);
  must(dt_drummer_part(&drummer, &out->chart, NULL, &part), "part");
  const dt_status status = dt_drummer_play(&drummer, &part, NULL, &truths, &err);
  must(status, err.sentence);
  must(dt_take_from_truths(&out->take, NULL, &truths, &drummer, &part), "take");
  if (out->take.has_click != how->click) {
    must(DT_BAD_ARGUMENT, "click");
  }
  played* strokes = jittered(how, seed, &truths, &out->take);
  align(&part, &truths, strokes, how->click ? BAR : 0, &out->alignment);
  dt_release(NULL, strokes, truths.count * sizeof(*strokes));
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
}

void feel_clear(feel_take* t) {
  dt_alignment_clear(&t->alignment, NULL);
  dt_take_clear(&t->take, NULL);
  dt_chart_clear(&t->chart, NULL);
}
