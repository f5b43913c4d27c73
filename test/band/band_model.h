#ifndef DT_TEST_BAND_MODEL_H
#define DT_TEST_BAND_MODEL_H

/*
 * What the band should play, computed the plain way: bar after bar, beat after beat, in seconds, as
 * a musician with a slide rule would. Shares nothing with src/band but its header.
 */

#include <math.h>

#include "band_run.h"

typedef struct model_tempo {
  int bar;
  double bpm;
  int ramp_bars;
} model_tempo;

typedef struct model_meter {
  int bar;
  dt_meter meter;
} model_meter;

#define MODEL_CHANGES 8

typedef struct model_program {
  int rate_hz;
  dt_frame at;
  dt_band_start start;
  dt_band_click click;
  dt_band_bars bars;
  int tempo_count;
  model_tempo tempi[MODEL_CHANGES]; /* by bar */
  int meter_count;
  model_meter meters[MODEL_CHANGES]; /* by bar */
  int stop_bar;
} model_program;

typedef struct model_click {
  long double frame; /* exact, but for rounding in the last places */
  int bar;
  int beat;
  int sub;
  bool sounding;
} model_click;

typedef struct model_list {
  model_click* clicks;
  size_t count;
} model_list;

typedef struct model_state {
  const model_program* program;
  long double quarters; /* of the bar that begins */
  long double seconds;
  double from_bpm; /* of the ramp */
  double to_bpm;
  long double ramp_start; /* quarters */
  long double ramp_length;
} model_state;

static inline long double model_bpm(const model_state* s, long double quarters) {
  if (s->ramp_length <= 0 || quarters >= s->ramp_start + s->ramp_length - 1e-12L)
    return (long double)s->to_bpm;
  const long double steps = ceill(s->ramp_length * 4 - 1e-9L);
  const long double step = floorl((quarters - s->ramp_start) / s->ramp_length * steps + 1e-9L);
  return (long double)s->from_bpm +
         ((long double)s->to_bpm - (long double)s->from_bpm) * (2 * step + 1) / (2 * steps);
}

/* Where the tempo next changes; far away when it does not. */
static inline long double model_edge(const model_state* s, long double quarters) {
  if (s->ramp_length <= 0 || quarters >= s->ramp_start + s->ramp_length - 1e-12L)
    return 1e12L;
  const long double steps = ceill(s->ramp_length * 4 - 1e-9L);
  const long double step = floorl((quarters - s->ramp_start) / s->ramp_length * steps + 1e-9L);
  return s->ramp_start + s->ramp_length * (step + 1) / steps;
}

/* Seconds at a place in the bar that begins at s->quarters, s->seconds. */
static inline long double model_seconds(const model_state* s, long double quarters) {
  long double at = s->quarters;
  long double seconds = s->seconds;
  while (quarters - at > 1e-13L) {
    const long double edge = fminl(model_edge(s, at), quarters);
    seconds += (edge - at) * 60 / model_bpm(s, at);
    at = edge;
  }
  return seconds;
}

/* Is bar b (from 0) in the bars on? Counted out, one by one. */
static inline bool model_on(const dt_band_bars* bars, int bar) {
  if (bars->off == 0)
    return true;
  int off = bars->off;
  bool on = !bars->begin_off;
  int at = 0;
  for (;;) {
    at += on ? bars->on : off;
    if (bar < at)
      return on;
    if (!on) {
      off += bars->off_step;
      if (bars->off_max > 0 && off > bars->off_max)
        off = bars->off_max;
    }
    on = !on;
  }
}

static inline void model_add(model_list* list, const model_click* click) {
  list->clicks = run_grown(list->clicks, list->count, 1, sizeof *list->clicks);
  list->clicks[list->count++] = *click;
}

/* How the metre is felt: beats in units of its lower number. */
static inline int model_beats(const dt_band_click* click, dt_meter meter, int units[64]) {
  int sum = 0;
  for (int i = 0; i < click->group_count; i++)
    sum += units[i] = click->groups[i];
  if (click->group_count > 0 && sum == meter.numerator)
    return click->group_count;
  const int each =
      meter.denominator >= 8 && meter.numerator > 3 && meter.numerator % 3 == 0 ? 3 : 1;
  for (int i = 0; i < meter.numerator / each; i++)
    units[i] = each;
  return meter.numerator / each;
}

/* Where subdivision `sub` of `subs` stands, in subdivisions of the beat. */
static inline long double model_swung(const dt_band_click* c, int sub, int subs) {
  const int over = c->swing_over ? c->swing_over : 2;
  const int first = sub / over * over;
  if (first + over > subs)
    return sub;
  const long double inside = (long double)(sub - first) / over;
  const long double middle = (long double)c->swing;
  return first + over * (inside < 0.5L ? inside / 0.5L * middle
                                       : middle + (inside - 0.5L) / 0.5L * (1 - middle));
}

static inline void model_bar(model_list* list, model_state* s, int bar, dt_meter meter) {
  const model_program* p = s->program;
  const dt_band_click* c = &p->click;
  int units[64];
  const int beats = model_beats(c, meter, units);
  const long double unit = 4.0L / meter.denominator; /* quarters */
  long double beat_at = 0;
  for (int beat = 0; beat < beats; beat++) {
    const int divide = bar < 0 || c->divide == 0 ? 0 : c->divide;
    const int subs = divide > 0 ? units[beat] * divide : 1;
    for (int sub = 0; sub < subs; sub++) {
      long double in_beat = divide > 0 ? unit * sub / divide : 0;
      if (divide > 0 && divide % 2 == 0)
        in_beat = unit / divide * model_swung(c, sub, subs);
      const float db = sub > 0 ? c->divide_db : c->beat_db[beat];
      const bool only = sub == 0 || c->sub_only == 0 || sub == c->sub_only;
      const bool on = bar < 0 || (model_on(&p->bars, bar) && only && db > DT_BAND_SILENT_DB);
      const long double seconds = model_seconds(s, s->quarters + beat_at + in_beat);
      const model_click click = {(long double)p->at + seconds * p->rate_hz, bar, beat, sub, on};
      model_add(list, &click);
    }
    beat_at += unit * units[beat];
  }
}

/* Tempo steps stand on the grid of 1/65536 tick: rounded down, as the header says of all places. */
static inline model_list model_play(const model_program* p) {
  model_list list = {0};
  model_state s = {.program = p, .to_bpm = p->start.bpm};
  dt_meter meter = p->start.meter;
  for (int bar = -p->start.count_in_bars; bar < p->stop_bar; bar++) {
    for (int i = 0; i < p->meter_count; i++)
      if (p->meters[i].bar == bar)
        meter = p->meters[i].meter;
    const long double length = 4.0L * meter.numerator / meter.denominator;
    for (int i = 0; i < p->tempo_count; i++) {
      if (p->tempi[i].bar != bar)
        continue;
      long double from = (long double)s.to_bpm;
      if (s.ramp_length > 0 && s.quarters < s.ramp_start + s.ramp_length)
        from = (long double)s.from_bpm + ((long double)s.to_bpm - (long double)s.from_bpm) *
                                             (s.quarters - s.ramp_start) / s.ramp_length;
      s.from_bpm = (double)from;
      s.to_bpm = p->tempi[i].bpm;
      s.ramp_start = s.quarters;
      s.ramp_length = length * p->tempi[i].ramp_bars;
    }
    model_bar(&list, &s, bar, meter);
    s.seconds = model_seconds(&s, s.quarters + length);
    s.quarters += length;
  }
  return list;
}

#endif
