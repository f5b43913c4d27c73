#include <math.h>

#include "series_internal.h"
#include "spots_internal.h"
#include "swing_internal.h"

/* Pairs of strokes, on-beat, off-beat and next on-beat, off one voice's strokes. */

static bool plays(const dt_mark* mark, dt_voice voice) {
  return mark->voice == voice && dt__on_grid(mark);
}

/* Where in its pair, in ticks. */
static double in_pair(const dt_mark* mark, double pair) {
  const double tick = floor(mark->tick + 0.5);
  return tick - pair * floor(tick / pair);
}

static bool share_of(double on_s, double off_s, double next_s, dt__pair* out) {
  const double share = (off_s - on_s) / (next_s - on_s);
  out->share = share;
  out->long_ms = 1e3 * (off_s - on_s);
  out->short_ms = 1e3 * (next_s - off_s);
  return next_s > on_s && share > 0.0 && share < 1.0;
}

/* The three latest strokes of the voice that stand on halves of pairs; one place counts once. */
typedef struct three {
  double tick[3];
  double time_s[3];
  int count;
} three;

static void push(three* t, double tick, double time_s) {
  if (t->count > 0 && t->tick[2] == tick) {
    return;
  }
  for (int k = 0; k < 2; ++k) {
    t->tick[k] = t->tick[k + 1];
    t->time_s[k] = t->time_s[k + 1];
  }
  t->tick[2] = tick;
  t->time_s[2] = time_s;
  ++t->count;
}

static size_t pairs_of_strokes(const dt_marks* marks, dt_voice voice, dt__pair* pairs) {
  const double pair = (double)marks->swing_pair;
  three t = {{0}, {0}, 0};
  size_t count = 0;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (!plays(mark, voice) || fmod(in_pair(mark, pair), 0.5 * pair) != 0.0) {
      continue;
    }
    const double tick = floor(mark->tick + 0.5);
    push(&t, tick, mark->time_s);
    const bool on_beat = in_pair(mark, pair) == 0.0;
    if (t.count >= 3 && on_beat && t.tick[1] == tick - 0.5 * pair && t.tick[0] == tick - pair &&
        share_of(t.time_s[0], t.time_s[1], t.time_s[2], &pairs[count])) {
      pairs[count].tick = t.tick[1];
      pairs[count++].voice = voice;
    }
  }
  return count;
}

/* Off-beats against the pulse: straight_ms says how far each is off the middle of its pair. */
static size_t pairs_of_pulse(const dt_marks* marks, dt_voice voice, dt__pair* pairs) {
  const double pair = (double)marks->swing_pair;
  const double pair_s = pair / DT_TICKS_PER_QUARTER * 60.0 / marks->bpm;
  size_t count = 0;
  double last = -(double)INFINITY;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (!plays(mark, voice) || !isfinite(mark->straight_ms) || in_pair(mark, pair) != 0.5 * pair) {
      continue;
    }
    const double off_s = 0.5 * pair_s + 1e-3 * mark->straight_ms;
    if (mark->tick > last && share_of(0.0, off_s, pair_s, &pairs[count])) {
      pairs[count].tick = floor(mark->tick + 0.5);
      pairs[count++].voice = voice;
      last = mark->tick;
    }
  }
  return count;
}

size_t dt__swing_pairs(const dt_marks* marks, dt_voice voice, dt__pair* pairs, bool* from_pulse) {
  size_t count = pairs_of_strokes(marks, voice, pairs);
  *from_pulse = false;
  if (count < DT__SERIES_MIN) {
    /* The few that there are would be measured by another rule than the rest: all by the pulse. */
    count = pairs_of_pulse(marks, voice, pairs);
    *from_pulse = count > 0;
  }
  return count;
}
