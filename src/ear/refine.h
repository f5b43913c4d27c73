#ifndef DT_EAR_REFINE_H
#define DT_EAR_REFINE_H

#include <stddef.h>

#include "dt/attr.h"

/*
 * Time refinement on the waveform: the attack convention of dt/ear.h, made exact.
 *
 * What sounded before the stroke and the stroke itself are two Gaussian autoregressive processes
 * (order 8); the attack is the sample where changing from the first model to the second makes the
 * sound most likely (generalised likelihood ratio: M. Basseville and I. Nikiforov, Detection of
 * Abrupt Changes, 1993, 8.3; R. Andre-Obrecht, IEEE Trans. ASSP 36(1), 1988). Ringing drums are
 * predicted away by the first model, noise is weighed by both. To both models white noise is added
 * at ATTACK_FRACTION of the stroke's first peak (1 ms RMS), so that in a quiet room the attack is
 * where the sound first rises above that fraction, and no breath before it counts.
 */
#define DT__ATTACK_FRACTION 0.05

/* How much sound is looked at around the expected attack. */
#define DT__REFINE_BEFORE_S 0.024
#define DT__REFINE_AFTER_S  0.014

/* x[0..count) is sound at rate_hz, a stroke is expected at sample `near`. Returns its attack in
 * samples (fractional) from x: from 3.5 ms before near to 9 ms after it. */
double dt__refine(const float* x, size_t count, size_t near, double rate_hz) DT_NONBLOCKING;

/* The same for a stroke that follows another, whose attack is at `first`, by a few milliseconds:
 * the sound before it is the other stroke's. Within 6 ms of near. */
double dt__refine_second(const float* x, size_t count, size_t first, size_t near,
                         double rate_hz) DT_NONBLOCKING;

#endif
