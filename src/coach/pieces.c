#include <stdlib.h>

#include "coach_internal.h"

/*
 * Taking the music apart and putting it back. A take that fails at a place is begun again from that
 * place; failing there again, it becomes a loop of two bars, a slow loop, the right hand alone, the
 * left hand alone. Every clean piece is one step back to the whole.
 */
enum { TRIES = 3 };

static bool can_take_apart(const dt_coach* coach) {
  const dt_coach_exercise* e = &coach->exercises[coach->exercise];
  const dt_practice_mode mode = coach->now.mode;
  return e->facts.bars > DT_COACH_LOOP_BARS && !coach->now.cold && !coach->now.burst &&
         mode != DT_MODE_ENDURANCE && mode != DT_MODE_TRADE && mode != DT_MODE_RETENTION;
}

static bool has_hands(const dt_coach* coach) {
  const dt_limbs limbs = dt__plan_exercise(coach)->limbs;
  return coach->exercises[coach->exercise].facts.sticking &&
         (limbs == DT_LIMBS_ALL || limbs == DT_LIMBS_HANDS);
}

/* The bar of the chart where it failed, or -1: all over it. */
static int failed_bar(const dt_coach* coach, const dt_shown* shown) {
  if (coach->last_stop.stop)
    return coach->last_stop.where == DT_WHERE_THROUGHOUT ? -1 : coach->last_stop.written;
  if (coach->last.failed == DT_FAIL_MISSED || coach->last.failed == DT_FAIL_SCATTER)
    return shown->weak_count > 0 ? shown->weak_bars[0] : -1;
  return -1;
}

static void go_to(dt_coach* coach, dt_piece piece) {
  coach->piece = piece;
  coach->piece_tries = 0;
  coach->putting_back = piece == DT_PIECE_WHOLE;
}

static void step_back(dt_coach* coach) {
  switch (coach->piece) {
  case DT_PIECE_RIGHT:
    go_to(coach, DT_PIECE_LEFT);
    break;
  case DT_PIECE_LEFT:
    go_to(coach, DT_PIECE_SLOW_LOOP);
    break;
  case DT_PIECE_SLOW_LOOP:
    go_to(coach, DT_PIECE_LOOP);
    break;
  case DT_PIECE_LOOP:
  case DT_PIECE_FROM_BAR:
  case DT_PIECE_WHOLE:
  default:
    go_to(coach, DT_PIECE_WHOLE);
    break;
  }
}

static void step_apart(dt_coach* coach) {
  switch (coach->piece) {
  case DT_PIECE_FROM_BAR:
    go_to(coach, DT_PIECE_LOOP);
    break;
  case DT_PIECE_LOOP:
    go_to(coach, DT_PIECE_SLOW_LOOP);
    break;
  case DT_PIECE_SLOW_LOOP:
    go_to(coach, has_hands(coach) ? DT_PIECE_RIGHT : DT_PIECE_WHOLE);
    break;
  case DT_PIECE_RIGHT:
  case DT_PIECE_LEFT:
  case DT_PIECE_WHOLE:
  default:
    go_to(coach, DT_PIECE_WHOLE);
    break;
  }
}

void dt__choose_piece(dt_coach* coach, const dt_shown* shown) {
  const bool clean = coach->last.failed == DT_CLEAN;
  if (coach->piece != DT_PIECE_WHOLE) {
    if (clean)
      step_back(coach);
    else if (coach->piece == DT_PIECE_FROM_BAR || ++coach->piece_tries >= TRIES)
      step_apart(coach);
    return;
  }
  const int bar = clean || !can_take_apart(coach) ? -1 : failed_bar(coach, shown);
  if (bar < 0)
    return;
  const bool again = bar > 0 && abs(bar - coach->piece_bar) <= 1 && coach->piece_bar >= 0 &&
                     dt__exercise(coach)->fails_in_a_row > 1;
  coach->piece_bar = bar;
  if (again)
    go_to(coach, DT_PIECE_LOOP);
  else if (bar > 0)
    go_to(coach, DT_PIECE_FROM_BAR);
}
