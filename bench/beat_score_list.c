/*
 * Scores of beats on standard input: pairs of lines (truth, found), numbers separated by spaces ->
 * F, Cemgil, CMLc, CMLt, AMLc, AMLt. For bench/beat_score_check.py.
 */
#include <stdio.h>
#include <stdlib.h>

#include "beat_score.h"

enum { LINE_MAX_BYTES = 1 << 20, TIMES_MAX = 16384 };

static size_t read_line(double* out) {
  static char line[LINE_MAX_BYTES];
  if (!fgets(line, sizeof(line), stdin)) {
    return (size_t)-1;
  }
  size_t n = 0;
  char* at = line;
  for (char* end = NULL; n < TIMES_MAX; at = end) {
    const double x = strtod(at, &end);
    if (end == at) {
      break;
    }
    out[n++] = x;
  }
  return n;
}

int main(void) {
  static double truth[TIMES_MAX];
  static double found[TIMES_MAX];
  for (;;) {
    const size_t n = read_line(truth);
    const size_t m = n == (size_t)-1 ? n : read_line(found);
    if (m == (size_t)-1) {
      return 0;
    }
    const beat_score s = score_beats(truth, n, found, m, 5.0);
    printf("%.17g %.17g %.17g %.17g %.17g %.17g\n", s.f, s.cemgil, s.cmlc, s.cmlt, s.amlc, s.amlt);
  }
}
