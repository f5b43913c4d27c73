#ifndef DT_COACH_PLAN_H
#define DT_COACH_PLAN_H

#include <stddef.h>

#include "dt/error.h"
#include "dt/judge.h"
#include "dt/sink.h"

/*
 * A plan: what is practised today, as a list of exercises. An exercise is a chart, a goal and a
 * mode. As text (docs/coach.md is its manual):
 *
 *   name: Tuesday
 *   ceiling: 45 min
 *   tone: plain
 *
 *   [paradiddle]
 *   mode: ladder
 *   from: 90 bpm
 *   to: 220 bpm
 *   minutes: 10
 *
 *   [funk]
 *   mode: gap
 *   tempo: 96 bpm
 *
 * Plain data of a fixed size: nothing to release, copied by assignment.
 */
#define DT_PLAN_EXERCISES_MAX    32
#define DT_PLAN_NAME_MAX         96
#define DT_PLAN_CHART_MAX        200 /* bytes of a chart's name or file name, with its NUL */
#define DT_PLAN_BARS_MAX         512
#define DT_PLAN_SUBDIVISIONS_MAX 6

typedef enum dt_practice_mode {
  DT_MODE_LADDER,    /* tempo both ways, to find the clean tempo and raise it */
  DT_MODE_GAP,       /* silent bars that lengthen with success */
  DT_MODE_QUIET,     /* the click fades as it is deserved, and returns */
  DT_MODE_SURPRISE,  /* tempo jumps, dropped clicks, double-time, the click turned round */
  DT_MODE_ENDURANCE, /* hold it until the quality goes */
  DT_MODE_TRADE,     /* four bars each */
  DT_MODE_OWN,       /* no click after the count-in */
  DT_MODE_RETENTION, /* cold test of the last clean tempo: the score that counts */
  DT_MODE_COUNT
} dt_practice_mode;

/* "ladder" ...; "" for a value out of range. Static storage. */
const char* dt_mode_name(dt_practice_mode mode);

/* What of the part is played. */
typedef enum dt_limbs {
  DT_LIMBS_ALL,
  DT_LIMBS_HANDS, /* without the feet */
  DT_LIMBS_RIGHT, /* what the sticking gives to one hand */
  DT_LIMBS_LEFT,
  DT_LIMBS_FEET,
  DT_LIMBS_COUNT
} dt_limbs;

const char* dt_limbs_name(dt_limbs limbs); /* "all" "hands" "right" "left" "feet" */

/* How the coach speaks: firm about the music in all three, never about the person. */
typedef enum dt_tone { DT_TONE_PLAIN, DT_TONE_KIND, DT_TONE_STERN, DT_TONE_COUNT } dt_tone;

const char* dt_tone_name(dt_tone tone); /* "plain" "kind" "stern" */

typedef struct dt_exercise {
  char
      chart[DT_PLAN_CHART_MAX]; /* library name or file; UTF-8 without control characters, [ or ] */
  dt_practice_mode mode;
  double from_bpm; /* ladder: where to begin when nothing is known; 20..400; 0: not said */
  double to_bpm;   /* ladder: the goal; 0: none, the ladder has no top */
  double bpm; /* the other modes: the tempo; 0: the clean tempo of the history, else as written */
  double minutes; /* of playing and resting together, 0.5..120; default 10 */
  int bars;       /* of one take, 1..DT_PLAN_BARS_MAX; 0: as many as last about the work time */
  dt_limbs limbs;
  dt_level level;
  int subdivisions; /* clicks in each beat, 1..DT_PLAN_SUBDIVISIONS_MAX; 0: 1. They swing with the
                       chart; in compound metres 3 and 6 divide the beat, all others are 1 */
} dt_exercise;

/* What protects the player. Sources in docs/coach.md. */
typedef struct dt_limits {
  double ceiling_min; /* playing in a day, rests not counted; 1..480; default 60 */
  double work_s;      /* playing before a rest, 10..300; default 30 */
  double rest_s;      /* 0..600; default 30 */
  double long_rest_s; /* after the third block of twelve, 0..1800; default 300 */
} dt_limits;

typedef struct dt_plan {
  char name[DT_PLAN_NAME_MAX]; /* may be empty */
  dt_tone tone;
  dt_limits limits;
  dt_exercise exercises[DT_PLAN_EXERCISES_MAX];
  int count;
} dt_plan;

/* An empty plan with the default limits and tone, and an exercise with the defaults (mode ladder,
 * ten minutes, level player, all limbs) and no chart. */
dt_plan dt_plan_default(void);
dt_exercise dt_exercise_default(void);

/* Parses `size` bytes of text. On failure *plan is dt_plan_default(). Errors, with "Line N: ..." in
 * err: DT_BAD_DATA (what is wrong and what is possible), DT_TOO_LARGE (more than
 * DT_PLAN_EXERCISES_MAX). On success dt_plan_check holds. Any thread; no allocation. */
dt_status dt_plan_parse(dt_plan* plan, const char* text, size_t size, dt_error* err) DT_NODISCARD;

/* Same plan, same bytes; parsed again it is the same plan. Numbers are kept to 0.001. Errors: the
 * sink's; DT_BAD_ARGUMENT where dt_plan_check does not hold. */
dt_status dt_plan_write(const dt_plan* plan, dt_sink sink) DT_NODISCARD;

/* NULL when every value is in its range and there is at least one exercise; else one sentence.
 * Static storage. */
const char* dt_plan_check(const dt_plan* plan);

#endif
