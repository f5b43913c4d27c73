#include "beat_score.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { BEATS_MAX = 16384 };

static size_t after(const double* x, size_t count, double from_s) {
  size_t k = 0;
  while (k < count && x[k] < from_s) {
    ++k;
  }
  return k;
}

static double f_of(const double* truth, size_t n, const double* found, size_t m) {
  size_t i = 0;
  size_t j = 0;
  size_t hits = 0;
  while (i < n && j < m) {
    if (fabs(truth[i] - found[j]) <= 0.07) {
      ++hits, ++i, ++j;
    } else if (truth[i] < found[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return n + m > 0 ? 2.0 * (double)hits / (double)(n + m) : 0.0;
}

static size_t nearest_to(const double* x, size_t count, double at) {
  size_t best = 0;
  for (size_t k = 1; k < count; ++k) {
    best = fabs(x[k] - at) < fabs(x[best] - at) ? k : best;
  }
  return best;
}

static double cemgil(const double* truth, size_t n, const double* found, size_t m) {
  double sum = 0.0;
  for (size_t k = 0; k < n && m > 0; ++k) {
    const double away = truth[k] - found[nearest_to(found, m, truth[k])];
    sum += exp(-away * away / (2.0 * 0.04 * 0.04));
  }
  return n + m > 0 ? sum / (0.5 * (double)(n + m)) : 0.0;
}

static bool is_right(const double* truth, size_t n, const double* found, size_t m, size_t k,
                     size_t near_) {
  const bool first = k == 0 || near_ == 0;
  const size_t a = first ? (near_ + 1 < n ? near_ : near_ - 1) : near_ - 1;
  const size_t b = first ? (k + 1 < m ? k : k - 1) : k - 1;
  const double truth_interval = truth[a + 1] - truth[a];
  const double interval = found[b + 1] - found[b];
  return fabs(found[k] - truth[near_]) / truth_interval < 0.175 &&
         fabs(1.0 - interval / truth_interval) < 0.175;
}

static void continuity(const double* truth, size_t n, const double* found, size_t m, double* c,
                       double* t) {
  static bool used[BEATS_MAX];
  *c = *t = 0.0;
  if (n < 2 || m < 2) {
    return;
  }
  memset(used, 0, n);
  size_t run = 0;
  size_t longest = 0;
  size_t sum = 0;
  for (size_t k = 0; k < m; ++k) {
    const size_t at = nearest_to(truth, n, found[k]);
    if (!used[at] && is_right(truth, n, found, m, k, at)) {
      used[at] = true;
      ++sum;
      longest = ++run > longest ? run : longest;
    } else {
      run = 0;
    }
  }
  const double whole = (double)(n > m ? n : m);
  *c = (double)longest / whole;
  *t = (double)sum / whole;
}

double score_beats_f(const double* truth_s, size_t truth_count, const double* found_s,
                     size_t found_count, double from_s) {
  const size_t i = after(truth_s, truth_count, from_s);
  const size_t j = after(found_s, found_count, from_s);
  return f_of(truth_s + i, truth_count - i, found_s + j, found_count - j);
}

beat_score score_beats(const double* truth_s, size_t truth_count, const double* found_s,
                       size_t found_count, double from_s) {
  const size_t i = after(truth_s, truth_count, from_s);
  const size_t j = after(found_s, found_count, from_s);
  const double* truth = truth_s + i;
  const double* found = found_s + j;
  const size_t n = truth_count - i;
  const size_t m = found_count - j;
  static double other[4][2 * BEATS_MAX];
  size_t other_count[4] = {0};
  beat_score s = {.f = f_of(truth, n, found, m), .cemgil = cemgil(truth, n, found, m)};
  continuity(truth, n, found, m, &s.cmlc, &s.cmlt);
  s.amlc = s.cmlc;
  s.amlt = s.cmlt;
  for (size_t k = 0; k < n; ++k) {
    other[1][other_count[1]++] = truth[k];
    if (k + 1 < n) {
      other[0][other_count[0]++] = other[1][other_count[1]++] = 0.5 * (truth[k] + truth[k + 1]);
    }
    const int parity = k % 2 == 0 ? 2 : 3;
    other[parity][other_count[parity]++] = truth[k];
  }
  for (int v = 0; v < 4; ++v) {
    double c = 0.0;
    double t = 0.0;
    continuity(other[v], other_count[v], found, m, &c, &t);
    s.amlc = fmax(s.amlc, c);
    s.amlt = fmax(s.amlt, t);
  }
  return s;
}
