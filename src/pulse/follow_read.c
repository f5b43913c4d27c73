#include <math.h>
#include <string.h>

#include "follow.h"
#include "tuning.h"

double dt__pulse_at(const dt_follower* f, double time_s) {
  double beat;
  double length;
  double sd[2];
  dt__fine_at(&f->fine, time_s, &beat, &length, &sd[0], &sd[1]);
  const double number = f->read.anchor + floor((beat - f->read.anchor_s) / length + 0.5);
  return number + (time_s - beat) / length;
}

double dt__pulse_time(const dt_follower* f, double place) {
  double beat;
  double length;
  double sd[2];
  const double about = f->read.anchor_s + (place - f->read.anchor) * f->fine_length_s;
  dt__fine_at(&f->fine, about, &beat, &length, &sd[0], &sd[1]);
  const double number = f->read.anchor + floor((beat - f->read.anchor_s) / length + 0.5);
  return beat + (place - number) * length;
}

static void anchor(dt_follower* f, double time_s) {
  double beat;
  double sd[2];
  dt__fine_at(&f->fine, time_s, &beat, &f->fine_length_s, &sd[0], &sd[1]);
  f->read.anchor += floor((beat - f->read.anchor_s) / f->fine_length_s + 0.5);
  f->read.anchor_s = beat;
}

static void add(dt_follower* f, const dt__heard* stroke) {
  const double at = dt__pulse_at(f, stroke->frame / DT__FRAMES_PER_S);
  f->read.spots[f->read.spot_count++ & (DT__SPOTS - 1)] =
      (dt__spot){at, stroke->weight, stroke->group};
}

void dt__read_start(dt_follower* f, double now_s) {
  dt__read* r = &f->read;
  double sd[2];
  memset(r, 0, sizeof(*r));
  dt__fine_at(&f->fine, now_s, &r->anchor_s, &f->fine_length_s, &sd[0], &sd[1]);
  const unsigned heard = f->lattice.heard_count;
  unsigned kept = heard < DT__HEARD ? heard : DT__HEARD;
  r->has_start = kept == heard;
  r->anchor = 1024.0; /* places stay positive */
  for (; kept > 0; --kept) {
    const dt__heard* stroke = &f->lattice.heard[(heard - kept) & (DT__HEARD - 1)];
    if (stroke->group != DT__GROUP_TAP) {
      add(f, stroke);
    }
  }
}

void dt__read_stroke(dt_follower* f, const dt__heard* stroke) {
  anchor(f, stroke->frame / DT__FRAMES_PER_S);
  if (stroke->group != DT__GROUP_TAP) {
    add(f, stroke);
  }
}

static bool octave_is_known(const dt_follower* f) {
  return f->lattice.config.tempo_bpm > 0.0 || f->lattice.tap[0] >= 0.0;
}

static bool is_now(const dt__read* r, const dt__reading* reading) {
  return r->is_read && reading->octave == r->now.octave && reading->half == r->now.half;
}

/* Log odds of the best reading against what was read so far, summed over decisions: a small doubt
 * that stays is a great one (Page 1954). What is said of the last 256 strokes changes slowly, so of
 * each decision only what is over DT__DOUBT counts. */
static void doubt(dt__read* r, const dt__reading* all, size_t count) {
  double top = -(double)INFINITY;
  double mine = -(double)INFINITY;
  for (size_t k = 0; k < count; ++k) {
    top = fmax(top, all[k].log_p);
    mine = is_now(r, &all[k]) ? all[k].log_p : mine;
  }
  const bool is_beaten = r->is_read && mine < top;
  r->against = is_beaten ? fmax(0.0, r->against + fmin(top - mine, 4.0) - DT__DOUBT) : 0.0;
}

/* The best, unless what was read so far is nearly as good and was not doubted for long. */
static void choose(dt__read* r, const dt__reading* all, size_t count) {
  doubt(r, all, count);
  const double stay =
      r->against > DT__DOUBTED ? 0.0 : fmin(DT__STAY + DT__STAY_STEP * r->held, DT__STAY_MAX);
  double best = -(double)INFINITY;
  dt__reading chosen = all[0];
  double sum = 0.0;
  memset(r->octave_p, 0, sizeof(r->octave_p));
  for (size_t k = 0; k < count; ++k) {
    const double score = all[k].log_p;
    sum += exp(score);
    r->octave_p[all[k].octave + 2] += exp(score);
    const bool is_mine = is_now(r, &all[k]);
    if (score + (is_mine ? stay : 0.0) > best) {
      best = score + (is_mine ? stay : 0.0);
      chosen = (dt__reading){all[k].octave, all[k].half, score};
    }
  }
  if (sum > 0.0)
    chosen.log_p -= log(sum);
  const bool is_kept = is_now(r, &chosen);
  r->held = is_kept ? r->held + 1 : 0;
  r->against = is_kept ? r->against : 0.0;
  for (int o = 0; o < DT__READ_OCTAVES; ++o) {
    r->octave_p[o] /= sum;
  }
  r->now = chosen;
  r->is_read = true;
}

void dt__read_judge(dt_follower* f, double now_s) {
  dt__read* r = &f->read;
  const unsigned n = r->spot_count < DT__SPOTS ? r->spot_count : DT__SPOTS;
  dt__spot spots[DT__SPOTS];
  dt__reading all[DT__READ_MAX];
  if (n == 0) {
    r->is_read = false;
    return;
  }
  for (unsigned k = 0; k < n; ++k) {
    spots[k] = r->spots[(r->spot_count - n + k) & (DT__SPOTS - 1)];
  }
  const double base = 16.0 * floor(spots[0].beat / 16.0); /* bars of every reading begin there */
  for (unsigned k = 0; k < n; ++k) {
    spots[k].beat -= base;
  }
  const dt_beat_config* config = &f->lattice.config;
  const double bpm = 60.0 / f->fine_length_s;
  const bool is_fixed = octave_is_known(f);
  const dt__read_span span = {.beats =
                                  fmax(dt__pulse_at(f, now_s) - base - floor(spots[0].beat), 1.0),
                              .beat_s = f->fine_length_s,
                              .has_start = r->has_start && r->spot_count <= DT__SPOTS,
                              .on_beat = f->lattice.tap[0] >= 0.0,
                              .low_bpm = is_fixed ? 0.97 * bpm : config->low_bpm,
                              .high_bpm = is_fixed ? 1.03 * bpm : config->high_bpm};
  const size_t count = dt__readings(spots, n, &span, all);
  if (count == 0) {
    r->is_read = false;
    return;
  }
  choose(r, all, count);
}
