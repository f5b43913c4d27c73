#ifndef DT_STAGE_MEASURE_INTERNAL_H
#define DT_STAGE_MEASURE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "dt/home_setup.h"
#include "measure.h"
#include "messages.h"

/*
 *   measure.c       the thread, the level and the latency
 *   measure_pads.c  an e-kit, pad by pad
 */
typedef enum dt__what { DT__WHAT_LEVEL, DT__WHAT_LATENCY, DT__WHAT_PADS } dt__what;

typedef enum dt__measure_key {
  DT__MEASURE_NONE,
  DT__MEASURE_SKIP,  /* this pad */
  DT__MEASURE_END,   /* no more of them; what was found is kept */
  DT__MEASURE_CANCEL /* nothing is kept */
} dt__measure_key;

struct dt__measure {
  const dt_stage_config* config;
  dt__feed* feed;
  pthread_t thread;
  bool has_thread;
  dt__what what;
  atomic_bool is_over;
  atomic_bool has_told;   /* of its end: it has but to tidy up */
  atomic_bool wants_stop; /* the server ends */
  atomic_int key;         /* dt__measure_key that was pressed */
  atomic_uint peak; /* the loudest sample since it was last looked at, as the bits of a float */
  double half_db[2];
};

/* Tells the pages; message->what, state and say are filled in. */
void dt__measure_say(dt__measure* measure, dt__msg_calibrate* message, const char* state,
                     const char* text);
void dt__measure_fail(dt__measure* measure, const char* text);

bool dt__measure_is_gone(dt_port* port);

/* In the measuring thread: asks, listens, keeps the kit's map. Errors with a sentence. */
dt_status dt__measure_pads(dt__measure* measure, dt_setup* setup, const char* setup_path,
                           dt_error* err) DT_NODISCARD;

#endif
