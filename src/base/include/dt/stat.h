#ifndef DT_STAT_H
#define DT_STAT_H

#include <stddef.h>

/* POSIX C17 has no M_PI. */
#define DT_PI 3.14159265358979323846

/*
 * Statistics kernels. Pure functions, any thread; those with `scratch` reorder a copy and need
 * room for count doubles from the caller (scratch may be the same as x when x may be reordered).
 * Empty input gives NAN, and so does input with a NAN in it.
 */

/* Arithmetic mean, and SD with count-1 in the denominator (NAN below 2). */
double dt_mean(const double* x, size_t count);
double dt_sd(const double* x, size_t count);

/* Quantile p in 0..1, linear between order statistics (Hyndman & Fan 1996, type 7). */
double dt_quantile(const double* x, size_t count, double p, double* scratch);
double dt_median(const double* x, size_t count, double* scratch);

/* IQR / 1.349: equals the SD for a normal, unmoved by a quarter of wild values. */
double dt_robust_sd(const double* x, size_t count, double* scratch);

/*
 * Distribution functions and their inverses. p in (0,1); df > 0 (fractions allowed; for chi2 at
 * most 1e8, for Student up to infinity, which is the normal). Relative error of the inverses below
 * 1e-9, and of the functions where they are small (checked against tables in test_stat). A
 * quantile that no double can hold is 0 or infinity. Arguments out of range give NAN.
 *
 * Incomplete gamma and beta after Press et al., Numerical Recipes 3rd ed., 6.2 and 6.4 (series and
 * continued fraction), Student above 1000 degrees by Hill 1970 (CACM Algorithm 395); inverted by
 * bracketed Newton.
 */
double dt_normal_cdf(double z);
double dt_normal_quantile(double p);
double dt_student_cdf(double t, double df);
double dt_student_quantile(double p, double df);
double dt_chi2_cdf(double x, double df);
double dt_chi2_quantile(double p, double df);

#endif
