#ifndef DT_BENCH_EAR_SUMMARY_H
#define DT_BENCH_EAR_SUMMARY_H

#include <stdio.h>

/*
 * The first screen: what was measured beside what was wanted. Rows are gathered while the details
 * are written, and printed before them.
 */
typedef struct summary {
  FILE* rows; /* a stream in memory */
  char* text;
  size_t size;
  size_t count;
  size_t missed;
} summary;

typedef enum goal_side { GOAL_ABOVE, GOAL_AT_LEAST, GOAL_BELOW, GOAL_AT_MOST } goal_side;

/* decimals of both numbers; unit may be "". beyond: what is hoped for, "" for nothing. A value that
 * is NAN was not measured and is left out. */
void summary_add(summary* s, const char* what, double value, goal_side side, double goal,
                 int decimals, const char* unit, const char* beyond);

/* Prints the table, if there are rows, and empties it. */
void summary_end(summary* s, FILE* out);

/* A cell: the number, or "-" where there is none. */
void cell(FILE* out, const char* format, double value);

#endif
