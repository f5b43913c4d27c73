#include <math.h>
#include <string.h>

#include "coach_internal.h"

static const double REENTRY_LOOSER = 2.0; /* times the scatter that the level allows */
static const double QUIET_STRAY = 1.0;
static const double QUIET_STEP = 0.5; /* -6 dB */
enum { QUIET_GOOD_BARS = 2, GOAL_TAKES = 2, PLATEAU_TAKES = 12, GAP_MOST = 16 };
static const double PLATEAU_SHARE = 0.01;
static const double PLATEAU_SD = 0.03;
static const double EASE_DOWN = 0.95;
static const double EASE_UP = 1.025;
static const double EASE_LEAST = 0.5;

/* A bar whose time is not judged, only its notes. */
static dt_bar_heard without_time(const dt_bar_heard* heard) {
  dt_bar_heard bar = *heard;
  bar.strokes = 0;
  bar.squares_ms2 = 0.0;
  return bar;
}

/* The gap: the placement before it, and how far off the first bar back is. */
static bool gap_bar(dt_coach* coach, const dt_bar_heard* heard) {
  const int place = dt__gap_place(coach, heard->bar);
  const int gap = dt__exercise(coach)->gap_bars;
  if (place < DT__GAP_LEAD) {
    if (place == 0) {
      coach->before_bars = 0;
      coach->before_ms = 0.0;
    }
    if (heard->strokes > 0)
      coach->before_ms += (heard->mean_ms - coach->before_ms) / ++coach->before_bars;
    return true;
  }
  if (place == DT__GAP_LEAD + gap && coach->before_bars > 0) {
    const double limit = REENTRY_LOOSER * coach->stop_test.tolerance.scatter_ms;
    if (heard->strokes == 0 || fabs(heard->mean_ms - coach->before_ms) > limit)
      coach->reentry_failed = true;
  }
  return false;
}

/* The click: half as loud after two good bars, all of it back after a bar that strays. */
static void quiet_bar(dt_coach* coach, const dt_bar_heard* heard) {
  ++coach->heard_bars;
  coach->quiet_bars += coach->click < 0.016;
  if (heard->bar == 0)
    coach->before_ms = heard->mean_ms;
  const double off = fabs(heard->mean_ms - coach->before_ms);
  if (heard->missed > 0 || heard->strokes == 0 ||
      off > QUIET_STRAY * coach->stop_test.tolerance.scatter_ms) {
    coach->click = 1.0;
    coach->good_bars = 0;
  } else if (++coach->good_bars >= QUIET_GOOD_BARS) {
    coach->click *= QUIET_STEP;
    coach->good_bars = 0;
  }
}

dt_stop dt_coach_bar(dt_coach* coach, const dt_bar_heard* heard) {
  dt_cue cue;
  dt_coach_cue(coach, heard->bar, &cue);
  if (coach->now.act != DT_ACT_PLAY || cue.role == DT_ROLE_LISTEN)
    return coach->last_stop;
  bool timed = true;
  const bool whole = coach->now.piece == DT_PIECE_WHOLE;
  if (whole && coach->now.mode == DT_MODE_GAP)
    timed = gap_bar(coach, heard);
  if (whole && coach->now.mode == DT_MODE_QUIET)
    quiet_bar(coach, heard);
  if (whole && coach->now.mode == DT_MODE_SURPRISE)
    timed = !dt__surprise_at(coach, heard->bar).unsettled;
  const dt_bar_heard bar = timed ? *heard : without_time(heard);
  coach->last_stop = dt_stop_look(&coach->stop_test, &bar);
  return coach->last_stop;
}

void dt_coach_stop_text(const dt_coach* coach, const dt_stop* stop, char text[DT_SAY_MAX]) {
  const dt_words words = {.bpm = coach->now.bpm,
                          .bar = stop->written,
                          .count = stop->why == DT_FAIL_MISSED ? (int)stop->size : 0,
                          .where = stop->where};
  dt_say(text, stop->stop ? dt_line_of_failure(stop->why, stop->direction) : DT_LINE_NONE,
         coach->plan.tone, &words);
}

void dt__end_exercise(dt_coach* coach, dt_line why) {
  dt__exercise(coach)->over = true;
  coach->end_line = why;
  coach->end_said = false;
}

/* Where a take that was not stopped failed, for its sentence. */
static void place_failure(dt_coach* coach, const dt_shown* shown) {
  const bool missed = coach->last.failed == DT_FAIL_MISSED;
  coach->last_words = (dt_words){.count = shown->missed};
  coach->last_words.where = missed ? DT_WHERE_ALONG_THE_WAY : DT_WHERE_THROUGHOUT;
  if (shown->weak_count == 0 || dt__exercise(coach)->facts.bars < 2)
    return; /* the only bar of a chart is no place */
  if (missed || coach->last.failed == DT_FAIL_SCATTER) {
    coach->last_words.bar = shown->weak_bars[0];
    coach->last_words.where =
        missed && shown->missed == 1 ? DT_WHERE_IN_BAR : DT_WHERE_WORST_IN_BAR;
  }
}

static void count_take(dt_coach* coach, const dt_shown* shown) {
  dt_coach_exercise* e = dt__exercise(coach);
  const bool clean = coach->last.failed == DT_CLEAN;
  e->fails_in_a_row = clean ? 0 : e->fails_in_a_row + 1;
  if (!clean)
    ++e->fails[coach->last.failed];
  if (coach->now.piece != DT_PIECE_WHOLE || coach->now.burst)
    return;
  ++e->takes;
  e->clean_takes += clean;
  e->weak_count = shown->weak_count;
  memcpy(e->weak_bars, shown->weak_bars, sizeof e->weak_bars);
}

/* The ladder stands still when the clean tempo, well known, has not risen over a dozen takes. */
static void look_for_plateau(dt_coach* coach) {
  dt_coach_exercise* e = dt__exercise(coach);
  if (++e->since_check < PLATEAU_TAKES)
    return;
  const bool risen = e->tempo.bpm > e->check_bpm * (1.0 + PLATEAU_SHARE);
  if (e->check_bpm > 0.0 && !risen && e->tempo.sd < PLATEAU_SD)
    e->burst_step = 1;
  e->check_bpm = e->tempo.bpm;
  e->since_check = 0;
}

static void learn_ladder(dt_coach* coach) {
  dt_coach_exercise* e = dt__exercise(coach);
  const bool clean = coach->last.failed == DT_CLEAN;
  const double to = dt__plan_exercise(coach)->to_bpm;
  if (e->burst_step == 1 && coach->now.burst) {
    e->burst_step = 2;
    return;
  }
  if (!coach->now.counts) {
    if (coach->now.piece == DT_PIECE_WHOLE && e->burst_step == 2)
      e->burst_step = 0;
    return;
  }
  dt_ladder_learn(&coach->ladder, coach->now.bpm, clean, coach->last.margin);
  e->tempo = dt_ladder_clean_tempo(&coach->ladder);
  e->top_bpm = coach->ladder.top_bpm;
  e->forewarned = dt_ladder_forewarned(&coach->ladder);
  if (coach->now.cold) {
    ++e->cold_takes;
    e->cold_clean += clean;
  } else {
    look_for_plateau(coach);
  }
  e->goal_clean = clean && to > 0.0 && coach->now.bpm >= to - 0.5 ? e->goal_clean + 1 : 0;
  if (coach->now.mode == DT_MODE_LADDER && e->goal_clean >= GOAL_TAKES)
    dt__end_exercise(coach, DT_LINE_GOAL);
  if (coach->now.mode == DT_MODE_RETENTION && e->cold_takes >= DT__COLD_TAKES)
    dt__end_exercise(coach,
                     2 * e->cold_clean > DT__COLD_TAKES ? DT_LINE_COLD_KEPT : DT_LINE_COLD_LOST);
}

static void learn_gap(dt_coach_exercise* e, bool clean) {
  static const int LENGTHS[] = {1, 2, 3, 4, 6, 8, 12, GAP_MOST};
  int at = 0;
  while (LENGTHS[at] < e->gap_bars)
    ++at;
  if (clean && e->gap_bars > e->gap_best)
    e->gap_best = e->gap_bars;
  if (clean && LENGTHS[at] < GAP_MOST)
    ++at;
  else if (!clean && at > 0)
    --at;
  e->gap_bars = LENGTHS[at];
}

/* Modes at one tempo: it gives way after two failures in a row, and comes back by halves. */
static void learn_fixed(dt_coach* coach, const dt_shown* shown) {
  dt_coach_exercise* e = dt__exercise(coach);
  const bool clean = coach->last.failed == DT_CLEAN;
  if (coach->now.piece != DT_PIECE_WHOLE)
    return;
  if (coach->now.mode == DT_MODE_ENDURANCE) {
    e->endurance_best_s = fmax(e->endurance_best_s, shown->played_s);
    return;
  }
  if (coach->now.mode == DT_MODE_GAP)
    learn_gap(e, clean);
  if (coach->now.mode == DT_MODE_QUIET && coach->heard_bars > 0)
    e->quiet_best = fmax(e->quiet_best, (double)coach->quiet_bars / coach->heard_bars);
  if (clean)
    e->ease = fmin(e->ease * EASE_UP, 1.0);
  else if (e->fails_in_a_row % 2 == 0)
    e->ease = fmax(e->ease * EASE_DOWN, EASE_LEAST);
}

static void watch_tiredness(dt_coach* coach, const dt_shown* shown) {
  dt_coach_exercise* e = dt__exercise(coach);
  if (coach->now.piece != DT_PIECE_WHOLE || coach->now.burst || shown->stopped)
    return;
  if (!dt__tired_see(&coach->tired, shown, coach->last.ratio[DT_FAIL_SCATTER]))
    return;
  e->tired = true;
  dt__end_exercise(coach, DT_LINE_TIRED);
}

dt_clean dt_coach_took(dt_coach* coach, const dt_shown* shown) {
  dt_coach_exercise* e = dt__exercise(coach);
  if (coach->now.act != DT_ACT_PLAY)
    return coach->last;
  coach->told = true;
  coach->today_s += shown->played_s;
  coach->block_s += shown->played_s;
  e->played_s += shown->played_s;
  e->active_s += shown->played_s;
  if (!shown->abandoned) {
    const dt_exercise* plan = dt__plan_exercise(coach);
    coach->last = dt_clean_check(shown, plan->level, dt__beat_s(e, coach->now.bpm));
    if (coach->reentry_failed && coach->last.failed == DT_CLEAN)
      coach->last.failed = DT_FAIL_PLACEMENT;
    coach->has_last = true;
    place_failure(coach, shown);
    count_take(coach, shown);
    if (coach->last.failed == DT_CLEAN && !coach->stop_test.own)
      dt_stop_habit_learn(&coach->habit, &coach->stop_test);
    if (coach->now.mode == DT_MODE_LADDER || coach->now.mode == DT_MODE_RETENTION)
      learn_ladder(coach);
    else
      learn_fixed(coach, shown);
    dt__choose_piece(coach, shown);
    watch_tiredness(coach, shown);
  }
  if (!e->over && e->active_s >= 60.0 * dt__plan_exercise(coach)->minutes)
    dt__end_exercise(coach, e->tempo.bpm > 0.0 ? DT_LINE_EXERCISE_END : DT_LINE_NONE);
  return coach->last;
}

static double what_was_held(const dt_coach_exercise* e, dt_practice_mode mode) {
  switch (mode) {
  case DT_MODE_GAP:
    return e->gap_best;
  case DT_MODE_QUIET:
    return e->quiet_best;
  case DT_MODE_ENDURANCE:
    return e->endurance_best_s;
  case DT_MODE_LADDER:
  case DT_MODE_SURPRISE:
  case DT_MODE_TRADE:
  case DT_MODE_OWN:
  case DT_MODE_RETENTION:
  case DT_MODE_COUNT:
  default:
    return 0.0;
  }
}

bool dt_coach_past(const dt_coach* coach, int exercise, dt_past* past) {
  memset(past, 0, sizeof *past);
  if (exercise < 0 || exercise >= coach->plan.count || coach->exercises[exercise].played_s <= 0.0)
    return false;
  const dt_coach_exercise* e = &coach->exercises[exercise];
  const dt_exercise* plan = &coach->plan.exercises[exercise];
  past->day = coach->options.today;
  memcpy(past->chart, plan->chart, sizeof past->chart);
  past->mode = plan->mode;
  past->limbs = plan->limbs;
  past->played_s = e->played_s;
  past->takes = e->takes;
  past->clean_takes = e->clean_takes;
  past->bpm = e->tempo.bpm;
  past->low_bpm = e->tempo.low_bpm;
  past->high_bpm = e->tempo.high_bpm;
  past->sd = e->tempo.sd;
  past->top_bpm = e->top_bpm;
  past->forewarned = e->forewarned;
  past->cold_bpm = e->cold_takes > 0 ? e->cold_bpm : 0.0;
  past->cold_kept = e->cold_takes > 0 && 2 * e->cold_clean > e->cold_takes;
  past->held = what_was_held(e, plan->mode);
  past->tired = e->tired;
  for (int k = DT_FAIL_MISSED; k < DT_CRITERION_COUNT; ++k)
    if (e->fails[k] > (past->weakest == DT_CLEAN ? 0 : e->fails[past->weakest]))
      past->weakest = (dt_criterion)k;
  past->weak_count = e->weak_count;
  memcpy(past->weak_bars, e->weak_bars, sizeof past->weak_bars);
  return true;
}
