#ifndef DT_BENCH_EAR_BOARD_H
#define DT_BENCH_EAR_BOARD_H

#include <stdbool.h>
#include <stdio.h>

#include "ear_hear.h"
#include "takes.h"

/*
 * What is counted over the files of a set, for one ear.
 *
 * Everything is counted twice: with the times as they are, and with each file's constant offset
 * removed (a label's zero is not a fault of the ear). The offset is the median error of the file's
 * matched strokes at 50 ms: of all classes together where classes are scored, of blows where any
 * stroke is.
 */
enum { WINDOWS = 4 };
extern const double windows_s[WINDOWS]; /* 50, 25, 20, 10 ms */
enum { AT_50, AT_25, AT_20, AT_10 };

typedef enum timing { AS_IS, OFFSET_REMOVED, TIMINGS } timing;

/* A stroke has its flag when one is known so long after it at most; a flag that was known up to 8
 * ms before it is that of the same blow, as no other can be raised then. */
enum { FLAG_WINDOWS = 3 };
extern const double flag_windows_s[FLAG_WINDOWS]; /* 5, 10, 20 ms */

/* In one take a drum's velocities are compared from so many strokes on. */
#define TAKE_STROKES 10

enum { VELOCITY_BINS = 5, GAP_BINS = 5, CONFIDENCE_BINS = 10 };
extern const char* const velocity_bin_names[VELOCITY_BINS];
extern const char* const gap_bin_names[GAP_BINS];

typedef struct calibration {
  size_t strokes;
  size_t right;
  double confidence_sum;
} calibration;

typedef struct board {
  int classes;   /* scored, from the first: 5, or 3 (strokes of the others are then ignored) */
  timing timing; /* which of the two is the set's own */
  tally any[WINDOWS][TIMINGS];
  values any_error_ms[TIMINGS]; /* of blows matched at 25 ms */
  tally by_class[CLASS_COUNT][WINDOWS][TIMINGS];
  tally by_twelve[TWELVE][WINDOWS]; /* in the set's own timing */
  bool has_plain_hihat;             /* the truth does not say which kind */
  values mean_f[EMPTY_RULES][WINDOWS][TIMINGS];
  values class_error_ms[CLASS_COUNT][TIMINGS]; /* matched at 25 ms */
  values offset_ms;                            /* of the files */
  /* Recall, in the set's own timing, at 50 and at 20 ms. */
  tally by_velocity[VELOCITY_BINS][CLASS_COUNT][2];
  tally by_gap[GAP_BINS][CLASS_COUNT][2];
  /* Velocities of strokes matched at 50 ms, by the drum that the truth says. */
  values true_velocity[DT_DRUM_COUNT];
  values heard_velocity[DT_DRUM_COUNT];
  /* Rank correlation of the velocities of each take with enough strokes of a drum. */
  values take_velocity_rho[DT_DRUM_COUNT];
  /* Strokes with a flag known so soon: matched of references. */
  tally flagged[CLASS_COUNT][FLAG_WINDOWS];
  size_t all_flags;
  calibration calibration[CLASS_COUNT][CONFIDENCE_BINS]; /* right: matched at 50 ms */
  values latency_ms[STAGE_COUNT];
  size_t events, flags, flagless, too_early, handed_late;
  size_t files, other_blocks_differ;
  size_t shared, strokes;
  double length_s, cpu_s, block_cpu_s; /* block_cpu_s: fed one block of 64 at a time */
  size_t ear_bytes;
} board;

void board_init(board* b, int classes, timing own);
void board_clear(board* b);

/* Blows: strokes of all drums within 20 ms of the first of their group count as one. */
#define POOL_S 0.020
void board_score_any(board* b, const hits* truth, const hits* found);
void board_score_flags(board* b, const hits* truth, const values* flag_known_s);
void board_score_classes(board* b, const hits* truth, const hits* found);

/* Pooled over the classes. */
tally board_sum(const board* b, int window, timing t);
double board_mean(const board* b, empty_rule rule, int window, timing t);

#endif
