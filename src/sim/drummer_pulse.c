#include <math.h>

#include "drummer_internal.h"

#define TEMPO_LOWEST_BPM  10.0
#define TEMPO_HIGHEST_BPM 1000.0

double dt__click_seconds(const dt__performance* p, double swung_ticks) {
  return dt_tempo_map_seconds(&p->part->map, swung_ticks);
}

/* Solves x = speed t + growth t^2 / 2 for t; this form of the root has no cancellation. */
static double seconds_for(double x, double speed, double growth) {
  return 2 * x / (speed + sqrt(fmax(0, speed * speed + 2 * growth * x)));
}

static double speed_at(const dt__stretch* s, double click_s) {
  return sqrt(fmax(0, s->speed * s->speed + 2 * s->growth * (click_s - s->click_s)));
}

static const dt__stretch* stretch_at(const dt__performance* p, double click_s) {
  size_t low = 0;
  size_t high = p->stretch_count;
  while (high - low > 1) {
    const size_t at = low + (high - low) / 2;
    if (p->stretches[at].click_s <= click_s)
      low = at;
    else
      high = at;
  }
  return &p->stretches[low];
}

double dt__own_seconds(const dt__performance* p, double click_s) {
  const dt__stretch* s = stretch_at(p, click_s);
  return s->own_s + seconds_for(click_s - s->click_s, s->speed, s->growth);
}

/* What the player's tempo is made of while the stretches are laid, relative to the click's. */
typedef struct laying {
  dt__performance* p;
  double click_s;
  double own_s;
  double speed;  /* without what a fill adds while it lasts */
  double growth; /* drift */
} laying;

static void lay(laying* l, double speed, double growth, double until_s) {
  if (!(until_s > l->click_s) && l->p->stretch_count > 0)
    return;
  dt__performance* p = l->p;
  p->stretches[p->stretch_count++] = (dt__stretch){l->click_s, l->own_s, speed, growth};
  if (!(until_s > l->click_s))
    return;
  l->own_s += seconds_for(until_s - l->click_s, speed, growth);
  l->click_s = until_s;
}

static void lay_plain(laying* l, double until_s) {
  const double speed = l->speed;
  const double own_s = l->own_s;
  lay(l, speed, l->growth, until_s);
  l->speed = speed + l->growth * (l->own_s - own_s);
}

/* The gain is spread evenly over the player's own time D in the fill, which is
 * length = rush (speed D + (growth D^2 + gain D) / 2). */
static void lay_fill(laying* l, double gain, double rush, double until_s) {
  if (!(until_s > l->click_s))
    return;
  const double length = (until_s - l->click_s) / rush;
  const double own_s = l->own_s;
  const double duration_s = seconds_for(length, l->speed + gain / 2, l->growth);
  const double growth = l->growth + gain / duration_s;
  lay(l, rush * l->speed, rush * growth, until_s);
  l->speed += l->growth * (l->own_s - own_s) + gain;
}

static dt_status refuse(const dt__performance* p, dt_error* err) {
  return dt_fail(
      err, DT_BAD_ARGUMENT,
      "With drift=%+gbpm/min (and what fills, sections and fatigue add) the tempo leaves "
      "%g to %g bpm within %zu bars",
      p->drummer->drift_bpm_per_min, TEMPO_LOWEST_BPM, TEMPO_HIGHEST_BPM, p->bar_count);
}

static bool is_playable(const dt__performance* p, const dt__stretch* s, double click_s,
                        double tick) {
  const double bpm = speed_at(s, click_s) * dt_tempo_map_bpm(&p->part->map, tick);
  return s->speed > 0 && bpm >= TEMPO_LOWEST_BPM && bpm <= TEMPO_HIGHEST_BPM;
}

/* At both ends of every stretch and at every change of the click's tempo. */
static bool all_playable(const dt__performance* p) {
  const double end_s = dt__click_seconds(p, (double)p->end);
  for (size_t k = 0; k < p->stretch_count; k++) {
    const dt__stretch* s = &p->stretches[k];
    const double until_s = k + 1 < p->stretch_count ? s[1].click_s : end_s;
    const double from = dt_tempo_map_ticks(&p->part->map, s->click_s);
    const double until = dt_tempo_map_ticks(&p->part->map, until_s);
    if (!is_playable(p, s, s->click_s, from) || !is_playable(p, s, until_s, until))
      return false;
  }
  for (size_t k = 0; k < p->part->map.tempo_count; k++) {
    const double tick = (double)p->part->map.tempi[k].tick;
    const double click_s = dt__click_seconds(p, tick);
    if (tick < (double)p->end && !is_playable(p, stretch_at(p, click_s), click_s, tick))
      return false;
  }
  return true;
}

/* Where in the click a tick of a bar stands. */
static double place_s(const dt__performance* p, size_t bar, dt_tick part_tick) {
  return dt__click_seconds(p, dt__swung(p, &p->bars[bar], (double)part_tick, p->swing));
}

static size_t first_fill_after(const dt_part* part, dt_tick tick) {
  size_t low = 0;
  size_t high = part->fill_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (part->fills[at].end <= tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

/* Of a fill over several bars each bar brings its share of the gain. */
static void lay_bar(laying* l, size_t bar) {
  dt__performance* p = l->p;
  const dt_part* part = p->part;
  const dt_part_bar* written = &part->bars[p->bars[bar].part_bar];
  const double unit = 1 / dt_tempo_map_bpm(&part->map, 0);
  if (bar > 0 && written->section != part->bars[p->bars[bar - 1].part_bar].section)
    l->speed += unit * p->drummer->section_bpm;
  const dt_tick bar_end = written->tick + written->length;
  for (size_t k = first_fill_after(part, written->tick);
       k < part->fill_count && part->fills[k].start < bar_end; k++) {
    const dt_chart_span* fill = &part->fills[k];
    const dt_tick start = fill->start > written->tick ? fill->start : written->tick;
    const dt_tick end = fill->end < bar_end ? fill->end : bar_end;
    const double share = (double)(end - start) / (double)(fill->end - fill->start);
    lay_plain(l, place_s(p, bar, start));
    lay_fill(l, share * unit * p->drummer->fill_bpm, 1 + p->drummer->fill_rush,
             place_s(p, bar, end));
  }
  lay_plain(l, place_s(p, bar, bar_end));
}

/* Stretches that only go on are not laid: a part without fills and sections is one. */
dt_status dt__lay_pulse(dt__performance* p, dt_error* err) {
  const dt_drummer* d = p->drummer;
  const double growth =
      (d->drift_bpm_per_min + d->fatigue_bpm_per_min) / dt_tempo_map_bpm(&p->part->map, 0) / 60;
  laying l = {.p = p, .speed = 1, .growth = growth};
  if (d->fill_bpm != 0 || d->fill_rush != 0 || d->section_bpm != 0)
    for (size_t bar = 0; bar < p->bar_count; bar++)
      lay_bar(&l, bar);
  else
    lay_plain(&l, dt__click_seconds(p, (double)p->end));
  return all_playable(p) ? DT_OK : refuse(p, err);
}
