#ifndef DT_MIDICLOCK_H
#define DT_MIDICLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/attr.h"
#include "dt/status.h"
#include "dt/tempo.h"

/*
 * Following a MIDI clock: (frame, byte) in, tempo and place out.
 *
 * The clocks' times are taken as a steady pulse whose period wanders a little, seen through jitter.
 * A Kalman filter with two states, the time of the latest clock and the period, follows it (R. E.
 * Kalman, "A new approach to linear filtering and prediction problems", 1960); once settled it is a
 * phase-locked loop of second order. A clock that comes two or more periods late counts the lost
 * ones; three in a row that do not fit begin afresh, so a jump of tempo is followed after about
 * three clocks. Over a second without a clock is the end of the lock.
 *
 * The MIDI bytes: F8 clock (24 a quarter), FA start, FB continue, FC stop, F2 song position (in
 * sixteenths, two data bytes). Real-time bytes may stand inside other messages; everything else is
 * passed over. The first clock after start or continue stands at the place itself: tick 0, or the
 * song position's. Clocks while stopped keep the tempo but do not move the place.
 *
 * A plain value: no memory, one thread at a time, every function real-time safe.
 */
typedef struct dt_midiclock {
  int rate_hz;
  double jitter_frames; /* SD that is expected of one clock */
  double period_frames; /* estimate; 0 before two clocks */
  double time_frames;   /* estimated time of the latest clock, relative to origin */
  double p_tt;          /* covariance of time and period, frames^2 */
  double p_tp;
  double p_pp;
  dt_frame origin;    /* frame from which time_frames counts */
  double last_frames; /* the latest clock as it came */
  double misfit_frames[3];
  int missing; /* of the clocks counted as lost lately */
  int misfits; /* clocks in a row that did not fit */
  int seen;    /* clocks since the lock began */
  bool running;
  bool armed;      /* started: the next clock is the place itself */
  int64_t clocks;  /* the latest clock's number in the music, 24 a quarter */
  int data_wanted; /* of a song position */
  int data;
  uint64_t lost;
  uint64_t restarts;
} dt_midiclock;

typedef struct dt_midiclock_place {
  bool locked;   /* eight clocks or more, and the latest less than a second ago */
  bool running;  /* started, not stopped */
  double bpm;    /* quarters a minute; 0 while unknown */
  double bpm_sd; /* what the filter claims of it */
  double tick;   /* place in the music, DT_TICKS_PER_QUARTER a quarter; grows only while running */
  double tick_sd;
  uint64_t lost;     /* clocks that were missing so far */
  uint64_t restarts; /* how often the filter began afresh because of a jump */
} dt_midiclock_place;

/* jitter_ms: SD expected of one clock, 0.01..20; 1 is usual for USB. Errors: DT_BAD_ARGUMENT (rate
 * not in 8000..192000, jitter out of range or not a number); *clock is then stopped and unlocked.
 */
dt_status dt_midiclock_init(dt_midiclock* clock, int rate_hz, double jitter_ms) DT_NODISCARD;

/* One byte that came at `frame`. Frames that go back by more than a tenth of a second are taken as
 * a new beginning. */
void dt_midiclock_push(dt_midiclock* clock, dt_frame frame, uint8_t byte) DT_NONBLOCKING;

/* What is known of frame `at`; at or a little after the latest clock is what it is for. */
dt_midiclock_place dt_midiclock_at(const dt_midiclock* clock, dt_frame at) DT_NONBLOCKING;

#endif
