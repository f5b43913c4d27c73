#include "feel_player.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/level.h"
#include "dt/part.h"
#include "dt/rng.h"
#include "pink.h"

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

/* --- time ------------------------------------------------------------------------------------ */

typedef struct player {
  const feel_how* how;
  const dt_part* part;
  double* clock_ms; /* by beat */
  double* pink;     /* pairs, by sixteenth */
  double* swing;    /* by quarter */
  double* pulse_s;  /* the player's own pulse, by thirty-second */
} player;

enum { GRID = Q / 8 };

/* Tempo at a tick: drift, fills, sections. */
static double tempo_at(const player* p, dt_tick tick, double time_s) {
  const feel_how* how = p->how;
  double bpm = how->bpm + how->drift_bpm_per_min * time_s / 60.0;
  for (size_t k = 0; k < p->part->fill_count; ++k) {
    const dt_chart_span* fill = &p->part->fills[k];
    bpm += tick >= fill->end ? how->gain_bpm : tick >= fill->start ? how->rush_bpm : 0.0;
  }
  for (size_t b = 1; b < p->part->bar_count && how->section_bpm != 0.0; ++b) {
    const dt_part_bar* bar = &p->part->bars[b];
    if (bar->tick <= tick && bar->section != bar[-1].section) {
      bpm += bar->section > bar[-1].section ? how->section_bpm : -how->section_bpm;
    }
  }
  return bpm;
}

static void keep_time(player* p, uint64_t seed) {
  const feel_how* how = p->how;
  const size_t beats = (size_t)(p->part->end / Q) + 2;
  dt_rng clock = dt_rng_seeded(seed, 11);
  dt_rng wobble = dt_rng_seeded(seed, 12);
  double off = 0.0;
  for (int k = 0; k < 64 && how->alpha > 0.0; ++k) {
    off = (1.0 - how->alpha) * off + how->clock_ms * dt_rng_normal(&clock);
  }
  for (size_t k = 0; k < beats; ++k) {
    p->clock_ms[k] = off;
    off = (1.0 - how->alpha) * off + how->clock_ms * dt_rng_normal(&clock);
    p->swing[k] = how->swing > 0.0 ? how->swing + how->wobble * dt_rng_normal(&wobble) : 0.5;
  }
  double time_s = 0.0;
  const size_t steps = (size_t)(p->part->end / GRID) + 2;
  for (size_t k = 0; k < steps; ++k) {
    p->pulse_s[k] = time_s;
    time_s += 60.0 / tempo_at(p, (dt_tick)k * GRID, time_s) / 8.0;
  }
}

/* Where the swung tick falls on the player's pulse, timekeeper and 1/f included. */
static double meant_s(const player* p, dt_tick tick) {
  const size_t quarter = (size_t)(tick / Q);
  const double swung = dt_swing_tick(tick, Q, p->swing[quarter]);
  const size_t step = (size_t)(swung / GRID);
  const double part = swung / GRID - (double)step;
  const double pulse = p->pulse_s[step] + part * (p->pulse_s[step + 1] - p->pulse_s[step]);
  const size_t beat = (size_t)(swung / Q);
  const double in_beat = swung / Q - (double)beat;
  const double clock = p->clock_ms[beat] + in_beat * (p->clock_ms[beat + 1] - p->clock_ms[beat]);
  const double pink = p->pink ? p->how->pink_ms * p->pink[2 * (size_t)(tick / (Q / 4))] : 0.0;
  return pulse + 1e-3 * (clock + pink);
}

static double or_one(double factor) {
  return factor > 0.0 ? factor : 1.0;
}

static double limb_ms(const feel_how* how, const dt_part_note* n, dt_rng* rng) {
  const dt_voice voice = dt_drum_voice(n->note.drum);
  const bool left = n->note.hand == 'L';
  const bool back = voice == DT_VOICE_SNARE && n->fill < 0 && n->note.tick % (2 * Q) == Q;
  double sd = how->motor_ms * or_one(how->voice_scatter[voice]);
  sd *= left ? or_one(how->left_scatter) : 1.0;
  sd *= n->fill >= 0 ? or_one(how->fill_scatter) : 1.0;
  return how->voice_ms[voice] + (left ? how->left_ms : 0.0) + (back ? how->backbeat_ms : 0.0) +
         sd * dt_rng_normal(rng) + how->jitter_ms * dt_rng_normal(rng);
}

/* --- the take -------------------------------------------------------------------------------- */

typedef struct played {
  dt_stroke stroke;
  size_t event;
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

static void align(const dt_part* part, const played* strokes, feel_take* out) {
  dt_alignment* a = &out->alignment;
  memset(a, 0, sizeof(*a));
  a->stroke_count = a->event_count = a->hit_count = part->note_count;
  a->bar_count = part->bar_count;
  a->confidence = 1.0;
  a->strokes = room(a->stroke_count, sizeof(*a->strokes));
  a->events = room(a->event_count, sizeof(*a->events));
  a->bars = room(a->bar_count, sizeof(*a->bars));
  for (size_t b = 0; b < part->bar_count; ++b) {
    a->bars[b].tick = part->bars[b].tick;
    a->bars[b].length = part->bars[b].length;
    a->bars[b].written = part->bars[b].written;
  }
  for (size_t i = 0; i < part->note_count; ++i) {
    const size_t e = strokes[i].event;
    const dt_part_note* n = &part->notes[e];
    const dt_event event = {
        n->note, (size_t)n->written, (size_t)n->bar, n->fill, n->section, DT_FATE_HIT, i, 1};
    a->events[e] = event;
    a->strokes[i].label = DT_LABEL_HIT;
    a->strokes[i].event = e;
  }
}

static void fill_take(const feel_how* how, const dt_part* part, const played* strokes,
                      dt_take* take) {
  memset(take, 0, sizeof(*take));
  for (size_t i = 0; i < part->note_count; ++i) {
    must(dt_strokes_add(&take->strokes, NULL, &strokes[i].stroke), "stroke");
  }
  take->source = DT_TAKE_MIDI;
  take->duration_s = strokes[part->note_count - 1].stroke.time_s + 1.0;
  take->clock_jitter_s = 1e-3 * how->jitter_ms;
  if (how->click) {
    const dt_meter four = {4, 4};
    take->has_click = true;
    take->click.ticks_per_quarter = Q;
    must(dt_tempo_map_set_tempo(&take->click, NULL, 0, 6e7 / how->bpm), "click");
    must(dt_tempo_map_set_meter(&take->click, NULL, 0, four), "click");
  }
}

void feel_play(const feel_how* how, uint64_t seed, feel_take* out) {
  dt_part part;
  memset(out, 0, sizeof(*out));
  make_chart(how, &out->chart);
  must(dt_part_from_chart(&part, NULL, &out->chart, how->bars, 0.0), "part");
  const size_t beats = (size_t)(part.end / Q) + 2;
  const size_t steps = (size_t)(part.end / GRID) + 2;
  const size_t length = dt__pink_length(4 * beats);
  double* memory = room(2 * beats + steps + 2 * length, sizeof(double));
  player p = {how, &part, memory, NULL, memory + beats, memory + 2 * beats};
  if (how->pink_ms > 0.0) {
    dt_rng pink = dt_rng_seeded(seed, 13);
    p.pink = p.pulse_s + steps;
    dt__pink(p.pink, length, &pink);
  }
  keep_time(&p, seed);
  dt_rng motor = dt_rng_seeded(seed, 14);
  dt_rng hard = dt_rng_seeded(seed, 15);
  played* strokes = room(part.note_count, sizeof(*strokes));
  const double first_s = how->click ? 240.0 / how->bpm : 1.0;
  for (size_t i = 0; i < part.note_count; ++i) {
    const dt_part_note* n = &part.notes[i];
    const double time_s = first_s + meant_s(&p, n->note.tick) + 1e-3 * limb_ms(how, n, &motor);
    strokes[i].stroke = dt_stroke_at(time_s, n->note.drum);
    const double level_db = dt_velocity_db(90.0) + 1.5 * dt_rng_normal(&hard) +
                            (n->note.hand == 'L' ? how->left_db : 0.0);
    strokes[i].stroke.velocity = (float)dt_velocity_at_db(level_db);
    strokes[i].event = i;
  }
  qsort(strokes, part.note_count, sizeof(*strokes), by_time);
  fill_take(how, &part, strokes, &out->take);
  align(&part, strokes, out);
  if (how->click) { /* the chart begins in the second bar of the click */
    for (size_t e = 0; e < out->alignment.event_count; ++e) {
      out->alignment.events[e].note.tick += BAR;
    }
    for (size_t b = 0; b < out->alignment.bar_count; ++b) {
      out->alignment.bars[b].tick += BAR;
    }
  }
  dt_release(NULL, strokes, part.note_count * sizeof(*strokes));
  dt_release(NULL, memory, (2 * beats + steps + 2 * length) * sizeof(double));
  dt_part_clear(&part, NULL);
}

void feel_clear(feel_take* t) {
  dt_alignment* a = &t->alignment;
  dt_release(NULL, a->strokes, a->stroke_count * sizeof(*a->strokes));
  dt_release(NULL, a->events, a->event_count * sizeof(*a->events));
  dt_release(NULL, a->bars, a->bar_count * sizeof(*a->bars));
  dt_take_clear(&t->take, NULL);
  dt_chart_clear(&t->chart, NULL);
}
