#ifndef DT_BENCH_COACH_LEARNER_H
#define DT_BENCH_COACH_LEARNER_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/coach.h"
#include "dt/rng.h"

/*
 * Learners for the coach's bench. A learner is a clean tempo (where 85 % of his takes are clean), a
 * width, lapses, and what happens to them with practice and with tiredness. He is not drawn from
 * the coach's own model: his curve is a normal one, his margins too, and some give no warning at
 * all.
 */
typedef enum kind { SLOW, FAST, PLATEAUED, TIRING, INCONSISTENT, KIND_COUNT } kind;

extern const char* const KIND_NAMES[KIND_COUNT];

typedef struct learner {
  kind kind;
  dt_rng rng;
  double x85;      /* logarithm of the clean tempo, fresh */
  double width;    /* SD of the normal curve, in log tempo */
  double lapse;    /* takes that fail at any tempo */
  double learning; /* x85 a take */
  double wander;   /* SD of x85's change a take */
  double noise;    /* SD of the margin (logarithm of the ratio to the limit) */
  bool warns;      /* the margin follows the tempo; else takes fail by missed notes */
  double tiring;   /* tiredness a second of playing at the clean tempo; 1 is the limit */
  double tired;    /* now */
  double from_bpm; /* the tempo that he calls comfortable */
} learner;

learner learner_new(kind k, uint64_t seed);
double learner_clean_bpm(const learner* l); /* now, tiredness included */

/* One take of so many seconds: what the coach gets to see. Result: was it clean. */
bool learner_play(learner* l, double bpm, double seconds, dt_shown* shown);
void learner_rest(learner* l, double seconds);
void learner_sleep(learner* l);

/* Least SD (of log tempo) of any unbiased estimate from n takes at the clean tempo, all else known:
 * from clean or not alone, and from the margins as well. */
double learner_bound(const learner* l, int n);
double learner_bound_margins(const learner* l, int n);

#endif
