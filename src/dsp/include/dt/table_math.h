#ifndef DT_TABLE_MATH_H
#define DT_TABLE_MATH_H

/*
 * Functions to fill tables with: made of additions, multiplications and divisions alone, so that
 * the tables have the same bits on every machine, whatever its mathematical library. Errors of a
 * few 1e-16; not for the hot path.
 */

/* cos and sin of 2 pi turns, |turns| below 1e6. */
double dt_table_cos(double turns);
double dt_table_sin(double turns);

/* Natural logarithm of a positive, normal x. */
double dt_table_ln(double x);

/* Modified Bessel function of the first kind, order 0, |x| below 30. */
double dt_table_bessel_i0(double x);

#endif
