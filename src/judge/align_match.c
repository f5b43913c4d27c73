#include <math.h>
#include <string.h>

#include "align_internal.h"
#include "dt/arena.h"

/*
 * Which stroke is which target, drum by drum: both in time order, matched by dynamic programming
 * (Needleman & Wunsch 1970) within the window in which a stroke may still be meant for a target.
 * Drums that stand for one another are matched together.
 */
enum { BAND = 64 }; /* strokes looked at for one target */
static const double WINDOW_S = 0.25;
static const double WINDOW_SD =
    4.6; /* where a match costs as much as a missed note and an extra stroke */
static const double NEVER = 1e9;

/* In units of the player's own scatter: normal, and beyond 3 SD a straight line. */
double dt__match_cost(double away_s, double sd_s) {
  const double z = fabs(away_s) / sd_s;
  return z < 3.0 ? 0.5 * z * z : 4.5 + 3.5 * (z - 3.0);
}

typedef struct band {
  size_t low;
  size_t high; /* one past the last */
  size_t bits; /* where its traces begin */
} band;

typedef struct group {
  const dt__score* score;
  dt__parts* parts;
  double sd_s;
  size_t* target;
  size_t target_count;
  size_t* stroke;
  size_t stroke_count;
  band* bands;
  double* open; /* cost with so many strokes used up, before the target */
  double* done; /* after it */
  bool* used;   /* per stroke of the take */
  void* memory;
  size_t size;
} group;

static double cost_of(const group* g, size_t t, size_t s) {
  const dt__target* target = &g->parts->targets[g->target[t]];
  const size_t i = g->stroke[s];
  const double distance = dt__drum_distance(g->score->take->strokes.items[i].drum, target->drum);
  if (distance >= DT__OTHER_DRUM) {
    return NEVER;
  }
  const double away_s = (g->score->ref[i] - target->ref) * target->beat_s;
  return fabs(away_s) > WINDOW_S ? NEVER : distance + dt__match_cost(away_s, g->sd_s);
}

/* The strokes within each target's window; windows never go back. */
static size_t find_bands(group* g) {
  size_t low = 0;
  size_t high = 0;
  size_t bits = 0;
  const double reach_s = fmin(WINDOW_S, WINDOW_SD * g->sd_s);
  for (size_t t = 0; t < g->target_count; ++t) {
    const dt__target* target = &g->parts->targets[g->target[t]];
    const double reach = reach_s / target->beat_s;
    const size_t before = low;
    while (low < g->stroke_count && g->score->ref[g->stroke[low]] < target->ref - reach) {
      ++low;
    }
    high = high > low ? high : low;
    while (high < g->stroke_count && g->score->ref[g->stroke[high]] <= target->ref + reach) {
      ++high;
    }
    if (high - low > BAND) {
      low = high - BAND;
    }
    const band b = {low, high, bits};
    g->bands[t] = b;
    bits += high - before + 1;
  }
  return bits;
}

enum { CAME_EXTRA = 1, CAME_MATCH = 2 };

static void forward(const group* g, unsigned char* bits) {
  double* open = g->open;
  double* done = g->done;
  size_t low = 0;
  size_t high = 0;
  done[0] = 0.0;
  for (size_t t = 0; t < g->target_count; ++t) {
    const band* b = &g->bands[t];
    unsigned char* bit = bits + b->bits - low;
    for (size_t j = low; j <= b->high; ++j) {
      const double kept = j <= high ? done[j] : NEVER;
      const double extra = j > low ? open[j - 1] + dt__missed_cost : NEVER;
      open[j] = kept <= extra ? kept : extra;
      bit[j] = kept <= extra ? 0 : CAME_EXTRA;
    }
    for (size_t j = b->low; j <= b->high; ++j) {
      const double missed = open[j] + dt__missed_cost;
      const double matched = j > b->low ? open[j - 1] + cost_of(g, t, j - 1) : NEVER;
      done[j] = matched < missed ? matched : missed;
      bit[j] = (unsigned char)(bit[j] | (matched < missed ? CAME_MATCH : 0));
    }
    low = b->low;
    high = b->high;
  }
}

static void backward(const group* g, const unsigned char* bits) {
  if (g->target_count == 0) {
    return;
  }
  const band* last = &g->bands[g->target_count - 1];
  size_t j = last->low;
  for (size_t k = last->low; k <= last->high; ++k) {
    const double best = g->done[j] + dt__missed_cost * (double)(g->stroke_count - j);
    j = g->done[k] + dt__missed_cost * (double)(g->stroke_count - k) < best ? k : j;
  }
  for (size_t t = g->target_count; t-- > 0;) {
    const unsigned char* bit = bits + g->bands[t].bits - (t > 0 ? g->bands[t - 1].low : 0);
    size_t* given = &g->parts->targets[g->target[t]].stroke;
    *given = SIZE_MAX;
    if (bit[j] & CAME_MATCH) {
      *given = g->stroke[--j];
    }
    while (bit[j] & CAME_EXTRA) {
      --j;
    }
  }
}

static dt_status match_group(group* g) {
  const size_t size = find_bands(g);
  unsigned char* bits = dt_alloc(g->score->allocator, size + 1);
  if (!bits) {
    return DT_NO_MEMORY;
  }
  forward(g, bits);
  backward(g, bits);
  dt_release(g->score->allocator, bits, size + 1);
  return DT_OK;
}

/* Drums of one group can be taken for one another, at least by some third. */
static int group_of(dt_drum drum) {
  switch (drum) {
  case DT_RIMSHOT:
  case DT_SNARE_BRUSH:
    return DT_SNARE;
  case DT_HIHAT_CLOSED:
  case DT_HIHAT_OPEN:
    return DT_HIHAT;
  case DT_RIDE_BELL:
    return DT_RIDE;
  case DT_SPLASH:
  case DT_CHINA:
    return DT_CRASH;
  case DT_COWBELL:
  case DT_TAMBOURINE:
  case DT_CLAP:
    return DT_DRUM_OTHER;
  default:
    return (int)drum;
  }
}

static void gather(group* g, int which) {
  g->target_count = g->stroke_count = 0;
  for (size_t k = 0; k < g->parts->target_count; ++k) {
    if (group_of(g->parts->targets[k].drum) == which) {
      g->target[g->target_count++] = k;
    }
  }
  for (size_t i = 0; i < g->score->count; ++i) {
    if (group_of(g->score->take->strokes.items[i].drum) == which) {
      g->stroke[g->stroke_count++] = i;
    }
  }
}

static void layout(group* g, dt_arena* arena) {
  const size_t targets = g->parts->target_count;
  const size_t strokes = g->score->count;
  g->target = dt_arena_take(arena, targets + 1, sizeof(size_t));
  g->stroke = dt_arena_take(arena, strokes + 1, sizeof(size_t));
  g->bands = dt_arena_take(arena, targets + 1, sizeof(band));
  g->open = dt_arena_take(arena, strokes + 2, sizeof(double));
  g->done = dt_arena_take(arena, strokes + 2, sizeof(double));
  g->used = dt_arena_take(arena, strokes + 1, sizeof(bool));
}

/* The next stroke on the same drum, near enough to be what a grace stroke leads to; or SIZE_MAX. */
static size_t led_to(const dt__score* score, size_t stroke) {
  const dt_stroke* strokes = score->take->strokes.items;
  for (size_t i = stroke + 1; i < score->count; ++i) {
    if (strokes[i].time_s - strokes[stroke].time_s > dt__grace_max_s) {
      return SIZE_MAX;
    }
    if (strokes[i].drum == strokes[stroke].drum) {
      return i;
    }
  }
  return SIZE_MAX;
}

/* A flam or drag that was given its grace stroke wants the stroke that follows. */
static void move_to_main(const dt__score* score, dt__parts* parts, bool* used) {
  memset(used, 0, score->count * sizeof(bool));
  for (size_t k = 0; k < parts->target_count; ++k) {
    if (parts->targets[k].stroke != SIZE_MAX) {
      used[parts->targets[k].stroke] = true;
    }
  }
  for (size_t k = 0; k < parts->target_count; ++k) {
    dt__target* target = &parts->targets[k];
    const dt_ornament ornament = parts->events[target->event].note.ornament;
    const int graces = ornament == DT_FLAM ? 1 : ornament == DT_DRAG ? 2 : 0;
    for (int g = 0; g < graces && target->stroke != SIZE_MAX; ++g) {
      const bool quick = score->loudness[target->stroke] == DT__QUICK;
      const size_t next = quick ? led_to(score, target->stroke) : SIZE_MAX;
      if (next == SIZE_MAX || used[next]) {
        break;
      }
      used[target->stroke] = false;
      used[next] = true;
      target->stroke = next;
    }
  }
}

dt_status dt__match(const dt__score* score, dt__parts* parts, double sd_s) {
  group g;
  memset(&g, 0, sizeof(g));
  g.score = score;
  g.parts = parts;
  g.sd_s = sd_s;
  dt_arena arena = dt_arena_measure();
  layout(&g, &arena);
  g.size = arena.used;
  g.memory = dt_alloc(score->allocator, g.size);
  if (!g.memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(g.memory, g.size);
  layout(&g, &arena);
  dt_status status = DT_OK;
  for (int which = 0; which < DT_DRUM_COUNT && status == DT_OK; ++which) {
    if (group_of((dt_drum)which) != which) {
      continue;
    }
    gather(&g, which);
    status = match_group(&g);
  }
  if (status == DT_OK) {
    move_to_main(score, parts, g.used);
  }
  dt_release(score->allocator, g.memory, g.size);
  return status;
}
