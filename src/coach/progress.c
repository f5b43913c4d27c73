#include "dt/coach_progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_of(const dt_past* p, const char* chart, dt_limbs limbs) {
  return p->limbs == limbs && strcmp(p->chart, chart) == 0;
}

static bool has_tempo(const dt_past* p) {
  return p->bpm > 0.0 && (p->mode == DT_MODE_LADDER || p->mode == DT_MODE_RETENTION);
}

static dt_progress_point point_of(const dt_past* p) {
  return (dt_progress_point){.day = p->day,
                             .bpm = p->bpm,
                             .low_bpm = p->low_bpm,
                             .high_bpm = p->high_bpm,
                             .cold_bpm = p->cold_bpm,
                             .cold_kept = p->cold_kept};
}

/* Puts a point where its day belongs; the list keeps the newest `room`. */
static size_t insert(dt_progress_point* points, size_t count, size_t room, dt_progress_point new) {
  size_t at = count;
  while (at > 0 && points[at - 1].day > new.day)
    --at;
  if (at > 0 && points[at - 1].day == new.day) {
    const dt_progress_point old = points[at - 1];
    points[at - 1] = new; /* a later line of the same day */
    if (new.cold_bpm <= 0.0) {
      points[at - 1].cold_bpm = old.cold_bpm;
      points[at - 1].cold_kept = old.cold_kept;
    }
    return count;
  }
  if (count == room) {
    if (at == 0)
      return count;
    memmove(points, points + 1, (at - 1) * sizeof *points);
    points[at - 1] = new;
    return count;
  }
  memmove(points + at + 1, points + at, (count - at) * sizeof *points);
  points[at] = new;
  return count + 1;
}

size_t dt_progress_curve(dt_progress_point* points, size_t room, const dt_past* past, size_t count,
                         const char* chart, dt_limbs limbs) {
  size_t used = 0;
  if (room == 0)
    return 0;
  for (size_t i = 0; i < count; ++i)
    if (is_of(&past[i], chart, limbs) && has_tempo(&past[i]))
      used = insert(points, used, room, point_of(&past[i]));
  return used;
}

double dt_progress_played_s(const dt_past* past, size_t count, int64_t day) {
  double played = 0.0;
  for (size_t i = 0; i < count; ++i)
    if (past[i].day == day)
      played += past[i].played_s;
  return played;
}

enum { PLATEAU_DAYS = 3 };
static const double PLATEAU_SHARE = 0.01;

static bool stands_still(const dt_past* past, size_t count, const dt_past* of) {
  dt_progress_point points[PLATEAU_DAYS];
  if (dt_progress_curve(points, PLATEAU_DAYS, past, count, of->chart, of->limbs) < PLATEAU_DAYS)
    return false;
  double low = points[0].bpm;
  double high = low;
  for (int i = 1; i < PLATEAU_DAYS; ++i) {
    low = fmin(low, points[i].bpm);
    high = fmax(high, points[i].bpm);
  }
  return high <= low * (1.0 + PLATEAU_SHARE);
}

/* The newest line of the chart that says a tempo; NULL none. */
static const dt_past* newest_tempo(const dt_past* past, size_t count, const dt_past* of) {
  const dt_past* newest = NULL;
  for (size_t i = 0; i < count; ++i)
    if (is_of(&past[i], of->chart, of->limbs) && has_tempo(&past[i]) &&
        (!newest || past[i].day >= newest->day))
      newest = &past[i];
  return newest;
}

/* What a chart's newest line asks for. Urgencies are in tens, so that days only order equals. */
static dt_due due_of(const dt_past* past, size_t count, const dt_past* last, int64_t today) {
  const dt_past* tempo = newest_tempo(past, count, last);
  dt_due due = {.limbs = last->limbs,
                .why = DT_DUE_SPACING,
                .mode = DT_MODE_LADDER,
                .bpm = tempo ? tempo->bpm : 0.0,
                .days = (int)(today - last->day)};
  memcpy(due.chart, last->chart, sizeof due.chart);
  due.weak_count = last->weak_count;
  memcpy(due.weak_bars, last->weak_bars, sizeof due.weak_bars);
  due.urgency = fmin(due.days, 9.0);
  if (last->tired && due.days < 1) {
    due.why = DT_DUE_TIRED;
    due.mode = DT_MODE_OWN;
    due.urgency = -10.0;
  } else if (due.days < 1) {
    due.urgency = 0.0;
  } else if (last->cold_bpm > 0.0 && !last->cold_kept) {
    due.why = DT_DUE_FORGOTTEN;
    due.urgency += 50.0;
  } else if (tempo) {
    due.why = DT_DUE_COLD_TEST;
    due.mode = DT_MODE_RETENTION;
    due.urgency += 40.0;
  } else if (last->weak_count > 0) {
    due.why = DT_DUE_WEAK_BARS;
    due.urgency += 30.0;
  }
  if (due.days >= 1 && stands_still(past, count, last)) {
    due.why = DT_DUE_PLATEAU;
    due.mode = DT_MODE_LADDER;
    due.urgency += 5.0;
  }
  return due;
}

/* Is there a later line of the same chart? Of one day the later in the list is the newer. */
static bool is_newest(const dt_past* past, size_t count, size_t i) {
  for (size_t k = 0; k < count; ++k)
    if (is_of(&past[k], past[i].chart, past[i].limbs) &&
        (past[k].day > past[i].day || (k > i && past[k].day == past[i].day)))
      return false;
  return true;
}

size_t dt_progress_today(dt_due* due, size_t room, const dt_past* past, size_t count,
                         int64_t today) {
  size_t used = 0;
  for (size_t i = 0; i < count; ++i) {
    if (past[i].day > today || !is_newest(past, count, i))
      continue;
    const dt_due new = due_of(past, count, &past[i], today);
    size_t at = used;
    while (at > 0 && due[at - 1].urgency < new.urgency)
      --at;
    if (at >= room)
      continue;
    if (used < room)
      ++used;
    memmove(due + at + 1, due + at, (used - 1 - at) * sizeof *due);
    due[at] = new;
  }
  return used;
}

static void bars_text(char* text, size_t room, const dt_due* due) {
  size_t used = 0;
  text[0] = '\0';
  for (int i = 0; i < due->weak_count && used + 8 < room; ++i)
    used +=
        (size_t)snprintf(text + used, room - used, "%s%d", i ? ", " : "", due->weak_bars[i] + 1);
}

/* "today", "yesterday", "3 days ago" */
static void days_text(char text[24], int days) {
  if (days <= 1)
    snprintf(text, 24, "%s", days == 1 ? "yesterday" : "today");
  else
    snprintf(text, 24, "%d days ago", days);
}

void dt_due_text(char text[DT_PROGRESS_TEXT_MAX], const dt_due* due) {
  char bars[64];
  char days[24];
  const char* chart = due->chart;
  days_text(days, due->days);
  bars_text(bars, sizeof bars, due);
  switch (due->why) {
  case DT_DUE_COLD_TEST:
    snprintf(text, DT_PROGRESS_TEXT_MAX, "%s: cold test at %.0f bpm, last played %s.", chart,
             due->bpm, days);
    break;
  case DT_DUE_FORGOTTEN:
    snprintf(text, DT_PROGRESS_TEXT_MAX, "%s: the last cold test was lost; ladder from %.0f bpm.",
             chart, due->bpm);
    break;
  case DT_DUE_WEAK_BARS:
    snprintf(text, DT_PROGRESS_TEXT_MAX, "%s: bar %s failed last time; take %s apart.", chart, bars,
             due->weak_count == 1 ? "it" : "them");
    break;
  case DT_DUE_PLATEAU:
    snprintf(text, DT_PROGRESS_TEXT_MAX,
             "%s: three days at %.0f bpm; short fast bars and slow ones in turn.", chart, due->bpm);
    break;
  case DT_DUE_TIRED:
    snprintf(text, DT_PROGRESS_TEXT_MAX, "%s: ended tired; not again today.", chart);
    break;
  case DT_DUE_SPACING:
  default:
    snprintf(text, DT_PROGRESS_TEXT_MAX, "%s: last played %s.", chart, days);
    break;
  }
}
