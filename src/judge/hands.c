#include "dt/hands.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "effect_internal.h"
#include "local_scatter_internal.h"
#include "spots_internal.h"

/* One limb against another: placement and loudness other things equal, scatter about the local
 * pulse. */

enum { CLASSES = DT_LIMB_COUNT + 1, LOUDNESSES = 3 };

dt_limb dt_limb_of_hand(char hand) {
  switch (hand) {
  case 'R':
    return DT_LIMB_RIGHT;
  case 'L':
    return DT_LIMB_LEFT;
  case 'K':
    return DT_LIMB_KICK;
  case 'H':
    return DT_LIMB_HIHAT;
  default:
    return (dt_limb)DT_LIMB_COUNT;
  }
}

const char* dt_limb_name(dt_limb limb) {
  switch (limb) {
  case DT_LIMB_RIGHT:
    return "right hand";
  case DT_LIMB_LEFT:
    return "left hand";
  case DT_LIMB_KICK:
    return "right foot";
  case DT_LIMB_HIHAT:
    return "left foot";
  default:
    return "";
  }
}

typedef struct work {
  const dt_marks* marks;
  const dt_allocator* allocator;
  dt__spots spots;
  size_t plays[DT_LIMB_COUNT][DT_VOICE_COUNT];
  double* x;
  double* d;
  double* series;
  double* scratch; /* 2 * (count + voices) */
  int* first;
  int* second;
} work;

static dt_limb limb_of(const work* w, size_t spot) {
  return dt_limb_of_hand(w->marks->items[w->spots.items[spot].mark].hand);
}

static void layout(work* w, dt_arena* arena) {
  const size_t n = w->spots.count;
  w->x = dt_arena_take(arena, n, sizeof(double));
  w->d = dt_arena_take(arena, n, sizeof(double));
  w->series = dt_arena_take(arena, n, sizeof(double));
  w->scratch = dt_arena_take(arena, 2 * (n + DT_VOICE_COUNT * LOUDNESSES), sizeof(double));
  w->first = dt_arena_take(arena, n, sizeof(int));
  w->second = dt_arena_take(arena, n, sizeof(int));
}

/* --- one limb -------------------------------------------------------------------------------- */

/* Its offset with all strokes of known limbs averaging 0: what it does, less its share of that. */
static dt_estimate limb_offset(work* w, dt_limb limb) {
  dt__effect_data data = {0, w->x, w->d, w->first, NULL, (int)w->spots.block_count, 0, w->scratch};
  size_t own = 0;
  for (size_t i = 0; i < w->spots.count; ++i) {
    const dt__spot* spot = &w->spots.items[i];
    const dt_limb other = limb_of(w, i);
    if (other == (dt_limb)DT_LIMB_COUNT) {
      continue;
    }
    own += other == limb;
    w->first[data.count] = spot->block;
    w->x[data.count] = w->marks->items[spot->mark].own_ms;
    w->d[data.count++] = other == limb ? 1.0 : 0.0;
  }
  if (own < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  const double share = (double)own / (double)data.count;
  return dt__estimate_scaled(dt__effect(&data), 1.0 - share);
}

static dt_estimate limb_level(work* w, dt_limb limb) {
  size_t count = 0;
  for (size_t i = 0; i < w->spots.count; ++i) {
    const double level_db = w->marks->items[w->spots.items[i].mark].level_db;
    if (limb_of(w, i) == limb && isfinite(level_db)) {
      w->x[count++] = level_db;
    }
  }
  return dt__series_mean(w->x, count);
}

static size_t limb_count(const work* w, int limb) {
  size_t count = 0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    count += w->plays[limb][v];
  }
  return count;
}

static dt_status measure_limbs(work* w, dt_hands* hands) {
  dt__local local;
  for (size_t i = 0; i < w->spots.count; ++i) {
    w->spots.items[i].kind = (int)limb_of(w, i);
  }
  const dt_status status =
      dt__local_scatter(&local, w->allocator, &w->spots, CLASSES, (double)w->marks->bar_ticks);
  if (status != DT_OK) {
    return status;
  }
  for (int k = 0; k < DT_LIMB_COUNT; ++k) {
    if (limb_count(w, k) == 0) {
      continue;
    }
    dt_limb_timing* out = &hands->limbs[hands->limb_count++];
    out->limb = (dt_limb)k;
    out->count = limb_count(w, k);
    out->offset_ms = limb_offset(w, out->limb);
    out->scatter_ms = dt__local_sd(&local, k, w->marks->jitter_ms);
    out->level_db = limb_level(w, out->limb);
  }
  dt__local_clear(&local, w->allocator);
  return DT_OK;
}

/* --- one against another --------------------------------------------------------------------- */

static bool both_play(const work* w, const dt_limb_contrast* c, int voice) {
  return w->plays[c->limb][voice] > 0 && w->plays[c->than][voice] > 0;
}

/* 0 the limb, 1 the other, 2 any other stroke or drum. */
static int side_of(const work* w, const dt_limb_contrast* c, size_t i) {
  const dt_limb limb = limb_of(w, i);
  if ((limb != c->limb && limb != c->than) ||
      (c->same_drum && !both_play(w, c, (int)w->spots.items[i].voice))) {
    return 2;
  }
  return limb == c->limb ? 0 : 1;
}

/* Loudness: strokes of one drum written equally loud; placement: strokes of one drum. */
static dt_estimate contrast(work* w, const dt_limb_contrast* c, bool loudness) {
  dt__effect_data data = {0,
                          w->x,
                          w->d,
                          w->first,
                          c->same_drum || loudness ? w->second : NULL,
                          (int)w->spots.block_count,
                          DT_VOICE_COUNT * LOUDNESSES,
                          w->scratch};
  size_t count[2] = {0};
  for (size_t i = 0; i < w->spots.count; ++i) {
    const dt__spot* spot = &w->spots.items[i];
    const dt_mark* mark = &w->marks->items[spot->mark];
    const int side = side_of(w, c, i);
    const double x = loudness ? mark->level_db : mark->own_ms;
    if (side == 2 || !isfinite(x)) {
      continue;
    }
    const int voice = c->same_drum ? (int)mark->voice : 0;
    w->first[data.count] = spot->block;
    w->second[data.count] = voice * LOUDNESSES + (loudness ? (int)mark->loud : 0);
    w->x[data.count] = x;
    w->d[data.count++] = side == 0 ? 1.0 : 0.0;
    ++count[side];
  }
  if (count[0] < DT__SERIES_MIN || count[1] < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  return dt__effect(&data);
}

static dt_status measure_contrast(work* w, dt_limb limb, dt_limb than, dt_limb_contrast* c) {
  memset(c, 0, sizeof(*c));
  c->limb = limb;
  c->than = than;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    c->same_drum |= both_play(w, c, v);
  }
  for (size_t i = 0; i < w->spots.count; ++i) {
    const int side = side_of(w, c, i);
    w->spots.items[i].kind = side;
    if (side < 2) {
      ++c->count[side];
    }
  }
  dt__local local;
  const dt_status status =
      dt__local_scatter(&local, w->allocator, &w->spots, 3, (double)w->marks->bar_ticks);
  if (status != DT_OK) {
    return status;
  }
  c->scatter_ratio = dt__local_ratio(&local, 0, 1, w->marks->jitter_ms, w->series);
  dt__local_clear(&local, w->allocator);
  c->later_ms = contrast(w, c, false);
  c->louder_db = contrast(w, c, true);
  return DT_OK;
}

static dt_status measure_contrasts(work* w, dt_hands* hands) {
  dt_status status = DT_OK;
  for (int a = 0; a < DT_LIMB_COUNT; ++a) {
    for (int b = a + 1; b < DT_LIMB_COUNT && status == DT_OK; ++b) {
      if (limb_count(w, a) == 0 || limb_count(w, b) == 0) {
        continue;
      }
      dt_limb_contrast* c = &hands->contrasts[hands->contrast_count++];
      status = measure_contrast(w, (dt_limb)b, (dt_limb)a, c);
      if (b == DT_LIMB_LEFT) {
        hands->left_right = *c;
      }
    }
  }
  return status;
}

/* --- all ------------------------------------------------------------------------------------- */

static void start(dt_hands* hands) {
  memset(hands, 0, sizeof(*hands));
  hands->left_right.limb = DT_LIMB_LEFT;
  hands->left_right.than = DT_LIMB_RIGHT;
  hands->left_right.later_ms = dt__unknown(DT_NOT_TESTABLE);
  hands->left_right.scatter_ratio = dt__unknown(DT_NOT_TESTABLE);
  hands->left_right.louder_db = dt__unknown(DT_NOT_TESTABLE);
}

/* Who plays what; and what a limb does everywhere is not scatter: out of what is left. */
static void count_limbs(work* w) {
  double sum[DT_LIMB_COUNT + 1][DT_VOICE_COUNT] = {{0}};
  double n[DT_LIMB_COUNT + 1][DT_VOICE_COUNT] = {{0}};
  for (size_t i = 0; i < w->spots.count; ++i) {
    const dt__spot* spot = &w->spots.items[i];
    const dt_limb limb = limb_of(w, i);
    sum[limb][spot->voice] += spot->x_ms;
    n[limb][spot->voice] += 1.0;
    if (limb != (dt_limb)DT_LIMB_COUNT) {
      ++w->plays[limb][spot->voice];
    }
  }
  for (size_t i = 0; i < w->spots.count; ++i) {
    dt__spot* spot = &w->spots.items[i];
    const dt_limb limb = limb_of(w, i);
    spot->x_ms -= sum[limb][spot->voice] / n[limb][spot->voice];
  }
}

static dt_status measure(work* w, dt_hands* hands) {
  dt_arena arena = dt_arena_measure();
  layout(w, &arena);
  const size_t bytes = arena.used;
  void* memory = dt_alloc(w->allocator, bytes);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, bytes);
  layout(w, &arena);
  dt__spots_fit(&w->spots);
  count_limbs(w);
  dt_status status = measure_limbs(w, hands);
  if (status == DT_OK) {
    status = measure_contrasts(w, hands);
  }
  dt_release(w->allocator, memory, bytes);
  return status;
}

static bool sticking_known(const dt_marks* marks) {
  for (size_t i = 0; i < marks->count; ++i) {
    if (dt_limb_of_hand(marks->items[i].hand) != (dt_limb)DT_LIMB_COUNT) {
      return true;
    }
  }
  return false;
}

dt_status dt_hands_measure(dt_hands* hands, const dt_allocator* allocator, const dt_marks* marks) {
  start(hands);
  if (!sticking_known(marks)) {
    return DT_OK;
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.marks = marks;
  w.allocator = allocator;
  dt_status status = dt__spots_make(&w.spots, allocator, marks);
  if (status == DT_OK && w.spots.count > 0) {
    status = measure(&w, hands);
  }
  dt__spots_clear(&w.spots, allocator);
  if (status != DT_OK) {
    start(hands);
  }
  return status;
}
