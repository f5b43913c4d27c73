#include <math.h>

#include "practise_internal.h"

/*
 * Mistakes against the chart. A stroke that is so far off that the alignment gives its note up is
 * no mistake of the notes: it is late or early, and no note is missing.
 */
static const double NOTICED_MISSES = 0.03; /* of the notes */
static const double NOTICED_HEARD = 0.20;  /* from sound: fewer may be the ear's own mistakes */
static const double MOST_MISSES = 5.0;     /* times that: more is not worse, but another chart */
static const double FAR_S = 0.1;           /* so far off a stroke may be, of its own note */
enum { HITS_MIN = 16 };                    /* of a chart that is hardly played nothing is missed */

/* In a written roll, or right behind it: how many strokes it has is the roll's own affair. */
static bool is_in_roll(const dt_rolls* rolls, const dt_mark* mark) {
  static const double BEHIND_S = 0.1;
  for (size_t i = 0; i < rolls->count; ++i) {
    const dt_roll* roll = &rolls->items[i];
    if (roll->kind == DT_ROLL_WRITTEN && roll->voice == mark->voice &&
        mark->time_s >= roll->start_s && mark->time_s <= roll->end_s + BEHIND_S) {
      return true;
    }
  }
  return false;
}

static bool is_extra(const dt__faults* f, size_t i) {
  const dt_mark* mark = &f->study->marks.items[i];
  return mark->label == DT_LABEL_EXTRA && !is_in_roll(&f->study->rolls, mark);
}

/* When a note would have been struck: between the strokes around it. *at: the first mark with a
 * place that is not before it; goes on from there. */
static double time_of(const dt_marks* marks, double tick, size_t* at) {
  while (*at < marks->count && !(marks->items[*at].tick >= tick)) {
    ++*at;
  }
  size_t before = *at;
  while (before > 0 && !(marks->items[before - 1].tick <= tick)) {
    --before;
  }
  if (*at == marks->count || before == 0) {
    return (double)NAN;
  }
  const dt_mark* left = &marks->items[before - 1];
  const dt_mark* right = &marks->items[*at];
  const double share =
      right->tick > left->tick ? (tick - left->tick) / (right->tick - left->tick) : 0.0;
  return left->time_s + share * (right->time_s - left->time_s);
}

/* An extra stroke of that voice about that time; from *from on, which goes past it. */
static bool is_struck(const dt__faults* f, dt_voice voice, double time_s, size_t* from) {
  const dt_marks* marks = &f->study->marks;
  while (*from < marks->count && marks->items[*from].time_s < time_s - FAR_S) {
    ++*from;
  }
  for (size_t i = *from; i < marks->count && marks->items[i].time_s <= time_s + FAR_S; ++i) {
    if (marks->items[i].voice == voice && is_extra(f, i)) {
      *from = i + 1;
      return true;
    }
  }
  return false;
}

dt__mistakes dt__count_mistakes(const dt__faults* f) {
  const dt_alignment* a = f->study->alignment;
  dt__mistakes m = {a->missed_count, a->wrong_count, 0};
  for (size_t i = 0; i < f->study->marks.count; ++i) {
    m.extra += is_extra(f, i);
  }
  size_t at = 0;
  size_t from[DT_VOICE_COUNT] = {0};
  for (size_t i = 0; i < a->event_count; ++i) {
    const dt_event* event = &a->events[i];
    if (event->fate != DT_FATE_MISSED) {
      continue;
    }
    const dt_voice voice = dt_drum_voice(event->note.drum);
    const double time_s = time_of(&f->study->marks, (double)event->note.tick, &at);
    if (isfinite(time_s) && is_struck(f, voice, time_s, &from[voice])) {
      --m.missed;
      --m.extra;
    }
  }
  return m;
}

/* Wilson's interval of their share (1927). */
void dt__faults_of_notes(dt__faults* f) {
  const dt_alignment* a = f->study->alignment;
  if (!a || a->hit_count < HITS_MIN) {
    return;
  }
  const dt__mistakes m = dt__count_mistakes(f);
  const double noticed = f->study->marks.heard ? NOTICED_HEARD : NOTICED_MISSES;
  const double n = (double)a->event_count;
  const double wrong = (double)(m.missed + m.wrong + m.extra);
  const double share = fmin(wrong / n, 1.0);
  const double z = 1.96;
  const double middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
  const double half =
      z / (1.0 + z * z / n) * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
  const dt_estimate e = {share, fmin(middle - half, share), fmax(middle + half, share), DT_KNOWN};
  dt__fault* fault = dt__fault_add(f, DT_WEAK_MISSED, DT_VOICE_COUNT, &e, noticed, 1);
  if (fault) {
    fault->severity = fmin(fault->severity, MOST_MISSES);
  }
}
