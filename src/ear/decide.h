#ifndef DT_EAR_DECIDE_H
#define DT_EAR_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "net.h"
#include "sound.h"
#include "strength.h"

/*
 * From flags, attacks and the network's answers to strokes.
 *
 * A blow is a flag and what became of it. Its attack is found on the waveform ten hops after the
 * flag; the network's frames say which families were struck and when, and each family's answer
 * goes to the blow nearest to that. A blow is read at the frame that ends 18 to 28 ms after its
 * attack: what the families have said by then becomes strokes, or the flag is withdrawn. A family
 * that speaks of a moment without a blow becomes a stroke without a flag.
 *
 * Drums of one blow share its time, but for a family that the network puts clearly later: it gets
 * its own from the waveform.
 *
 * Times are seconds from the start of the sound.
 */
#define DT__BLOWS_MAX 16

/* The attack is looked for when so much sound after the flag is known. */
#define DT__TIME_AFTER_S 0.0089

/* The middle of what a frame speaks of lies so long before its end (net.h). */
#define DT__NET_DELAY_S 0.023

typedef struct dt__blow {
  uint32_t id;
  double flag_s;                   /* end of the flagged hop */
  double time_s;                   /* of the attack: a guess until it is_timed */
  float confidence;                /* of the flag */
  bool is_timed;                   /* attack found on the waveform */
  bool is_read;                    /* strokes told, or withdrawn */
  bool is_withdrawn;               /* it was no stroke */
  bool id_is_taken;                /* by a stroke */
  bool is_heard[DT__NET_FAMILIES]; /* told as strokes */
  dt__net_out best;                /* of each family, the likeliest answer so far */
  double said_s[DT__NET_FAMILIES]; /* when, by that answer */
} dt__blow;

typedef struct dt__loose {
  bool is_open; /* a family speaks of a moment without a blow, which the next frame sees better */
  double time_s;
  dt__net_out out;
} dt__loose;

/* A soft stroke of the hi-hat, not told yet: is it the hat being closed before a stroke (tell.c)?
 */
typedef struct dt__soft {
  bool is_open;
  double time_s;
  float velocity; /* by its strength alone */
  dt_ear_event event;
} dt__soft;

typedef struct dt__decide {
  dt__sound* sound;
  dt__strength* strength;
  dt__events* events;
  dt__net_thresholds thresholds;
  double ahead_s; /* that frames come after their end, by the resampler */
  double read_s;  /* a blow is read at the first frame that ends so long after it */
  uint32_t next_id;
  double origin_s; /* of the start, in the stream */
  dt_frame origin;
  double end_s; /* later strokes are the click of the cut at the end; INFINITY while it goes on */
  dt_frame last_known;   /* position of the last sample, when it is known: known_at is no later */
  bool begins_with_hiss; /* what the sound begins with goes on: no stroke */
  dt__blow blows[DT__BLOWS_MAX]; /* oldest first */
  int blow_count;
  dt__loose loose[DT__NET_FAMILIES];
  dt__soft soft;
  double last_s[DT__NET_FAMILIES];      /* attack of each family's last stroke ... */
  uint32_t last_flag[DT__NET_FAMILIES]; /* ... its flag's id ... */
  float last_p[DT__NET_FAMILIES];       /* ... and how likely it was */
  double last_drum_s[DT__NET_DRUMS];
} dt__decide;

/* The moment of a step: how much sound is known. */
typedef struct dt__now {
  int64_t hops;
  int64_t samples;
  double time_s;
} dt__now;

/* Forget all blows; ids go on. */
void dt__decide_start(dt__decide* decide, dt_frame origin, int rate_hz) DT_NONBLOCKING;

/* A hop that ended now was flagged. */
void dt__decide_flag(dt__decide* decide, float confidence, dt__now now) DT_NONBLOCKING;

/* Finds the attacks that are due. */
void dt__decide_times(dt__decide* decide, dt__now now) DT_NONBLOCKING;

/* The network's answer to the frame that ends at end_s. */
void dt__decide_frame(dt__decide* decide, double end_s, const dt__net_out* out,
                      dt__now now) DT_NONBLOCKING;

/* No more will come: open flags are withdrawn. */
void dt__decide_close(dt__decide* decide, dt__now now) DT_NONBLOCKING;

#endif
