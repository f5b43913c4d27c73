#ifndef DT_HOME_INTERNAL_H
#define DT_HOME_INTERNAL_H

#include <stdbool.h>

#define DT__SETUP_FIRST_LINE "doubletime setup 1"

/* Digits that must all be there; -1 when one is not. *at ends behind them. */
int dt__digits(const char** at, int count);

/* "2026-03-01": its numbers, the day within 1..31 whatever the month. */
bool dt__read_date(const char** at, int* year, int* month, int* day);

#endif
