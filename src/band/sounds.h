#ifndef DT_BAND_SOUNDS_H
#define DT_BAND_SOUNDS_H

#include "dt/arena.h"
#include "dt/band.h"
#include "voices.h"

/*
 * The click's sounds and the spoken numbers, rendered once.
 *
 * Each is a sum of partials below DT__HIGHEST of the rate, in cosine phase or any other, so that
 * its first sample is not zero; it rises in 0.3 ms along a squared sine, and ends in another. So it
 * is limited in band, and nothing sounds before its first sample.
 */
#define DT__HIGHEST 0.45
#define DT__WORDS   8

typedef enum dt__pitch { DT__ACCENT, DT__BEAT, DT__SUB, DT__PITCH_COUNT } dt__pitch;

typedef struct dt__sounds {
  dt__table clicks[DT_BAND_SOUND_COUNT][DT__PITCH_COUNT];
  dt__table words[DT__WORDS]; /* one, two ... eight */
} dt__sounds;

/* Takes the memory of every table. */
void dt__sounds_layout(dt__sounds* sounds, dt_arena* arena, int rate_hz);

/* Renders every table. Not real-time. */
void dt__sounds_render(dt__sounds* sounds, int rate_hz);

/* words.c: adds vowels and consonants to a cleared table. */
void dt__word_render(dt__table* table, int number, int rate_hz);

#endif
