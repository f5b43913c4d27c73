#ifndef DT_BENCH_EAR_SETS_H
#define DT_BENCH_EAR_SETS_H

#include "ear_board.h"
#include "ear_summary.h"

/*
 * Sets of recorded (or rendered) takes: scored, then told in tables by topic.
 */
typedef struct set {
  char name[256];
  board ours;
  board peer;
  bool has_peer;
  char* tracks; /* names of those scored, with commas */
} set;

typedef struct sets {
  set** items;
  size_t count;
  size_t unreadable; /* files */
} sets;

typedef struct set_options {
  bool with_peer;   /* aubioonset beside it */
  bool with_live;   /* once more, fed one block of 64 at a time */
  const char* csv;  /* folder for what was heard, or NULL */
  const char* told; /* folder of strokes that were heard already, or NULL */
  size_t block;     /* samples */
} set_options;

/* Scores the folder as a set of that many classes. False when there are no takes in it. A file that
 * cannot be read is told on standard error, counted, and left out. */
bool set_score(sets* all, const char* name, const char* path, int classes, timing own,
               const set_options* options);
void sets_clear(sets* all);

/* The goals that are known for the sets' names. */
void sets_goals(const sets* all, summary* goals);
void sets_print(const sets* all, FILE* out);

/* Topics of sets_print (ear_tables.c, ear_tables_how.c). */
void print_f(const sets* all, FILE* out);
void print_means(const sets* all, FILE* out);
void print_any(const sets* all, FILE* out);
void print_classes(const sets* all, FILE* out);
void print_twelve(const sets* all, FILE* out);
void print_velocity(const sets* all, FILE* out);
void print_recall(const sets* all, FILE* out);
void print_calibration(const sets* all, FILE* out);
void print_flags(const sets* all, FILE* out);
void print_latency(const sets* all, FILE* out);
void print_speed(const sets* all, FILE* out);
void print_tracks(const sets* all, FILE* out);

/* Expected calibration error: the mean distance of confidence and rightness, by strokes. */
double calibration_error(const calibration* bins);
/* Spearman's, of the strokes of one drum of the truth, or of all (DT_DRUM_COUNT). */
double velocity_correlation(const board* b, int drum);

#endif
