#ifndef DT_STAGE_OSC_H
#define DT_STAGE_OSC_H

#include "dt/error.h"

/*
 * Open Sound Control for lights and video walls: one UDP message for each stroke, beat and word.
 * Sent and forgotten: nothing waits for whoever listens.
 *
 *   /doubletime/stroke  s drum, i velocity, f asynchrony in ms (0 where not known), s side
 *   /doubletime/beat    i bar (negative in the count-in), i beat, f bpm
 *   /doubletime/word    s word, s figure, s tint
 */
typedef struct dt__osc dt__osc;

/* target: "HOST:PORT". Errors with a sentence: DT_BAD_ARGUMENT, DT_UNSUPPORTED (built without
 * liblo), DT_NO_MEMORY. */
dt_status dt__osc_new(dt__osc** osc, const char* target, dt_error* err) DT_NODISCARD;
void dt__osc_free(dt__osc* osc);

/* NULL osc: nothing is sent. Any thread. */
void dt__osc_stroke(dt__osc* osc, const char* drum, int velocity, double asynchrony_ms,
                    const char* side);
void dt__osc_beat(dt__osc* osc, int bar, int beat, double bpm);
void dt__osc_word(dt__osc* osc, const char* word, const char* figure, const char* tint);

#endif
