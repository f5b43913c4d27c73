#include <math.h>
#include <string.h>

#include "coach_internal.h"

/* What comes next: the end, a rest, or a take. */

enum { BARS_LEAST = 4, BARS_MOST = 64, PHRASED_LEAST = 16, BURST_BARS = 2 };
static const double ENDURANCE_MOST_S = 300.0;
static const double AFTER_BURST = 0.8; /* of the clean tempo */
enum { LONG_REST_AT = 3, LONG_REST_EVERY = 12 };
static const double NEARLY = 0.9; /* of the work time: a take more would be far too much */

void dt__speak(dt_coach* coach, dt_line line) {
  dt_instruction* now = &coach->now;
  now->line = line;
  now->words.bpm = now->bpm;
  now->words.bars = now->bars;
  dt_say(now->say, line, coach->plan.tone, &now->words);
}

static int within(int x, int low, int high) {
  return x < low ? low : x > high ? high : x;
}

/* As many bars as last about the work time; whole times through a short chart. */
static int bars_for(const dt_coach* coach, double bpm, double seconds, int least) {
  const dt_coach_exercise* e = &coach->exercises[coach->exercise];
  int bars = within((int)floor(seconds / dt__bar_s(e, bpm) + 0.5), least, BARS_MOST);
  if (e->facts.bars > 1 && e->facts.bars <= bars)
    bars -= bars % e->facts.bars;
  else if (bars > 4)
    bars -= bars % 4;
  return bars;
}

static int take_bars(const dt_coach* coach, double bpm) {
  const dt_exercise* plan = dt__plan_exercise(coach);
  const dt_coach_exercise* e = &coach->exercises[coach->exercise];
  const double work_s = coach->plan.limits.work_s;
  if (plan->mode == DT_MODE_ENDURANCE)
    return within((int)(ENDURANCE_MOST_S / dt__bar_s(e, bpm)), 1, DT_PLAN_BARS_MAX);
  if (plan->bars > 0)
    return plan->bars;
  switch (plan->mode) {
  case DT_MODE_GAP: {
    const int phrase = DT__GAP_LEAD + DT__GAP_REENTRY + e->gap_bars;
    const int times = within((int)(work_s / dt__bar_s(e, bpm)) / phrase, 1, 8);
    return phrase * times;
  }
  case DT_MODE_QUIET:
  case DT_MODE_SURPRISE:
    return bars_for(coach, bpm, work_s, PHRASED_LEAST);
  case DT_MODE_TRADE: {
    const int bars = bars_for(coach, bpm, 2.0 * work_s, PHRASED_LEAST);
    return bars - bars % (2 * DT__TRADE_BARS);
  }
  case DT_MODE_LADDER:
  case DT_MODE_OWN:
  case DT_MODE_RETENTION:
  case DT_MODE_ENDURANCE:
  case DT_MODE_COUNT:
  default:
    return bars_for(coach, bpm, work_s, BARS_LEAST);
  }
}

static dt_line mode_line(dt_coach* coach) {
  const dt_coach_exercise* e = dt__exercise(coach);
  switch (coach->now.mode) {
  case DT_MODE_GAP:
    coach->now.words.count = e->gap_bars;
    return DT_LINE_GAP;
  case DT_MODE_QUIET:
    return DT_LINE_QUIET;
  case DT_MODE_SURPRISE:
    return DT_LINE_SURPRISE;
  case DT_MODE_ENDURANCE:
    return DT_LINE_ENDURANCE;
  case DT_MODE_TRADE:
    coach->now.words.count = DT__TRADE_BARS;
    return DT_LINE_TRADE;
  case DT_MODE_OWN:
    return DT_LINE_OWN;
  case DT_MODE_LADDER:
  case DT_MODE_RETENTION:
  case DT_MODE_COUNT:
  default:
    return DT_LINE_START;
  }
}

/* After a take: what failed, where that was not said yet; else where the tempo goes. */
static dt_line next_line(dt_coach* coach, double before_bpm) {
  dt_instruction* now = &coach->now;
  if (now->cold)
    return DT_LINE_COLD;
  if (!coach->has_last || now->mode == DT_MODE_GAP)
    return mode_line(coach);
  if (coach->last.failed != DT_CLEAN && !coach->last_stop.stop) {
    now->words = coach->last_words;
    return dt_line_of_failure(coach->last.failed, coach->last.direction);
  }
  if (now->bpm > before_bpm)
    return DT_LINE_UP;
  return now->bpm < before_bpm ? DT_LINE_DOWN : DT_LINE_AGAIN;
}

static double ladder_tempo(const dt_coach* coach) {
  const double to = dt__plan_exercise(coach)->to_bpm;
  const double next = dt_ladder_next(&coach->ladder);
  return to > 0.0 ? fmin(next, to) : next;
}

/* Two bars above the clean tempo, and a slow take after them: neither is a trial. */
static bool ask_burst(dt_coach* coach) {
  dt_coach_exercise* e = dt__exercise(coach);
  dt_instruction* now = &coach->now;
  if (e->burst_step == 0)
    return false;
  const double clean = e->tempo.bpm;
  now->burst = e->burst_step == 1;
  const double fast = fmin(clean * DT_COACH_BURST, dt_ladder_ceiling(&coach->ladder));
  now->bpm = fmax(0.5 * floor(2.0 * (now->burst ? fast : clean * AFTER_BURST)), DT_LADDER_MIN_BPM);
  now->bars = now->burst ? BURST_BARS : take_bars(coach, now->bpm);
  dt__speak(coach, now->burst ? DT_LINE_BURST : DT_LINE_DOWN);
  return true;
}

static void ask_whole(dt_coach* coach) {
  dt_coach_exercise* e = dt__exercise(coach);
  dt_instruction* now = &coach->now;
  const double before = now->bpm;
  now->cold =
      e->cold_bpm > 0.0 && e->cold_takes < (now->mode == DT_MODE_RETENTION ? DT__COLD_TAKES : 1);
  if (!now->cold && ask_burst(coach))
    return;
  if (now->cold)
    now->bpm = e->cold_bpm;
  else if (now->mode == DT_MODE_LADDER)
    now->bpm = ladder_tempo(coach);
  else
    now->bpm = fmax(0.5 * floor(2.0 * e->bpm * e->ease), DT_LADDER_MIN_BPM);
  now->counts = now->mode == DT_MODE_LADDER || now->mode == DT_MODE_RETENTION;
  now->bars = take_bars(coach, now->bpm);
  dt__speak(coach, coach->putting_back ? DT_LINE_TOGETHER : next_line(coach, before));
  coach->putting_back = false;
}

static double piece_tempo(const dt_coach* coach) {
  const dt_coach_exercise* e = &coach->exercises[coach->exercise];
  const double whole = coach->now.mode == DT_MODE_LADDER ? ladder_tempo(coach) : e->bpm * e->ease;
  const bool slow = coach->piece >= DT_PIECE_SLOW_LOOP;
  return fmax(0.5 * floor(2.0 * whole * (slow ? DT_COACH_SLOWER : 1.0)), DT_LADDER_MIN_BPM);
}

/* A part of the music: two bars over and over, or from the weak bar on. */
static void ask_piece(dt_coach* coach) {
  static const dt_line LINES[] = {[DT_PIECE_FROM_BAR] = DT_LINE_FROM_BAR,
                                  [DT_PIECE_LOOP] = DT_LINE_LOOP,
                                  [DT_PIECE_SLOW_LOOP] = DT_LINE_SLOW_LOOP,
                                  [DT_PIECE_RIGHT] = DT_LINE_RIGHT,
                                  [DT_PIECE_LEFT] = DT_LINE_LEFT};
  const dt_coach_exercise* e = dt__exercise(coach);
  dt_instruction* now = &coach->now;
  now->bpm = piece_tempo(coach);
  now->piece = coach->piece;
  now->from_bar = coach->piece_bar;
  now->words.bar = coach->piece_bar;
  if (coach->piece == DT_PIECE_FROM_BAR) {
    now->bars = within(e->facts.bars - now->from_bar, 1, take_bars(coach, now->bpm));
  } else {
    now->loop_bars = DT_COACH_LOOP_BARS;
    if (now->from_bar + now->loop_bars > e->facts.bars)
      now->from_bar = e->facts.bars - now->loop_bars;
    now->bars =
        within(bars_for(coach, now->bpm, 0.5 * coach->plan.limits.work_s, BARS_LEAST), 4, 16);
    now->bars -= now->bars % DT_COACH_LOOP_BARS;
  }
  if (coach->piece == DT_PIECE_RIGHT)
    now->limbs = DT_LIMBS_RIGHT;
  if (coach->piece == DT_PIECE_LEFT)
    now->limbs = DT_LIMBS_LEFT;
  dt__speak(coach, LINES[coach->piece]);
}

void dt__ask(dt_coach* coach) {
  const dt_exercise* plan = dt__plan_exercise(coach);
  const double before = coach->asked_bpm; /* a rest may lie between */
  memset(&coach->now, 0, sizeof coach->now);
  coach->now.act = DT_ACT_PLAY;
  coach->now.exercise = coach->exercise;
  coach->now.mode = plan->mode;
  coach->now.limbs = plan->limbs;
  coach->now.bpm = before;
  coach->now.count_in_bars = plan->mode == DT_MODE_OWN ? 2 : 1;
  if (coach->piece == DT_PIECE_WHOLE)
    ask_whole(coach);
  else
    ask_piece(coach);
  coach->asked_bpm = coach->now.bpm;
  coach->take_number += 1;
  coach->click = 1.0;
  coach->good_bars = coach->quiet_bars = coach->heard_bars = 0;
  coach->before_ms = 0.0;
  coach->before_bars = 0;
  coach->reentry_failed = false;
  coach->last_stop.stop = false;
  dt_stop_start(&coach->stop_test, plan->level, dt__beat_s(dt__exercise(coach), coach->now.bpm),
                plan->mode == DT_MODE_OWN || plan->mode == DT_MODE_QUIET);
  dt_stop_know(&coach->stop_test, &coach->habit);
}

static void ask_rest(dt_coach* coach, double seconds, dt_line line) {
  memset(&coach->now, 0, sizeof coach->now);
  coach->now.act = DT_ACT_REST;
  coach->now.exercise = coach->exercise;
  coach->now.mode = dt__plan_exercise(coach)->mode;
  coach->now.rest_s = seconds;
  coach->now.bpm = dt__exercise(coach)->tempo.bpm;
  coach->now.words.seconds = seconds;
  dt__speak(coach, line);
}

static void ask_nothing(dt_coach* coach, dt_line line) {
  memset(&coach->now, 0, sizeof coach->now);
  coach->now.act = DT_ACT_DONE;
  coach->now.words.count = (int)floor(coach->today_s / 60.0 + 0.5);
  dt__speak(coach, line);
}

static bool ceiling_reached(const dt_coach* coach) {
  return coach->today_s >= 60.0 * coach->plan.limits.ceiling_min;
}

static bool rest_is_due(const dt_coach* coach) {
  return !coach->rested && coach->block_s >= NEARLY * coach->plan.limits.work_s;
}

static void rest(dt_coach* coach) {
  const dt_limits* limits = &coach->plan.limits;
  ++coach->blocks;
  const bool is_long = coach->blocks % LONG_REST_EVERY == LONG_REST_AT ||
                       dt__plan_exercise(coach)->mode == DT_MODE_ENDURANCE;
  ask_rest(coach, is_long ? limits->long_rest_s : limits->rest_s,
           is_long ? DT_LINE_LONG_REST : DT_LINE_REST);
}

/* The end of an exercise is said in a rest before the next one. */
static void say_end(dt_coach* coach) {
  const bool last = coach->exercise + 1 >= coach->plan.count || ceiling_reached(coach);
  coach->end_said = true;
  ask_rest(coach, last || coach->block_s <= 0.0 ? 0.0 : coach->plan.limits.rest_s, coach->end_line);
  if (coach->end_line == DT_LINE_COLD_KEPT || coach->end_line == DT_LINE_COLD_LOST) {
    coach->now.bpm = dt__exercise(coach)->cold_bpm;
    dt__speak(coach, coach->end_line);
  }
}

void dt_coach_next(dt_coach* coach, dt_instruction* instruction) {
  if (coach->told) {
    coach->told = false;
    while (coach->exercise < coach->plan.count && dt__exercise(coach)->over &&
           (coach->end_said || coach->end_line == DT_LINE_NONE)) {
      ++coach->exercise;
      coach->end_said = false;
      coach->end_line = DT_LINE_NONE;
    }
    if (coach->exercise >= coach->plan.count)
      ask_nothing(coach, DT_LINE_DONE);
    else if (dt__exercise(coach)->over)
      say_end(coach);
    else if (ceiling_reached(coach))
      ask_nothing(coach, DT_LINE_CEILING);
    else if (rest_is_due(coach))
      rest(coach);
    else {
      if (!dt__exercise(coach)->begun)
        dt__begin_exercise(coach);
      dt__ask(coach);
    }
    coach->rested = false;
  }
  *instruction = coach->now;
}

void dt_coach_rested(dt_coach* coach, double seconds) {
  const double asked =
      coach->now.act == DT_ACT_REST ? coach->now.rest_s : coach->plan.limits.rest_s;
  const double share = asked > 0.0 ? fmin(seconds / asked, 1.0) : 1.0;
  coach->block_s *= 1.0 - share;
  if (coach->exercise < coach->plan.count)
    dt__exercise(coach)->active_s += seconds;
  if (coach->now.act == DT_ACT_REST) {
    coach->told = true;
    coach->rested = true;
  }
}

void dt_coach_skip(dt_coach* coach) {
  if (coach->exercise >= coach->plan.count)
    return;
  dt__exercise(coach)->over = true;
  coach->end_line = DT_LINE_NONE;
  coach->told = true;
}
