#ifndef DT_BENCH_TOUCH_ROLLS_H
#define DT_BENCH_TOUCH_ROLLS_H

#include "../test/support/mark_player.h"

/* The rolls that bench_judge_touch listens to. */
typedef struct roll_case {
  const char* name;
  int rolls;
  dt_roll_player how;
} roll_case;

static const roll_case ROLLS[] = {
    {"8 rolls of 16, RLRL",
     8,
     {.strokes = 16,
      .interval_ms = 80.0,
      .motor_ms = 5.0,
      .later_ms = 4.0,
      .louder_db = -1.5,
      .level_sd_db = 1.0,
      .sticking = "RL"}},
    {"1 roll of 32, no sticking",
     1,
     {.strokes = 32,
      .interval_ms = 100.0,
      .motor_ms = 7.0,
      .later_ms = -5.0,
      .louder_db = 1.0,
      .level_sd_db = 1.0}},
    {"1 roll of 12",
     1,
     {.strokes = 12,
      .interval_ms = 100.0,
      .motor_ms = 7.0,
      .later_ms = 6.0,
      .louder_db = -2.0,
      .level_sd_db = 1.5}},
    {"1 of 400, RRLL",
     1,
     {.strokes = 400,
      .interval_ms = 90.0,
      .motor_ms = 6.0,
      .later_ms = 3.0,
      .louder_db = -1.0,
      .double_ms = -5.0,
      .level_sd_db = 1.0,
      .sticking = "RRLL"}},
    {"6 of 32, paradiddles",
     6,
     {.strokes = 32,
      .interval_ms = 110.0,
      .motor_ms = 7.0,
      .later_ms = 5.0,
      .louder_db = -2.0,
      .double_ms = 4.0,
      .level_sd_db = 1.2,
      .sticking = "RLRRLRLL"}},
};

typedef struct break_case {
  const char* name;
  dt_roll_player how;
} break_case;

static const break_case BREAKS[] = {
    {"holds, 32 strokes", {.strokes = 32, .interval_ms = 80.0, .motor_ms = 5.0}},
    {"holds, 64 strokes", {.strokes = 64, .interval_ms = 80.0, .motor_ms = 5.0}},
    {"holds, 200 strokes", {.strokes = 200, .interval_ms = 80.0, .motor_ms = 5.0}},
    {"holds, 600 strokes, loose", {.strokes = 600, .interval_ms = 100.0, .motor_ms = 12.0}},
    {"CV doubles, 32 of 64",
     {.strokes = 64, .interval_ms = 80.0, .motor_ms = 5.0, .break_at = 32, .break_uneven = 2.0}},
    {"CV doubles, 60 of 120",
     {.strokes = 120, .interval_ms = 80.0, .motor_ms = 5.0, .break_at = 60, .break_uneven = 2.0}},
    {"CV doubles, 90 of 120",
     {.strokes = 120, .interval_ms = 80.0, .motor_ms = 5.0, .break_at = 90, .break_uneven = 2.0}},
    {"CV triples, 48 of 64",
     {.strokes = 64, .interval_ms = 80.0, .motor_ms = 4.0, .break_at = 48, .break_uneven = 3.0}},
    {"10 % slower, 32 of 64",
     {.strokes = 64, .interval_ms = 80.0, .motor_ms = 5.0, .break_at = 32, .break_slow = 1.1}},
    {"10 % slower, 90 of 120",
     {.strokes = 120, .interval_ms = 80.0, .motor_ms = 5.0, .break_at = 90, .break_slow = 1.1}},
};

#endif
