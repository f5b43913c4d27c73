#include "dt/midiclock.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

#define RATE_MIN      8000
#define RATE_MAX      192000
#define WANDER        2e-4 /* SD of the period's change at each clock, of the period */
#define GATE_SD       5.0
#define GATE_LEAST    0.15 /* of a period */
#define SURE          0.04 /* SD of the period, of itself, below which lost clocks can be told */
#define LOCK_CLOCKS   8
#define BACK_MOST_S   0.1 /* devices' clocks step back a little; more is a new count */
#define BPM_LEAST     2.0
#define BPM_MOST      2000.0
#define LOST_MOST     24 /* clocks missing in a row; more is a stop */
#define TICKS         (DT_TICKS_PER_QUARTER / 24.0)
#define SONG_DATA_MAX 2

dt_status dt_midiclock_init(dt_midiclock* clock, int rate_hz, double jitter_ms) {
  memset(clock, 0, sizeof *clock);
  clock->rate_hz = RATE_MAX;
  clock->jitter_frames = 1;
  if (rate_hz < RATE_MIN || rate_hz > RATE_MAX || !(jitter_ms >= 0.01 && jitter_ms <= 20))
    return DT_BAD_ARGUMENT;
  clock->rate_hz = rate_hz;
  clock->jitter_frames = jitter_ms * rate_hz / 1000;
  return DT_OK;
}

static double variance(const dt_midiclock* c) {
  return c->jitter_frames * c->jitter_frames;
}

static double within_tempi(const dt_midiclock* c, double period) {
  const double minute = 60.0 * c->rate_hz / 24;
  return fmax(minute / BPM_MOST, fmin(minute / BPM_LEAST, period));
}

/* Two clocks make a period. */
static void begin_period(dt_midiclock* c, double at, double period) {
  c->period_frames = within_tempi(c, period);
  c->time_frames = at;
  c->p_tt = variance(c);
  c->p_tp = variance(c);
  c->p_pp = 2 * variance(c);
  c->misfits = 0;
  c->missing = 0;
}

/* `periods` later, without a look. */
static void predict(dt_midiclock* c, double periods) {
  const double wander = WANDER * c->period_frames;
  c->time_frames += periods * c->period_frames;
  c->p_tt += periods * (2 * c->p_tp + periods * c->p_pp);
  c->p_tp += periods * c->p_pp;
  c->p_pp += periods * wander * wander;
}

static void correct(dt_midiclock* c, double innovation) {
  const double total = c->p_tt + variance(c);
  const double gain_t = c->p_tt / total;
  const double gain_p = c->p_tp / total;
  c->time_frames += gain_t * innovation;
  c->period_frames = within_tempi(c, c->period_frames + gain_p * innovation);
  c->p_pp -= gain_p * c->p_tp;
  c->p_tp -= gain_t * c->p_tp;
  c->p_tt -= gain_t * c->p_tt;
  c->p_pp = fmax(c->p_pp, 0); /* but for rounding it is */
}

/* How far off a clock may be that is `periods` on. */
static double gate(const dt_midiclock* c, double periods) {
  const double total = c->p_tt + periods * (2 * c->p_tp + periods * c->p_pp) + variance(c);
  return fmax(GATE_SD * sqrt(fmax(0, total)), GATE_LEAST * c->period_frames);
}

/* How many periods on this clock stands: one, unless it cannot be, and the period is well known. A
 * late one may look like two; the next then stands where we already are. */
static int periods_to(const dt_midiclock* c, double at) {
  const double since = at - c->time_frames;
  if (c->missing > 0 && since < c->period_frames / 2)
    return 0;
  if (sqrt(c->p_pp) > SURE * c->period_frames || since - c->period_frames <= gate(c, 1))
    return 1;
  const double periods = floor(since / c->period_frames + 0.5);
  return periods < 1 ? 1 : periods > LOST_MOST ? LOST_MOST : (int)periods;
}

/* From the clocks that did not fit; when they do not follow each other, from the next three. */
static void begin_afresh(dt_midiclock* c, double at) {
  const int misfits = c->misfits;
  const double period = (at - c->misfit_frames[0]) / (misfits - 1);
  c->misfits = 0;
  if (period <= 0)
    return;
  begin_period(c, at, period);
  c->seen = misfits;
  c->restarts++;
}

/* True when it fits, or a new beginning was made. */
static bool fits(dt_midiclock* c, double at, double innovation) {
  if (fabs(innovation) <= gate(c, 0)) {
    c->misfits = 0;
    return true;
  }
  c->misfit_frames[c->misfits++] = at;
  if (c->misfits == 3)
    begin_afresh(c, at);
  return false;
}

static void follow(dt_midiclock* c, double at) {
  const int periods = periods_to(c, at);
  if (periods == 0)
    c->lost--;
  c->missing = periods == 0 ? c->missing - 1 : periods - 1;
  c->lost += (uint64_t)(periods > 1 ? periods - 1 : 0);
  if (c->running && !c->armed)
    c->clocks += periods;
  predict(c, periods);
  const double innovation = at - c->time_frames;
  if (fits(c, at, innovation))
    correct(c, innovation);
}

static void begin(dt_midiclock* c, dt_frame frame) {
  c->origin = frame;
  c->time_frames = 0;
  c->last_frames = 0;
  c->period_frames = 0;
  c->seen = 1;
  c->misfits = 0;
  c->missing = 0;
}

static bool is_gone(const dt_midiclock* c, dt_frame frame) {
  const double at = (double)(frame - c->origin);
  return c->seen == 0 || at < c->last_frames - BACK_MOST_S * c->rate_hz ||
         at - c->last_frames > c->rate_hz;
}

static void tick(dt_midiclock* c, dt_frame frame) {
  const double at = (double)(frame - c->origin);
  if (is_gone(c, frame)) {
    begin(c, frame);
    c->clocks += c->running && !c->armed;
  } else if (c->period_frames > 0) {
    follow(c, at);
    c->seen++;
  } else {
    begin_period(c, at, fmax(1, at - c->time_frames));
    c->clocks += c->running && !c->armed;
    c->seen++;
  }
  c->last_frames = (double)(frame - c->origin);
  c->armed = false;
}

static void start(dt_midiclock* c) {
  c->running = true;
  c->armed = true;
}

static void data_byte(dt_midiclock* c, uint8_t byte) {
  if (c->data_wanted == 0)
    return;
  c->data |= byte << (c->data_wanted == SONG_DATA_MAX ? 0 : 7);
  if (--c->data_wanted == 0 && !c->running)
    c->clocks = (int64_t)c->data * 6;
}

void dt_midiclock_push(dt_midiclock* clock, dt_frame frame, uint8_t byte) {
  if (byte < 0x80) {
    data_byte(clock, byte);
    return;
  }
  if (byte < 0xF8) {
    clock->data_wanted = byte == 0xF2 ? SONG_DATA_MAX : 0;
    clock->data = 0;
    return;
  }
  switch (byte) {
  case 0xF8:
    tick(clock, frame);
    break;
  case 0xFA:
    clock->clocks = 0;
    start(clock);
    break;
  case 0xFB:
    start(clock);
    break;
  case 0xFC:
    /* The place of the next clock, should it go on. */
    clock->clocks += clock->running && !clock->armed;
    clock->running = false;
    clock->armed = false;
    break;
  default:
    break;
  }
}

dt_midiclock_place dt_midiclock_at(const dt_midiclock* c, dt_frame at) {
  dt_midiclock_place place = {.running = c->running, .lost = c->lost, .restarts = c->restarts};
  place.tick = TICKS * (double)c->clocks;
  if (c->period_frames <= 0)
    return place;
  const double since = (double)(at - c->origin) - c->time_frames;
  const double periods = since / c->period_frames;
  place.locked = c->seen >= LOCK_CLOCKS && !is_gone(c, at > c->origin ? at : c->origin);
  place.bpm = 60.0 * c->rate_hz / (24 * c->period_frames);
  place.bpm_sd = place.bpm * sqrt(c->p_pp) / c->period_frames;
  const double variance_t = c->p_tt + periods * (2 * c->p_tp + periods * c->p_pp);
  place.tick_sd = TICKS * sqrt(fmax(0, variance_t)) / c->period_frames;
  if (c->running && !c->armed)
    place.tick += TICKS * periods;
  return place;
}
