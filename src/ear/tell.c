#include "tell.h"

#include <math.h>

#include "dt/rt_poison.h" /* last: see there */

/* One drum is not struck twice within this. */
#define SAME_DRUM_S 0.010

/* Measured at 20 dB on the own kit (docs/ear-lab.md). One bias for all drums, so that two hands on
 * one beat stay on one beat. */
#define BIAS_S 0.00001

/* Before a stick strikes a hi-hat its foot often closes it, which can be heard: 15 to 50 ms before,
 * and at most a quarter as hard. (In the Groove MIDI Dataset 3.7 % of the hi-hat's strokes have the
 * pedal's note so shortly before them.) Nobody strikes so. A hi-hat alone that is softer than SOFT
 * waits until it is known what follows. All by their strength alone. */
#define SOFT        16.0f
#define LOUDER      4.0f
#define CLOSES_S    0.050
#define SOFT_WAIT_S (CLOSES_S + 0.020)

static const int first_drum[DT__NET_FAMILIES + 1] = {DT__NET_KICK,         DT__NET_SNARE,
                                                     DT__NET_HIHAT_CLOSED, DT__NET_TOM_HIGH,
                                                     DT__NET_RIDE,         DT__NET_DRUMS};

static const dt_drum drum_of[DT__NET_DRUMS] = {
    DT_KICK,     DT_SNARE,   DT_CROSS_STICK, DT_HIHAT_CLOSED, DT_HIHAT_OPEN, DT_HIHAT_PEDAL,
    DT_TOM_HIGH, DT_TOM_MID, DT_TOM_LOW,     DT_RIDE,         DT_RIDE_BELL,  DT_CRASH};

static double stream_time_s(const dt__decide* d, double time_s) {
  return fmax(0, d->origin_s + time_s - BIAS_S);
}

static dt_frame known_at(const dt__decide* d, dt__now now) {
  dt_frame at = d->origin + now.samples;
  return at < d->last_known ? at : d->last_known;
}

void dt__tell_stage(dt__decide* d, const dt__blow* blow, dt_ear_stage stage, dt__now now) {
  dt_ear_event event = {
      .stage = stage, .id = blow->id, .flag_id = blow->id, .known_at = known_at(d, now)};
  event.stroke = dt_stroke_at(stream_time_s(d, blow->time_s), DT_DRUM_OTHER);
  event.stroke.confidence = blow->confidence;
  dt__events_add(d->events, &event);
}

void dt__copy_family(dt__net_out* to, const dt__net_out* from, int family) {
  to->family_p[family] = from->family_p[family];
  to->family_offset_ms[family] = from->family_offset_ms[family];
  for (int i = first_drum[family]; i < first_drum[family + 1]; i++) {
    to->drum_p[i] = from->drum_p[i];
    to->drum_velocity[i] = from->drum_velocity[i];
  }
}

/* A stroke, for good. */
static void add_stroke(dt__decide* d, const dt_ear_event* event) {
  dt__events_add(d->events, event);
  dt__events_hold(d->events, &event->stroke);
}

void dt__tell_soft(dt__decide* d, double end_s, dt__now now) {
  if (!d->soft.is_open || end_s < d->soft.time_s + SOFT_WAIT_S)
    return;
  d->soft.is_open = false;
  d->soft.event.known_at = known_at(d, now);
  add_stroke(d, &d->soft.event);
}

/* The hi-hat was struck: what waits was the foot that closed it, or a stroke of its own. */
static void settle_soft(dt__decide* d, double time_s, float velocity, dt__now now) {
  if (!d->soft.is_open)
    return;
  const dt_ear_event soft = d->soft.event;
  if (time_s - d->soft.time_s > CLOSES_S || velocity < LOUDER * d->soft.velocity) {
    dt__tell_soft(d, (double)INFINITY, now);
    return;
  }
  d->soft.is_open = false;
  if (soft.id != soft.flag_id)
    return; /* it raised no flag: nobody has heard of it */
  dt_ear_event none = {
      .stage = DT_EAR_WITHDRAWN, .id = soft.id, .flag_id = soft.id, .known_at = known_at(d, now)};
  none.stroke = dt_stroke_at(soft.stroke.time_s, DT_DRUM_OTHER);
  none.stroke.confidence = soft.stroke.confidence;
  dt__events_add(d->events, &none);
}

static float midi_velocity(double hard) {
  return (float)fmax(1, fmin(127, 127 * hard));
}

static void tell_drum(dt__decide* d, int family, int drum, const dt__net_out* out, float confidence,
                      double time_s, dt__blow* blow, bool is_shared, dt__now now) {
  const bool is_alone = !is_shared && (blow == NULL || !blow->id_is_taken);
  dt_ear_event event = {
      .stage = DT_EAR_STROKE, .shared_time = is_shared, .known_at = known_at(d, now)};
  event.stroke = dt_stroke_at(stream_time_s(d, time_s), drum_of[drum]);
  const dt__strength_velocities hard =
      dt__strength_velocity(d->strength, family, drum, out, time_s, now.hops);
  event.stroke.velocity = midi_velocity(hard.likeliest);
  event.stroke.confidence = fmaxf(0, fminf(1, confidence));
  if (blow != NULL)
    event.flag_id = blow->id;
  if (blow != NULL && !blow->id_is_taken && !blow->is_withdrawn) {
    blow->id_is_taken = true;
    event.id = blow->id;
  } else {
    event.id = d->next_id++;
  }
  d->last_drum_s[drum] = time_s;
  if (family != DT__NET_HIHATS) {
    add_stroke(d, &event);
    return;
  }
  const float by_strength = midi_velocity(hard.by_strength);
  settle_soft(d, time_s, by_strength, now);
  if (by_strength >= SOFT || !is_alone)
    add_stroke(d, &event);
  else
    d->soft =
        (dt__soft){.is_open = true, .time_s = time_s, .velocity = by_strength, .event = event};
}

void dt__tell_family(dt__decide* d, int family, const dt__net_out* out, double time_s,
                     dt__blow* blow, bool is_shared, dt__now now) {
  if (time_s > d->end_s)
    return;
  int likeliest = first_drum[family];
  for (int i = likeliest + 1; i < first_drum[family + 1]; i++)
    if (out->drum_p[i] > out->drum_p[likeliest])
      likeliest = i;
  int told = 0;
  bool is_chosen[DT__NET_DRUMS] = {false};
  for (int i = first_drum[family]; i < first_drum[family + 1]; i++) {
    is_chosen[i] = (i == likeliest || out->drum_p[i] >= d->thresholds.drum[i]) &&
                   fabs(time_s - d->last_drum_s[i]) >= SAME_DRUM_S;
    told += is_chosen[i];
  }
  if (told == 0)
    return;
  for (int i = first_drum[family]; i < first_drum[family + 1]; i++) {
    if (!is_chosen[i])
      continue;
    float confidence = out->family_p[family];
    if (i != likeliest)
      confidence = fminf(confidence, out->drum_p[i]);
    tell_drum(d, family, i, out, confidence, time_s, blow, is_shared || told > 1, now);
  }
  d->last_s[family] = time_s;
  d->last_p[family] = out->family_p[family];
  d->last_flag[family] = blow != NULL ? blow->id : 0;
}
