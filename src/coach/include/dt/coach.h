#ifndef DT_COACH_H
#define DT_COACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/coach_clean.h"
#include "dt/coach_ladder.h"
#include "dt/coach_plan.h"
#include "dt/coach_progress.h"
#include "dt/coach_say.h"
#include "dt/coach_stop.h"

/*
 * The coach: plan, history and what each take showed go in; what to do next comes out. It knows no
 * clock, no file and no thread: whoever plays tells it what was played and how long was rested. The
 * same calls give the same answers (surprises come from the seed). docs/coach.md is for people.
 *
 *   dt_coach_start(&coach, &plan, facts, past, past_count, &options);
 *   while (dt_coach_next(&coach, &now), now.act != DT_ACT_DONE) {
 *     show(now.say);
 *     if (now.act == DT_ACT_REST) {
 *       wait(now.rest_s);                           // or longer; the player may also end it
 *       dt_coach_rested(&coach, rested_s);
 *       continue;
 *     }
 *     dt_coach_part(&part, NULL, &chart, &coach);   // what is asked, bar for bar
 *     for (bar = 0; bar < now.bars; ++bar) {
 *       dt_coach_cue(&coach, bar, &cue);            // how bar sounds: one bar ahead is enough
 *       ... play, listen; when bar k is over: align and judge the take so far, dt_bars_heard ...
 *       stop = dt_coach_bar(&coach, &heard[k]);
 *       if (stop.stop) break;                       // and show stop's sentence: dt_coach_stop_text
 *     }
 *     shown = dt_shown_of(&verdict, &study, heard, count, now.bpm, now.bars);
 *     dt_coach_took(&coach, &shown);                // shown.stopped set where it was
 *   }
 *   for (i = 0; i < plan.count; ++i)
 *     dt_coach_past(&coach, i, &past_line);         // to be kept
 *
 * All functions: any one thread, none allocates but dt_coach_part, none fails but where it says so.
 * A dt_coach is plain data of about 260 kB, caller-owned: nothing to release, copied by assignment
 * (a copy is a way to ask "what if").
 */

/* What the coach must know of an exercise's chart. */
typedef struct dt_chart_facts {
  int bars;                /* as written */
  double bpm;              /* as written, at the start */
  double quarters_per_bar; /* of the first metre */
  double beat_quarters;    /* quarters of the beat that is felt */
  int beats_per_bar;       /* of the click */
  bool sticking;           /* both hands have notes: hands can be practised alone */
} dt_chart_facts;

dt_chart_facts dt_chart_facts_of(const dt_chart* chart);

typedef struct dt_coach_options {
  uint64_t seed; /* of the surprises */
  int64_t today; /* day, as in dt_past */
} dt_coach_options;

typedef enum dt_act { DT_ACT_PLAY, DT_ACT_REST, DT_ACT_DONE } dt_act;

/* Why this is asked: for reports and tests; people read `say`. */
typedef enum dt_piece {
  DT_PIECE_WHOLE,     /* the chart from the top */
  DT_PIECE_FROM_BAR,  /* from the weak bar to the end, and on */
  DT_PIECE_LOOP,      /* two bars, at the tempo */
  DT_PIECE_SLOW_LOOP, /* two bars, slower */
  DT_PIECE_RIGHT,     /* slow loop, right hand alone */
  DT_PIECE_LEFT       /* slow loop, left hand alone */
} dt_piece;

#define DT_COACH_LOOP_BARS 2
#define DT_COACH_SLOWER    0.8  /* of the tempo, for slow loops and hands alone */
#define DT_COACH_BURST     1.05 /* of the clean tempo */

typedef struct dt_instruction {
  dt_act act;
  int exercise; /* index into the plan */
  dt_practice_mode mode;
  dt_piece piece;
  bool cold;         /* a cold test: the first takes of the day at the old tempo */
  bool burst;        /* above the clean tempo on purpose, short, does not count */
  bool counts;       /* a trial of the ladder */
  double bpm;        /* of its first bar, quarter notes a minute */
  int count_in_bars; /* before it, at bpm */
  int bars;          /* of the take, count-in not counted; 0 for a rest */
  int from_bar;      /* written bar that it begins with, from 0 */
  int loop_bars;     /* > 0: written bars from from_bar on, over and over; 0: to the end of the
                        chart and again from its top */
  dt_limbs limbs;
  double rest_s; /* DT_ACT_REST */
  dt_line line;  /* what `say` says */
  dt_words words;
  char say[DT_SAY_MAX];
} dt_instruction;

/* How one bar of a take sounds. */
typedef enum dt_role { DT_ROLE_PLAY, DT_ROLE_LISTEN } dt_role;
typedef enum dt_call { DT_CALL_NONE, DT_CALL_DOUBLE_TIME, DT_CALL_BACK } dt_call;

typedef struct dt_cue {
  dt_role role;         /* listen: the band plays these bars (trade) */
  double tempo_factor;  /* of the part's own tempo there: 1; surprises change it */
  double click;         /* loudness of the click as a share of full amplitude, 0 silent .. 1 */
  uint64_t click_beats; /* bit b: the click sounds on beat b + 1 of the bar */
  double shift_beats;   /* the click sounds so much later than the beat, and its accent with it: 0,
                           or 0.5 while it is turned round. The grid stays */
  dt_call call;         /* to be called out during the bar before */
} dt_cue;

/* Tiredness, as the takes show it: strokes looser or softer than the first ones of the exercise, in
 * one-sided cumulated sums (Page 1954). */
typedef struct dt_tired {
  double fresh_bpm;     /* their tempo */
  double fresh_scatter; /* means of the first takes */
  double fresh_level_db;
  int levels;
  int scatters;
  double scatter_sum;
  double level_sum;
} dt_tired;

/* Internal state: read freely, write through the functions only. */
typedef struct dt_coach_exercise {
  dt_chart_facts facts;
  dt_past past; /* the newest line of the history that knows a tempo; day -1 none */
  bool begun;
  bool over;
  dt_clean_tempo tempo; /* ladder, retention: the clean tempo so far; bpm 0 unknown */
  double top_bpm;       /* highest clean one of the ladder, the history's included */
  double forewarned;    /* dt_ladder_forewarned; 0 unknown */
  double bpm;           /* the other modes: the tempo that is worked at */
  double ease;          /* factor on it, <= 1 */
  double played_s;
  double active_s; /* played and rested together */
  int takes;       /* whole ones, judged */
  int clean_takes;
  int fails[DT_CRITERION_COUNT];
  int fails_in_a_row;
  double cold_bpm;
  int cold_takes;
  int cold_clean;
  bool tired;
  int goal_clean; /* clean takes in a row at the goal */
  int gap_bars;
  int gap_best;
  double quiet_best; /* share */
  double endurance_best_s;
  int weak_bars[DT_WEAK_BARS_MAX];
  int weak_count;
  int since_check; /* plateau: whole takes since it was last looked for */
  double check_bpm;
  int burst_step; /* 0 none, 1 the burst is next, 2 the slow take after it */
} dt_coach_exercise;

typedef struct dt_coach {
  dt_plan plan;
  dt_coach_options options;
  dt_coach_exercise exercises[DT_PLAN_EXERCISES_MAX];
  dt_ladder ladder; /* of the exercise going on */
  dt_stop_test stop_test;
  dt_stop_habit habit; /* of the player, in this exercise */
  dt_tired tired;
  dt_instruction now;
  dt_clean last; /* of the last take of this exercise */
  bool has_last;
  dt_stop last_stop;
  dt_words last_words; /* where it failed */
  bool told;           /* something was told since the last instruction */
  int exercise;        /* the one going on */
  double today_s;      /* played today, the history's included */
  double asked_bpm;    /* of the last take that was asked for; 0 none */
  double block_s;      /* played since the last rest */
  int blocks;          /* of this exercise */
  bool rested;         /* just now: the next instruction is a take */
  bool end_said;
  dt_line end_line; /* why the exercise ended */
  dt_piece piece;
  int piece_bar; /* the weak bar, written */
  int piece_tries;
  bool putting_back;
  double click; /* quiet: loudness now */
  int good_bars;
  int quiet_bars;
  int heard_bars;
  double before_ms; /* placement before the gap */
  int before_bars;
  bool reentry_failed;
  uint64_t take_number;
} dt_coach;

/* Begins a session. facts: one for each exercise of the plan. past: the history, any order; may be
 * NULL with past_count 0. All is copied. The plan must pass dt_plan_check. */
void dt_coach_start(dt_coach* coach, const dt_plan* plan, const dt_chart_facts* facts,
                    const dt_past* past, size_t past_count, const dt_coach_options* options);

/* What to do next. Asked again without anything having been told, it says the same again. After a
 * take: what failed is in `say` where it says more than the next tempo does. */
void dt_coach_next(dt_coach* coach, dt_instruction* instruction);

/* How bar `bar` of the take sounds (0 .. bars - 1). In mode quiet it depends on the bars heard so
 * far; a bar's cue does not change any more once the bar before it has begun: bars reported later
 * than that are too late for it, not for the next. */
void dt_coach_cue(const dt_coach* coach, int bar, dt_cue* cue);

/* What is asked, as a part: bars, tempo (surprises included) and limbs of the instruction. Release
 * with dt_part_clear. Errors: as dt_part_from_chart; DT_BAD_ARGUMENT when the instruction is no
 * take. On failure *part is empty. */
dt_status dt_coach_part(dt_part* part, const dt_allocator* allocator, const dt_chart* chart,
                        const dt_coach* coach) DT_NODISCARD;

/* A bar of the take is over: in order, each once. Bars to be listened to are left out, or reported
 * empty. */
dt_stop dt_coach_bar(dt_coach* coach, const dt_bar_heard* heard);

/* The one line that says why a take is stopped: "Dragging after the fill, bar 8." */
void dt_coach_stop_text(const dt_coach* coach, const dt_stop* stop, char text[DT_SAY_MAX]);

/* The take is over. Result: was it clean (dt_coach.last says the same). */
dt_clean dt_coach_took(dt_coach* coach, const dt_shown* shown);

/* The player rested, asked for or not. seconds >= 0. */
void dt_coach_rested(dt_coach* coach, double seconds);

/* The player leaves an exercise; the next one comes. */
void dt_coach_skip(dt_coach* coach);

/* What is to be kept of an exercise. false: nothing was played of it. */
bool dt_coach_past(const dt_coach* coach, int exercise, dt_past* past);

#endif
