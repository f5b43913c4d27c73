#ifndef DT_TEST_NEAR_H
#define DT_TEST_NEAR_H

#include <math.h>

/* cmocka's assert_float_equal compares floats: a microsecond in a minute is below its sight.
 * Include after cmocka.h. */
#define assert_near(value, expected, tolerance)                                                    \
  dt__assert_near((value), (expected), (tolerance), #value, __FILE__, __LINE__)

static inline void dt__assert_near(double value, double expected, double tolerance,
                                   const char* text, const char* file, int line) {
  if (fabs(value - expected) <= tolerance)
    return;
  print_error("%s is %.17g, not %.17g +- %g\n", text, value, expected, tolerance);
  _fail(file, line);
}

#endif
