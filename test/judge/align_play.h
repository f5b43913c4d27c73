#ifndef DT_TEST_ALIGN_PLAY_H
#define DT_TEST_ALIGN_PLAY_H

/*
 * A simple player of charts for the tests of the alignment: he plays any sequence of bars, misses
 * notes, adds strokes, hits wrong drums, and remembers what he meant. And the marking of an
 * alignment against that.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/align.h"
#include "dt/rng.h"

typedef struct play {
  uint64_t seed;
  double bpm; /* 0: the chart's own first tempo */
  double scatter_s;
  double clock_s; /* SD of the timekeeper's step from beat to beat, uncorrected */
  double drift;   /* relative tempo change from the first stroke to the last */
  double missed;  /* shares of the notes */
  double added;
  double wrong;
  int bars;            /* how many bars are played */
  int first_bar;       /* of the chart as played */
  int skip_at;         /* after that many bars one is skipped (-1: never) */
  int repeat_at;       /* after that many bars the last one is played again (-1: never) */
  double lead_in_bars; /* before the first stroke */
  bool click;
  bool count_in; /* four strokes on the sticks before the first bar */
} play;

typedef struct meant_stroke {
  dt_stroke stroke;
  dt_label label;
  size_t event; /* of meant.events */
  int order;
} meant_stroke;

typedef struct meant_event {
  dt_tick tick; /* from the first bar played */
  dt_drum drum;
  dt_fate fate;
  int written;
} meant_event;

typedef struct meant {
  dt_take take;
  meant_stroke* strokes;
  size_t stroke_count;
  size_t stroke_room;
  meant_event* events;
  size_t event_count;
  size_t event_room;
  int bars;
  dt_tick first_tick; /* of the first bar played, on the click */
} meant;

static inline void* play_grow(void* items, size_t count, size_t* room, size_t size) {
  if (count < *room) {
    return items;
  }
  *room = *room ? 2 * *room : 256;
  void* grown = realloc(items, *room * size);
  if (!grown) {
    abort();
  }
  return grown;
}

/* The written bar that is played as the k-th of an endless playing of the chart. */
static inline int play_bar(const dt_chart* chart, int k) {
  int total = 0;
  for (size_t s = 0; s < chart->order_count; ++s) {
    total += chart->order[s].bar_count * chart->order[s].times;
  }
  if (chart->order_count == 0) {
    return k % chart->bar_count;
  }
  k %= total;
  for (size_t s = 0;; ++s) {
    const dt_chart_segment* segment = &chart->order[s];
    if (k < segment->bar_count * segment->times) {
      return segment->first_bar + k % segment->bar_count;
    }
    k -= segment->bar_count * segment->times;
  }
}

static inline dt_drum play_other_drum(dt_rng* rng, dt_drum drum) {
  static const dt_drum KIT[] = {DT_KICK,    DT_SNARE, DT_HIHAT_CLOSED, DT_TOM_HIGH,
                                DT_TOM_LOW, DT_RIDE,  DT_CRASH,        DT_COWBELL};
  for (;;) {
    const dt_drum other = KIT[dt_rng_below(rng, 8)];
    if (dt_drum_voice(other) != dt_drum_voice(drum)) {
      return other;
    }
  }
}

static inline void play_add(meant* m, double time_s, dt_drum drum, int velocity, dt_label label,
                            size_t event, int order) {
  m->strokes = play_grow(m->strokes, m->stroke_count, &m->stroke_room, sizeof(*m->strokes));
  meant_stroke* s = &m->strokes[m->stroke_count++];
  memset(s, 0, sizeof(*s));
  s->stroke = dt_stroke_at(time_s, drum);
  s->stroke.velocity = (float)(velocity < 1 ? 1 : velocity > 127 ? 127 : velocity);
  s->label = label;
  s->event = event;
  s->order = order;
}

typedef struct player {
  const play* how;
  const dt_chart* chart;
  dt_rng rng;
  meant* m;
  double bpm;
  double drift_per_tick;
  double start_s;
  double* wander_s; /* per quarter */
  size_t wander_count;
} player;

/* When the player's own pulse has counted a (swung) tick. */
static inline double play_seconds(const player* p, double tick) {
  const double beats = tick / DT_TICKS_PER_QUARTER;
  const double steady_s = beats * 60.0 / p->bpm;
  /* the tempo grows by drift over the take: time falls behind quadratically */
  const double bent_s = steady_s * (1.0 - 0.5 * p->drift_per_tick * tick);
  const double at = fmin(fmax(beats, 0.0), (double)(p->wander_count - 1));
  const size_t low = (size_t)at;
  const size_t high = low + 1 < p->wander_count ? low + 1 : low;
  const double wander =
      p->wander_s[low] + (at - (double)low) * (p->wander_s[high] - p->wander_s[low]);
  return p->start_s + bent_s + wander;
}

static inline int play_velocity(dt_rng* rng, dt_loud loud) {
  static const int USUAL[] = {35, 90, 115};
  return USUAL[loud] + (int)(6.0 * dt_rng_normal(rng));
}

static inline void play_event(player* p, const dt_chart_note* note, dt_tick start, dt_tick bar_tick,
                              double swung, double swung_end, size_t index) {
  dt_rng* rng = &p->rng;
  meant* m = p->m;
  const double draw = dt_rng_uniform(rng);
  const double scatter = p->how->scatter_s;
  meant_event event = {bar_tick + note->tick - start, note->drum, DT_FATE_HIT, (int)index};
  dt_label label = DT_LABEL_HIT;
  dt_drum drum = note->drum;
  const size_t e = m->event_count;
  const double at_s = play_seconds(p, (double)bar_tick + swung) + scatter * dt_rng_normal(rng);
  const int velocity = play_velocity(rng, note->loud);
  if (draw < p->how->missed) {
    event.fate = DT_FATE_MISSED;
  } else if (draw < p->how->missed + p->how->wrong) {
    event.fate = DT_FATE_WRONG_DRUM;
    label = DT_LABEL_WRONG_DRUM;
    drum = play_other_drum(rng, drum);
  }
  m->events = play_grow(m->events, m->event_count, &m->event_room, sizeof(*m->events));
  m->events[m->event_count++] = event;
  if (event.fate == DT_FATE_MISSED) {
    return;
  }
  const int graces = note->ornament == DT_FLAM ? 1 : note->ornament == DT_DRAG ? 2 : 0;
  double grace_s = at_s;
  for (int g = 1; g <= graces; ++g) {
    grace_s -= 0.030 + 0.25 * fmin(scatter, 0.01) * dt_rng_normal(rng);
    play_add(m, grace_s, drum, velocity / 2, label, e, -g);
  }
  play_add(m, at_s, drum, velocity, label, e, 0);
  if (note->ornament == DT_ROLL && note->roll_step > 0) {
    for (dt_tick s = note->roll_step; s < note->length; s += note->roll_step) {
      const double tick =
          dt_swing_tick(note->tick + s, p->chart->swing_pair, p->chart->swing) - (double)start;
      play_add(m, play_seconds(p, (double)bar_tick + tick) + scatter * 0.6 * dt_rng_normal(rng),
               drum, velocity - 15, label, e, (int)(s / note->roll_step));
    }
  } else if (note->ornament == DT_ROLL) {
    const double end_s = play_seconds(p, (double)bar_tick + swung_end) - 0.03;
    int order = 1;
    for (double t = at_s + 0.045; t < end_s; t += 0.045 + 0.004 * dt_rng_normal(rng)) {
      play_add(m, t, drum, velocity - 25, label, e, order++);
    }
  }
}

/* Strokes nobody asked for: half of them on the sixteenths, half anywhere; never so near a stroke
 * or note of the same voice that nobody could say which of the two was the extra one. */
static inline void play_extras(player* p, dt_tick end) {
  meant* m = p->m;
  static const dt_drum KIT[] = {DT_KICK,    DT_SNARE,   DT_HIHAT_CLOSED, DT_TOM_HIGH,
                                DT_TOM_LOW, DT_COWBELL, DT_CRASH};
  const size_t wanted = (size_t)(p->how->added * (double)m->event_count + 0.5);
  const size_t real = m->stroke_count;
  for (size_t k = 0; k < wanted; ++k) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      double tick = dt_rng_uniform(&p->rng) * (double)end;
      if (dt_rng_uniform(&p->rng) < 0.5) {
        tick = floor(tick / 240.0) * 240.0;
      }
      const double at_s = play_seconds(p, tick) + p->how->scatter_s * dt_rng_normal(&p->rng);
      const dt_drum drum = KIT[dt_rng_below(&p->rng, 7)];
      bool near = at_s < 0.0;
      for (size_t i = 0; i < real && !near; ++i) {
        near = fabs(m->strokes[i].stroke.time_s - at_s) < 0.09 &&
               dt_drum_voice(m->strokes[i].stroke.drum) == dt_drum_voice(drum);
      }
      for (size_t e = 0; e < m->event_count && !near; ++e) {
        near = fabs(play_seconds(p, (double)m->events[e].tick) - at_s) < 0.09 &&
               (dt_drum_voice(m->events[e].drum) == dt_drum_voice(drum) ||
                m->events[e].fate != DT_FATE_HIT);
      }
      if (!near) {
        play_add(m, at_s, drum, 90, DT_LABEL_EXTRA, SIZE_MAX, 0);
        break;
      }
    }
  }
}

static inline int play_by_time(const void* left, const void* right) {
  const meant_stroke* a = left;
  const meant_stroke* b = right;
  if (a->stroke.time_s != b->stroke.time_s) {
    return a->stroke.time_s < b->stroke.time_s ? -1 : 1;
  }
  return (int)a->stroke.drum - (int)b->stroke.drum;
}

static inline void play_take(meant* m, const player* p, dt_tick lead) {
  qsort(m->strokes, m->stroke_count, sizeof(*m->strokes), play_by_time);
  m->take.source = DT_TAKE_MIDI;
  for (size_t i = 0; i < m->stroke_count; ++i) {
    if (dt_strokes_add(&m->take.strokes, NULL, &m->strokes[i].stroke) != DT_OK) {
      abort();
    }
    m->take.duration_s = m->strokes[i].stroke.time_s;
  }
  if (p->how->click) {
    m->take.has_click = true;
    m->take.click.ticks_per_quarter = DT_TICKS_PER_QUARTER;
    const dt_meter meter = dt_tempo_map_meter(&p->chart->map, 0.0);
    if (dt_tempo_map_set_tempo(&m->take.click, NULL, 0, 60e6 / p->bpm) != DT_OK ||
        dt_tempo_map_set_meter(&m->take.click, NULL, 0, meter) != DT_OK) {
      abort();
    }
    m->first_tick = lead;
  }
}

static inline meant play_chart(const dt_chart* chart, const play* how) {
  meant m;
  memset(&m, 0, sizeof(m));
  player p;
  memset(&p, 0, sizeof(p));
  p.how = how;
  p.chart = chart;
  p.m = &m;
  p.rng = dt_rng_seeded(how->seed, 77);
  p.bpm = how->bpm > 0.0 ? how->bpm : dt_tempo_map_bpm(&chart->map, 0.0);
  const dt_tick one = dt_chart_bar_tick(chart, 1);
  const dt_tick lead = (dt_tick)(how->lead_in_bars * (double)one);
  p.start_s = (double)lead / DT_TICKS_PER_QUARTER * 60.0 / p.bpm;
  dt_tick end = 0;
  for (int b = 0; b < how->bars; ++b) { /* an upper bound of the length is enough here */
    const int written = play_bar(chart, how->first_bar + b);
    end += dt_chart_bar_tick(chart, written + 1) - dt_chart_bar_tick(chart, written);
  }
  p.drift_per_tick = how->drift / (double)end;
  p.wander_count = (size_t)(2 * end / DT_TICKS_PER_QUARTER) + 8;
  p.wander_s = calloc(p.wander_count, sizeof(double));
  if (!p.wander_s) {
    abort();
  }
  for (size_t k = 1; k < p.wander_count; ++k) {
    const double kept = how->click ? 0.7 : 1.0;
    p.wander_s[k] = kept * p.wander_s[k - 1] + how->clock_s * dt_rng_normal(&p.rng);
  }
  dt_tick tick = 0;
  int at = how->first_bar;
  for (int b = 0; b < how->bars; ++b, ++at) {
    if (b == how->skip_at) {
      ++at;
    }
    if (b == how->repeat_at) {
      --at;
    }
    const int written = play_bar(chart, at);
    const dt_tick start = dt_chart_bar_tick(chart, written);
    const dt_tick stop = dt_chart_bar_tick(chart, written + 1);
    for (size_t i = 0; i < chart->note_count; ++i) {
      const dt_chart_note* note = &chart->notes[i];
      if (note->tick < start || note->tick >= stop) {
        continue;
      }
      const double swung =
          dt_swing_tick(note->tick, chart->swing_pair, chart->swing) - (double)start;
      const double swung_end =
          dt_swing_tick(note->tick + note->length, chart->swing_pair, chart->swing) - (double)start;
      play_event(&p, note, start, tick, swung, swung_end, i);
    }
    tick += stop - start;
  }
  m.bars = how->bars;
  play_extras(&p, tick);
  for (int k = 0; k < 4 && how->count_in; ++k) {
    play_add(&m, play_seconds(&p, (k - 4) * 960.0) + how->scatter_s * dt_rng_normal(&p.rng),
             DT_DRUM_OTHER, 80, DT_LABEL_EXTRA, SIZE_MAX, 0);
  }
  play_take(&m, &p, lead);
  free(p.wander_s);
  return m;
}

static inline void play_clear(meant* m) {
  dt_take_clear(&m->take, NULL);
  free(m->strokes);
  free(m->events);
  memset(m, 0, sizeof(*m));
}

typedef struct mark_sheet {
  size_t strokes;
  size_t strokes_right; /* label, note, and main or grace stroke */
  size_t labels_right;  /* label alone */
  size_t events;        /* meant, and those found that were not */
  size_t events_right;
} mark_sheet;

static inline double mark_share(const mark_sheet* s) {
  const size_t of = s->strokes + s->events;
  return of ? (double)(s->strokes_right + s->events_right) / (double)of : 1.0;
}

/* Without a click only time differences mean anything: the commonest shift is taken out. */
static inline dt_tick mark_shift(const meant* m, const dt_alignment* a) {
  if (m->take.has_click) {
    return m->first_tick;
  }
  dt_tick best = 0;
  size_t best_count = 0;
  for (size_t i = 0; i < m->stroke_count && i < 60; ++i) {
    if (m->strokes[i].event == SIZE_MAX || a->strokes[i].event == SIZE_MAX) {
      continue;
    }
    const dt_tick shift =
        a->events[a->strokes[i].event].note.tick - m->events[m->strokes[i].event].tick;
    size_t count = 0;
    for (size_t j = 0; j < m->stroke_count; ++j) {
      count +=
          m->strokes[j].event != SIZE_MAX && a->strokes[j].event != SIZE_MAX &&
          a->events[a->strokes[j].event].note.tick - m->events[m->strokes[j].event].tick == shift;
    }
    if (count > best_count) {
      best_count = count;
      best = shift;
    }
  }
  return best;
}

/* Which of the notes of a chord a wrong drum was meant for leaves no trace: right is any note of
 * that chord, and the fates of a chord's notes count together. */
static inline mark_sheet mark_alignment(const meant* m, const dt_alignment* a) {
  mark_sheet sheet;
  memset(&sheet, 0, sizeof(sheet));
  const dt_tick shift = mark_shift(m, a);
  sheet.strokes = m->stroke_count;
  sheet.events = m->event_count;
  for (size_t i = 0; i < m->stroke_count; ++i) {
    const meant_stroke* s = &m->strokes[i];
    const dt_aligned_stroke* got = &a->strokes[i];
    sheet.labels_right += got->label == s->label;
    if (got->label != s->label) {
      continue;
    }
    if (s->label == DT_LABEL_EXTRA) {
      ++sheet.strokes_right;
      continue;
    }
    const meant_event* e = &m->events[s->event];
    const dt_event* found = &a->events[got->event];
    sheet.strokes_right += found->note.tick - shift == e->tick &&
                           (found->note.drum == e->drum || s->label == DT_LABEL_WRONG_DRUM) &&
                           (got->order < 0) == (s->order < 0);
  }
  size_t j = 0;
  for (size_t k = 0; k < m->event_count;) {
    const dt_tick tick = m->events[k].tick;
    int meant_fates[3] = {0, 0, 0};
    int found_fates[3] = {0, 0, 0};
    for (; k < m->event_count && m->events[k].tick == tick; ++k) {
      ++meant_fates[m->events[k].fate];
    }
    for (; j < a->event_count && a->events[j].note.tick - shift < tick; ++j) {
      ++sheet.events; /* a note that nobody meant */
    }
    for (; j < a->event_count && a->events[j].note.tick - shift == tick; ++j) {
      ++found_fates[a->events[j].fate];
    }
    for (int f = 0; f < 3; ++f) {
      const int right = meant_fates[f] < found_fates[f] ? meant_fates[f] : found_fates[f];
      sheet.events_right += (size_t)right;
    }
  }
  sheet.events += a->event_count - j;
  return sheet;
}

#endif
