#ifndef DT_BENCH_BEAT_SCORE_H
#define DT_BENCH_BEAT_SCORE_H

#include <stddef.h>

/*
 * How well beats match a truth: the definitions of mir_eval.beat 0.8 (F at 70 ms, Cemgil, CMLt,
 * AMLt; beats before 5 s are left out), checked against it by bench/beat_score_check.py.
 */
typedef struct beat_score {
  double f;
  double cemgil;
  double cmlc, cmlt, amlc, amlt;
} beat_score;

beat_score score_beats(const double* truth_s, size_t truth_count, const double* found_s,
                       size_t found_count, double from_s);

/* F only. */
double score_beats_f(const double* truth_s, size_t truth_count, const double* found_s,
                     size_t found_count, double from_s);

#endif
