#ifndef DT_LOOPBACK_H
#define DT_LOOPBACK_H

#include "dt/port.h"

/*
 * How long sound takes from out to in: by a cable, or from the loudspeaker to the microphone. A
 * short rising chirp goes out at uneven distances; where it comes in is found by a matched filter
 * (the peak of its correlation with the chirp, interpolated), so noise and a bent frequency
 * response do no harm.
 */
typedef struct dt_loopback dt_loopback;

#define DT_LOOPBACK_CHIRPS 24

/* All memory is taken here: about 12 s of sound. NULL without it. */
dt_loopback* dt_loopback_new(const dt_allocator* allocator, int rate_hz) DT_NODISCARD;
void dt_loopback_free(dt_loopback* loopback);

/* The port's callback; context is the dt_loopback. Real-time safe. */
void dt_loopback_process(void* context, const dt_port_block* block) DT_NONBLOCKING;

/* All chirps have gone out, and half a second more has come in. Any thread. */
bool dt_loopback_is_done(const dt_loopback* loopback);

typedef struct dt_loopback_result {
  int heard;         /* of DT_LOOPBACK_CHIRPS */
  double latency_ms; /* median */
  double low_ms;     /* its 95 % interval, from the order of the delays (no shape assumed) */
  double high_ms;
  double jitter_ms; /* robust SD (IQR / 1.349) of single delays */
  double worst_ms;  /* largest distance of one from the median */
  double level_db;  /* loudest sample that came in, dBFS */
  bool is_clipped;
  dt_frame lost_frames; /* gaps while it was measured: measure again */
} dt_loopback_result;

/* After dt_loopback_is_done. heard below half of them: nothing is known but level_db (the others
 * are NAN). Not real-time. */
dt_loopback_result dt_loopback_analyse(const dt_loopback* loopback);

#endif
