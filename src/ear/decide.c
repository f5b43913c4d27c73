#include "decide.h"

#include <math.h>
#include <string.h>

#include "tell.h"

#include "dt/rt_poison.h" /* last: see there */

/* Two flags whose attacks lie closer are one blow. */
#define SAME_BLOW_S 0.006

/* A family's answer belongs to a blow at most so far from what it predicts. */
#define FIT_S 0.008

/* ... or so much farther, when the family was told for that blow already. */
#define SPEAKS_ON_S 0.006

/* A blow is read at the first frame that ends so long after it; sooner where the resampler keeps
 * frames waiting, so that with a hop and a frame all is known after 30 ms. */
#define READ_S    0.018
#define IN_TIME_S 0.0299
#define FRAME_S   0.010

/* Later than this an answer is left to chance: it speaks of what was read already. */
#define LATEST_S 0.0320

/* A family is not struck twice within this (a flam's strokes are 15 ms and more apart) ... */
#define SAME_STROKE_S 0.014

/* ... and what is less likely than the stroke so long before is taken for the rest of that. */
#define ECHO_S 0.024

/* ... unless a flag as likely as this has its attack so near to what the network says. */
#define CLEAR       0.5f
#define SAYS_SAME_S 0.004

/* A clear flag that no family claims goes to the likeliest one down to this share of its threshold:
 * something was struck, and there is nothing likelier. */
#define FAINT 0.4f

/* The waveform is trusted when it finds an attack so near to the network's moment. */
#define NEAR_S 0.006

/* Struck with others, a drum has a time of its own when the network puts it so much later; by the
 * waveform, if that agrees so far. Nearer than this the network cannot tell. */
#define APART_S 0.0035
#define OWN_S   0.003

/* Blows are kept so long after their attack. */
#define KEEP_S 0.060

/* No stroke that a later frame brings is earlier than this before the end of a frame. */
#define BEHIND_S 0.026

/* The network may hear hiss that a sound begins with so late. */
#define START_S 0.012

void dt__decide_start(dt__decide* d, dt_frame origin, int rate_hz) {
  d->origin = origin;
  d->origin_s = (double)origin / rate_hz;
  d->end_s = (double)INFINITY;
  d->last_known = INT64_MAX;
  d->begins_with_hiss = false;
  d->read_s = fmin(READ_S, IN_TIME_S - FRAME_S - 0.001 - d->ahead_s);
  d->blow_count = 0;
  memset(d->loose, 0, sizeof d->loose);
  d->soft.is_open = false;
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    d->last_s[f] = -(double)INFINITY;
    d->last_flag[f] = 0;
    d->last_p[f] = 0;
  }
  for (int i = 0; i < DT__NET_DRUMS; i++) {
    d->last_drum_s[i] = -(double)INFINITY;
  }
}

static void withdraw(dt__decide* d, dt__blow* blow, dt__now now) {
  blow->is_read = true;
  blow->is_withdrawn = true;
  dt__tell_stage(d, blow, DT_EAR_WITHDRAWN, now);
}

static void forget_oldest(dt__decide* d, dt__now now) {
  if (!d->blows[0].is_read)
    withdraw(d, &d->blows[0], now);
  d->blow_count--;
  memmove(d->blows, d->blows + 1, (size_t)d->blow_count * sizeof d->blows[0]);
}

void dt__decide_flag(dt__decide* d, float confidence, dt__now now) {
  if (d->blow_count == DT__BLOWS_MAX)
    forget_oldest(d, now);
  dt__blow* blow = &d->blows[d->blow_count++];
  *blow = (dt__blow){.id = d->next_id++, .flag_s = now.time_s, .confidence = confidence};
  blow->time_s = fmax(0, now.time_s - DT__FLAG_LATE_S);
  dt__tell_stage(d, blow, DT_EAR_FLAG, now);
}

static bool is_same_blow(const dt__decide* d, const dt__blow* blow) {
  for (const dt__blow* other = d->blows; other < blow; other++)
    if (!other->is_withdrawn && fabs(other->time_s - blow->time_s) < SAME_BLOW_S)
      return true;
  return false;
}

void dt__decide_times(dt__decide* d, dt__now now) {
  for (int i = 0; i < d->blow_count; i++) {
    dt__blow* blow = &d->blows[i];
    if (blow->is_timed || blow->is_read || now.time_s < blow->flag_s + DT__TIME_AFTER_S)
      continue;
    blow->time_s = dt__sound_attack(d->sound, blow->time_s, now.samples);
    blow->is_timed = true;
    if (is_same_blow(d, blow) || blow->time_s > d->end_s)
      withdraw(d, blow, now);
    else
      dt__tell_stage(d, blow, DT_EAR_TIME, now);
  }
}

/* Nearest blow to what a family predicts; NULL when none fits. A blow that the family was told for
 * already speaks on in the next frames: it is preferred. */
static dt__blow* blow_near(dt__decide* d, int family, double time_s) {
  dt__blow* nearest = NULL;
  double least_s = FIT_S;
  for (int i = 0; i < d->blow_count; i++) {
    dt__blow* blow = &d->blows[i];
    double apart_s = fabs(blow->time_s - time_s);
    if (d->last_flag[family] == blow->id)
      apart_s -= SPEAKS_ON_S;
    if (blow->is_withdrawn || apart_s > least_s)
      continue;
    nearest = blow;
    least_s = apart_s;
  }
  return nearest;
}

static void keep_better(dt__blow* blow, int family, const dt__net_out* out, double said_s) {
  if (out->family_p[family] < blow->best.family_p[family])
    return;
  dt__copy_family(&blow->best, out, family);
  blow->said_s[family] = said_s;
}

/* Has this stroke been told already? */
static bool is_told(const dt__decide* d, int family, double time_s) {
  return fabs(time_s - d->last_s[family]) < SAME_STROKE_S;
}

/* Soon after a stroke of its family, and less likely than that: the rest of it? Not when a clear
 * flag says the same as the network. */
static bool is_echo(const dt__decide* d, int family, const dt__blow* blow, double time_s, float p) {
  if (fabs(time_s - d->last_s[family]) >= ECHO_S || p >= d->last_p[family])
    return false;
  return blow == NULL || blow->confidence < CLEAR ||
         fabs(blow->said_s[family] - blow->time_s) > SAYS_SAME_S;
}

static bool is_hiss(const dt__decide* d, double time_s) {
  return d->begins_with_hiss && time_s < START_S;
}

/* A stroke without a flag: the waveform says when, if it agrees. */
static void tell_loose(dt__decide* d, int family, const dt__net_out* out, double time_s,
                       dt__now now) {
  double attack_s = dt__sound_attack(d->sound, fmax(0, time_s), now.samples);
  if (fabs(attack_s - time_s) > NEAR_S || now.time_s - attack_s > IN_TIME_S)
    attack_s = fmax(0, time_s);
  dt__blow* blow = NULL;
  for (int i = 0; i < d->blow_count; i++)
    if (!d->blows[i].is_withdrawn && fabs(d->blows[i].time_s - attack_s) < SAME_BLOW_S)
      blow = &d->blows[i];
  if (blow != NULL)
    attack_s = blow->time_s;
  if (is_told(d, family, attack_s) || is_echo(d, family, NULL, attack_s, out->family_p[family]) ||
      is_hiss(d, attack_s))
    return;
  dt__tell_family(d, family, out, attack_s, blow, blow != NULL, now);
}

/* When a family of a blow was struck, if the network says `said_s`: with it, or clearly later. */
static double own_time_s(dt__decide* d, const dt__blow* blow, double said_s, dt__now now) {
  if (said_s - blow->time_s < APART_S)
    return blow->time_s;
  double attack_s = dt__sound_second(d->sound, blow->time_s, said_s, now.samples);
  return fabs(attack_s - said_s) < OWN_S ? attack_s : said_s;
}

/* A family that spoke up only after its blow was read. */
static void tell_late(dt__decide* d, int family, const dt__net_out* out, dt__blow* blow,
                      double said_s, dt__now now) {
  if (is_told(d, family, blow->time_s) ||
      is_echo(d, family, NULL, blow->time_s, out->family_p[family]))
    return;
  double time_s = own_time_s(d, blow, said_s, now);
  dt__tell_family(d, family, out, time_s, blow, time_s <= blow->time_s, now);
}

static void hear_family(dt__decide* d, int family, double end_s, const dt__net_out* out,
                        dt__now now) {
  double offset_s = 1e-3 * (double)out->family_offset_ms[family];
  double time_s = end_s - DT__NET_DELAY_S + offset_s;
  dt__loose* loose = &d->loose[family];
  dt__blow* blow = blow_near(d, family, time_s);
  if (blow != NULL) {
    loose->is_open = false;
    if (!blow->is_read)
      keep_better(blow, family, out, time_s);
    else if (end_s - blow->time_s < LATEST_S)
      tell_late(d, family, out, blow, time_s, now);
    return;
  }
  if (is_told(d, family, time_s) || end_s - time_s > LATEST_S) {
    loose->is_open = false;
    return;
  }
  if (end_s - time_s >= d->read_s) {
    loose->is_open = false;
    tell_loose(d, family, out, time_s, now);
    return;
  }
  *loose = (dt__loose){.is_open = true, .time_s = time_s, .out = *out};
}

/* A family that is too unlikely by itself may still be what a clear flag was raised by. */
static void hear_faint(dt__decide* d, int family, double end_s, const dt__net_out* out) {
  double time_s = end_s - DT__NET_DELAY_S + 1e-3 * (double)out->family_offset_ms[family];
  dt__blow* blow = blow_near(d, family, time_s);
  if (blow != NULL && !blow->is_read && blow->confidence >= CLEAR)
    keep_better(blow, family, out, time_s);
}

/* The family nearest to its threshold; DT__NET_FAMILIES when all are too far below. */
static int likeliest_of(const dt__decide* d, const dt__blow* blow) {
  int likeliest = DT__NET_FAMILIES;
  float most = FAINT;
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    float share = blow->best.family_p[f] / d->thresholds.family[f];
    if (share < most || is_told(d, f, blow->time_s) || fabs(blow->time_s - d->last_s[f]) < ECHO_S)
      continue;
    most = share;
    likeliest = f;
  }
  return likeliest;
}

static void read_blow(dt__decide* d, dt__blow* blow, dt__now now) {
  int order[DT__NET_FAMILIES];
  int count = 0;
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    if (!(blow->best.family_p[f] >= d->thresholds.family[f]) || is_told(d, f, blow->time_s) ||
        is_echo(d, f, blow, blow->time_s, blow->best.family_p[f]))
      continue;
    int at = count++;
    for (; at > 0 && blow->best.family_p[order[at - 1]] < blow->best.family_p[f]; at--)
      order[at] = order[at - 1];
    order[at] = f;
  }
  blow->is_read = true;
  if (count == 0 && blow->confidence >= CLEAR && likeliest_of(d, blow) < DT__NET_FAMILIES)
    order[count++] = likeliest_of(d, blow);
  if (is_hiss(d, blow->time_s))
    count = 0;
  for (int i = 0; i < count; i++) {
    double time_s = count > 1 ? own_time_s(d, blow, blow->said_s[order[i]], now) : blow->time_s;
    bool is_shared = count > 1 && time_s <= blow->time_s;
    dt__tell_family(d, order[i], &blow->best, time_s, blow, is_shared, now);
  }
  if (!blow->id_is_taken)
    withdraw(d, blow, now);
}

/* An attack that was found later than the flag was raised has time left; but a flag that no family
 * has spoken for by the flag's own time is not kept longer. */
static bool is_out_of_time(const dt__decide* d, const dt__blow* blow, double end_s) {
  if (end_s - (blow->flag_s - DT__FLAG_LATE_S) < d->read_s + 0.001)
    return false;
  for (int f = 0; f < DT__NET_FAMILIES; f++)
    if (blow->best.family_p[f] >= d->thresholds.family[f])
      return false;
  return true;
}

void dt__decide_frame(dt__decide* d, double end_s, const dt__net_out* out, dt__now now) {
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    if (out->family_p[f] >= d->thresholds.family[f]) {
      hear_family(d, f, end_s, out, now);
      continue;
    }
    if (out->family_p[f] >= FAINT * d->thresholds.family[f])
      hear_faint(d, f, end_s, out);
    if (d->loose[f].is_open) {
      d->loose[f].is_open = false;
      if (!is_told(d, f, d->loose[f].time_s))
        tell_loose(d, f, &d->loose[f].out, d->loose[f].time_s, now);
    }
  }
  for (int i = 0; i < d->blow_count; i++) {
    dt__blow* blow = &d->blows[i];
    if (!blow->is_timed || blow->is_read)
      continue;
    if (end_s - blow->time_s >= d->read_s || is_out_of_time(d, blow, end_s))
      read_blow(d, blow, now);
  }
  while (d->blow_count > 0 && d->blows[0].is_read && d->blows[0].time_s < end_s - KEEP_S)
    forget_oldest(d, now);
  dt__tell_soft(d, end_s, now);
  double before_s = end_s - BEHIND_S;
  if (d->soft.is_open)
    before_s = fmin(before_s, d->soft.time_s - BEHIND_S);
  dt__events_hand_over(d->events, d->origin_s + before_s);
}

void dt__decide_close(dt__decide* d, dt__now now) {
  while (d->blow_count > 0)
    forget_oldest(d, now);
  dt__tell_soft(d, (double)INFINITY, now);
  dt__events_hand_over(d->events, (double)INFINITY);
}
