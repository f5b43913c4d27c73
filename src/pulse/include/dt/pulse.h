#ifndef DT_PULSE_H
#define DT_PULSE_H

#include <stddef.h>

#include "dt/alloc.h"
#include "dt/drum.h"
#include "dt/error.h"

/*
 * The player's own pulse, first form: where in the beat every stroke falls, once the tempo and its
 * slow changes are taken out. A beat here is a quarter note.
 *
 *   tempo   the tempo curve: a windowed periodogram of the stroke times and its harmonics
 *           (tempogram; Grosche & Mueller 2011), the best smooth path through it
 *   phase   a hidden Markov model over the phase of the beat, one step a beat, fed by strokes with
 *           the voice they were played on (Viterbi)
 *
 * A full tracker over bars, metres and feels can take its place: the contract is beats per stroke.
 */
typedef struct dt_pulse_strokes {
  const double* time_s; /* non-decreasing, finite */
  const dt_voice* voice;
  const double* weight; /* > 0: how loud, any scale */
  size_t count;
} dt_pulse_strokes;

/* How far the reference's phase can be trusted. */
typedef enum dt_anchor {
  DT_ANCHOR_NONE,  /* only its tempo holds */
  DT_ANCHOR_START, /* its phase holds at the first strokes; the player may leave it */
  DT_ANCHOR_ALL    /* the player keeps to it, within an eighth of a beat */
} dt_anchor;

/*
 * Beats of a reference (a click, or dt_pulse_tempo's answer) -> beats of the player.
 *
 * reference_beat: position of every stroke on the reference, quarter notes, non-decreasing.
 * anchor: with DT_ANCHOR_NONE beat 0 is put on some beat near the first stroke.
 * own_beat[i]: the stroke's unrounded position on the player's own pulse, where whole numbers are
 * his beats. The player may drift up to 3 % a beat against the reference, for ever.
 * log_likelihood: mean per stroke, of the fit to where drummers put strokes in a beat; compare it
 * between references. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (unsorted or not finite). count 0 is
 * fine. Any thread; not real-time.
 */
dt_status dt_pulse_phase(const dt_pulse_strokes* strokes, const double* reference_beat,
                         dt_anchor anchor, const dt_allocator* allocator, double* own_beat,
                         double* log_likelihood) DT_NODISCARD;

/*
 * A tempo curve between low_bpm and high_bpm (10..1000, low < high) and the strokes' positions on
 * it. mean_bpm: over the span of the strokes. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT, DT_TOO_FEW
 * (fewer than 4 strokes or less than a second of them).
 */
dt_status dt_pulse_tempo(const dt_pulse_strokes* strokes, double low_bpm, double high_bpm,
                         const dt_allocator* allocator, double* reference_beat,
                         double* mean_bpm) DT_NODISCARD;

/*
 * Tempo unknown: finds the tempo curve, decides between it and its half, double and two-to-three
 * relatives by how well kick and snare then fit beats and backbeats, and gives the strokes'
 * positions on the player's pulse. probability: of this choice among its relatives, 0..1.
 * Errors as dt_pulse_tempo.
 */
dt_status dt_pulse_free(const dt_pulse_strokes* strokes, const dt_allocator* allocator,
                        double* own_beat, double* mean_bpm, double* probability) DT_NODISCARD;

/* The whole number of beats to add so that beat 0 begins a bar of beats_per_bar (>= 1): kicks on
 * the bar's first and middle beat, snares between. 0 when there is nothing to go by. */
int dt_pulse_bar_shift(const dt_pulse_strokes* strokes, const double* own_beat, int beats_per_bar);

#endif
