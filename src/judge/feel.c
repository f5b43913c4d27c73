#include <math.h>
#include <stdlib.h>

#include "judge_internal.h"

/*
 * A habit at a bar position is feel, not scatter: the mean of a voice at a position of the bar,
 * where it was played often enough to have one, against the voice's own mean. Positions that swing
 * moves are compared among themselves.
 */

enum { HABIT_MIN = 4, POSITIONS_A_BEAT = 48 };

bool dt__is_off_beat(const dt__work* work, size_t i) {
  if (work->swing_pair_beats <= 0.0) {
    return false;
  }
  const double in_pair = fmod(work->grid_beat[i], work->swing_pair_beats) / work->swing_pair_beats;
  const double phase = in_pair - floor(in_pair);
  return phase > 0.02 && phase < 0.98;
}

/* Voice and off-beat or not, then position in the bar, then which stroke: sorts habits together. */
static uint64_t key_of(const dt__work* work, size_t i) {
  const double bar = dt__bar_quarters(work->meter);
  double in_bar = fmod(work->grid_beat[i], bar);
  in_bar += in_bar < 0.0 ? bar : 0.0;
  const uint64_t position =
      (uint64_t)(in_bar * POSITIONS_A_BEAT + 0.5) % (uint64_t)(bar * POSITIONS_A_BEAT + 0.5);
  const uint64_t group = 2U * (uint64_t)work->voice[i] + (dt__is_off_beat(work, i) ? 1U : 0U);
  return group << 56 | position << 40 | i;
}

static uint64_t group_of(uint64_t key) {
  return key >> 56;
}
static uint64_t habit_of(uint64_t key) {
  return key >> 40;
}
static size_t stroke_of(uint64_t key) {
  return (size_t)(key & 0xFFFFFFFFFF);
}

static int by_value(const void* a, const void* b) {
  const uint64_t x = *(const uint64_t*)a;
  const uint64_t y = *(const uint64_t*)b;
  return x < y ? -1 : x > y;
}

typedef uint64_t (*part_fn)(uint64_t key);

/* Where the run of equal parts that begins at `first` ends. */
static size_t run_end(const dt__work* work, size_t first, part_fn part) {
  size_t end = first + 1;
  while (end < work->count && part(work->key[end]) == part(work->key[first])) {
    ++end;
  }
  return end;
}

static double mean_residual(const dt__work* work, size_t first, size_t end) {
  double sum = 0.0;
  for (size_t k = first; k < end; ++k) {
    sum += work->residual_s[stroke_of(work->key[k])];
  }
  return sum / (double)(end - first);
}

/* One group: a voice on or off the beat. Its habits are taken about their common mean, so that
 * what is removed never moves the voice's placement. */
static void feel_of_group(dt__work* work, size_t first, size_t end) {
  double sum = 0.0;
  size_t total = 0;
  size_t habits = 0;
  for (size_t at = first, next; at < end; at = next) {
    next = run_end(work, at, habit_of);
    if (next - at >= HABIT_MIN) {
      sum += mean_residual(work, at, next) * (double)(next - at);
      total += next - at;
      ++habits;
    }
  }
  if (habits < 2) {
    return;
  }
  for (size_t at = first, next; at < end; at = next) {
    next = run_end(work, at, habit_of);
    if (next - at < HABIT_MIN) {
      continue;
    }
    const double feel_s = mean_residual(work, at, next) - sum / (double)total;
    for (size_t k = at; k < next; ++k) {
      work->feel_s[stroke_of(work->key[k])] = feel_s;
    }
  }
  work->feel_cells += habits - 1;
}

void dt__take_out_feel(dt__work* work) {
  work->feel_cells = 0;
  for (size_t i = 0; i < work->count; ++i) {
    work->feel_s[i] = 0.0;
    work->key[i] = key_of(work, i);
  }
  qsort(work->key, work->count, sizeof(*work->key), by_value);
  for (size_t at = 0, next; at < work->count; at = next) {
    next = run_end(work, at, group_of);
    feel_of_group(work, at, next);
  }
  for (size_t i = 0; i < work->count; ++i) {
    work->residual_s[i] -= work->feel_s[i];
  }
}

/* Limbs differ in steadiness; a few strokes of a voice are pulled towards the others. */
void dt__voice_variance(dt__work* work) {
  static const double PRIOR_STROKES = 10.0;
  double square[DT_VOICE_COUNT] = {0};
  double sum[DT_VOICE_COUNT] = {0};
  double count[DT_VOICE_COUNT] = {0};
  double all = 0.0;
  for (size_t i = 0; i < work->count; ++i) {
    sum[work->voice[i]] += work->residual_s[i];
    count[work->voice[i]] += 1.0;
  }
  for (size_t i = 0; i < work->count; ++i) {
    const dt_voice v = work->voice[i];
    const double away = work->residual_s[i] - sum[v] / count[v];
    square[v] += away * away;
    all += away * away / (double)work->count;
  }
  double mean = 0.0;
  for (size_t i = 0; i < work->count; ++i) {
    const dt_voice v = work->voice[i];
    work->white[i] =
        all > 0.0 ? (square[v] + PRIOR_STROKES * all) / (count[v] + PRIOR_STROKES) / all : 1.0;
    mean += work->white[i] / (double)work->count;
  }
  double weighted = 0.0;
  for (size_t i = 0; i < work->count; ++i) {
    const double away = work->residual_s[i] - sum[work->voice[i]] / count[work->voice[i]];
    work->white[i] /= mean;
    weighted += away * away / work->white[i] / (double)work->count;
  }
  work->white_gain = weighted > 0.0 ? all / weighted : 1.0;
}
