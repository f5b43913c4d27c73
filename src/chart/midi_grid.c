#include <math.h>
#include <stdlib.h>

#include "midi_internal.h"

double dt__midi_unswing(double tick, dt_tick pair, double swing) {
  if (pair <= 0 || swing <= 0.5)
    return tick;
  const double length = (double)pair;
  const double start = floor(tick / length) * length;
  const double x = (tick - start) / length;
  const double y = x <= swing ? x / (2 * swing) : 0.5 + (x - swing) / (2 * (1 - swing));
  return start + y * length;
}

/* ---- swing */

#define OFF_BEAT_MIN   0.42 /* of the pair: where an off-beat can stand */
#define OFF_BEAT_MAX   0.80
#define ON_BEAT        0.12 /* this close to the pair's ends it is on the beat */
#define OFF_BEATS      8    /* fewer show no habit */
#define OTHER_SHARE    0.10 /* notes elsewhere in the pair: a triplet's first, sixteenths */
#define LATE_MIN       0.535
#define SPREAD_MAX     0.045
#define SWING_ROUND_TO 1000.0

static int ascending(const void* left, const void* right) {
  const double a = *(const double*)left;
  const double b = *(const double*)right;
  return (a > b) - (a < b);
}

/* The off-beats are consistently late, and nothing else stands between them and the beats. */
static double swing_of_pair(const dt__midi_hit* hits, size_t count, double pair, double* scratch) {
  size_t found = 0;
  size_t others = 0;
  for (size_t i = 0; i < count; i++) {
    if (hits[i].is_dropped)
      continue;
    const double phase = hits[i].tick / pair - floor(hits[i].tick / pair);
    if (phase >= OFF_BEAT_MIN && phase <= OFF_BEAT_MAX)
      scratch[found++] = phase;
    else if (phase > ON_BEAT && phase < 1 - ON_BEAT)
      others++;
  }
  if (found < OFF_BEATS || (double)others > OTHER_SHARE * (double)found)
    return 0.5;
  qsort(scratch, found, sizeof *scratch, ascending);
  const double median = scratch[found / 2];
  for (size_t i = 0; i < found; i++)
    scratch[i] = fabs(scratch[i] - median);
  qsort(scratch, found, sizeof *scratch, ascending);
  if (median < LATE_MIN || scratch[found / 2] > SPREAD_MAX)
    return 0.5;
  return fmin(0.75, round(median * SWING_ROUND_TO) / SWING_ROUND_TO);
}

dt__midi_swing dt__midi_find_swing(const dt__midi_hit* hits, size_t count, double* scratch) {
  static const dt_tick pairs[] = {DT_TICKS_PER_QUARTER, DT_TICKS_PER_QUARTER / 2};
  for (size_t i = 0; i < 2; i++) {
    const double swing = swing_of_pair(hits, count, (double)pairs[i], scratch);
    if (swing > 0.5)
      return (dt__midi_swing){swing, pairs[i]};
  }
  return (dt__midi_swing){0.5, 0};
}

/* ---- grid */

/*
 * Each beat gets the subdivision that explains its notes with the shortest message: a note costs
 * its squared distance from the grid, in units of the spread of the playing, and the logarithm of
 * the number of places that it could have stood on (minimum description length; Rissanen 1978;
 * for rhythm, Cemgil and Kappen 2003, J. Artificial Intelligence Research 18).
 */
static const int subdivisions[] = {1, 2, 3, 4, 6, 8, 12, 16, 5, 7, 9, 10, 20, 24, 32};
#define COMMON      8 /* of them; the others cost more */
#define RARE_NATS   1.5
#define EXACT_SHARE 0.9 /* so many notes on the grid to the tick: nobody played this */
#define PLAYED_S    0.016
#define STEP_MIN    30

typedef struct snapping {
  dt__midi_hit* hits;
  const dt_chart* chart;
  double spread; /* ticks */
  bool is_exact;
  dt_tick finest;
  dt_tick finest_odd;
} snapping;

typedef struct beat {
  dt_tick start;
  dt_tick length;
} beat;

/* At most a quarter; the metre's own beat where that is shorter. */
static beat beat_of(const dt_chart* chart, double tick) {
  const int bar = dt_chart_bar_at(chart, (dt_tick)fmax(tick, 0));
  const dt_tick start = dt_chart_bar_tick(chart, bar);
  const dt_meter meter = dt_tempo_map_meter(&chart->map, (double)start);
  dt_tick length = 4 * DT_TICKS_PER_QUARTER / meter.denominator;
  if (length > DT_TICKS_PER_QUARTER)
    length = DT_TICKS_PER_QUARTER;
  const dt_tick index = (dt_tick)floor((tick - (double)start) / (double)length);
  return (beat){start + index * length, length};
}

static double place_in(const beat* b, int parts, double tick) {
  const double part = (double)b->length / parts;
  return (double)b->start + round((tick - (double)b->start) / part) * part;
}

static bool is_allowed(const beat* b, int parts) {
  return b->length / parts >= STEP_MIN;
}

static int best_parts(const snapping* s, const beat* b, size_t begin, size_t end) {
  int best = 1;
  double best_cost = INFINITY;
  for (size_t i = 0; i < sizeof subdivisions / sizeof *subdivisions; i++) {
    const int parts = subdivisions[i];
    if (!is_allowed(b, parts))
      continue;
    double cost = i < COMMON ? 0 : RARE_NATS;
    for (size_t h = begin; h < end; h++) {
      if (s->hits[h].is_dropped)
        continue;
      const double off = (place_in(b, parts, s->hits[h].tick) - s->hits[h].tick) / s->spread;
      cost += 0.5 * off * off + log(parts);
    }
    if (cost < best_cost) {
      best_cost = cost;
      best = parts;
    }
  }
  return best;
}

/* Is it on some note value, to the file's own tick? */
static bool is_on_grid(const dt_chart* chart, double tick, double source_tick) {
  const beat b = beat_of(chart, tick);
  for (size_t i = 0; i < sizeof subdivisions / sizeof *subdivisions; i++)
    if (is_allowed(&b, subdivisions[i]) &&
        fabs(place_in(&b, subdivisions[i], tick) - tick) <= 0.51 * source_tick + 0.5)
      return true;
  return false;
}

static bool is_exact(const dt__midi_hit* hits, size_t count, const dt_chart* chart,
                     double source_tick) {
  size_t heard = 0;
  size_t on_grid = 0;
  if (source_tick > 12)
    return true; /* so coarse a file holds nothing but the grid */
  for (size_t i = 0; i < count; i++) {
    heard += !hits[i].is_dropped;
    on_grid += !hits[i].is_dropped && is_on_grid(chart, hits[i].tick, source_tick);
  }
  return (double)on_grid >= EXACT_SHARE * (double)heard;
}

/* A roll of even strokes ends with a stroke's time; another ends on the grid of its beat. */
static void snap_roll(dt__midi_hit* hit, double unit) {
  if (hit->ornament != DT_ROLL)
    return;
  if (hit->roll_step > 0)
    return;
  const dt_tick step = unit >= 1 ? (dt_tick)llround(unit) : 1;
  hit->length = (hit->length + step / 2) / step * step;
  if (hit->length < step)
    hit->length = step;
}

static void snap_beat(snapping* s, const beat* b, size_t begin, size_t end) {
  const int parts = best_parts(s, b, begin, end);
  for (size_t h = begin; h < end; h++) {
    dt__midi_hit* hit = &s->hits[h];
    const double to = place_in(b, parts, hit->tick);
    /* In a file without any looseness, what is on no grid was meant there. */
    if (!s->is_exact || fabs(to - hit->tick) <= 4 * s->spread)
      hit->tick = to;
    hit->tick = round(hit->tick);
    snap_roll(hit, (double)b->length / parts);
  }
  const dt_tick step = b->length / parts;
  if (b->length % parts == 0 && step % 15 == 0 && step < s->finest)
    s->finest = step;
  if (b->length % parts == 0 && step % 15 != 0 && step < s->finest_odd)
    s->finest_odd = step;
}

dt_tick dt__midi_snap(dt__midi_hit* hits, size_t count, const dt_chart* chart, double source_tick) {
  snapping s = {.hits = hits, .chart = chart, .finest = DT_TICKS_PER_QUARTER / 2};
  s.finest_odd = DT_TICKS_PER_QUARTER;
  s.is_exact = is_exact(hits, count, chart, source_tick);
  for (size_t i = 0; i < count;) {
    beat b = beat_of(chart, hits[i].tick);
    size_t end = i;
    while (end < count && hits[end].tick < (double)(b.start + b.length))
      end++;
    if (end == i)
      end = i + 1; /* past the last bar */
    const double bpm = dt_tempo_map_bpm(&chart->map, (double)b.start);
    s.spread = s.is_exact ? 0.5 + 0.5 * source_tick : PLAYED_S * bpm / 60.0 * DT_TICKS_PER_QUARTER;
    snap_beat(&s, &b, i, end);
    i = end;
  }
  return s.finest_odd < DT_TICKS_PER_QUARTER && s.finest_odd < s.finest ? s.finest_odd : s.finest;
}
