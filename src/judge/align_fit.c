#include <math.h>
#include <string.h>

#include "align_internal.h"
#include "dt/arena.h"
#include "dt/stat.h"

/*
 * Where does this player put the targets? A line through the strokes of the beats around (local
 * linear regression with Tukey's bisquare weights; Cleveland 1979) follows tempo and placement, and
 * habits by voice and place in the beat (a laid-back snare, more swing than written) come on top.
 */
enum { PLACES = 12, WIDER = 4, ENOUGH = 6 };
static const double REACH_TICKS = 2.0 * DT_TICKS_PER_QUARTER;
static const double HABIT_MAX_S = 0.06;
static const double HABIT_PRIOR = 4.0; /* strokes' worth of having none */
static const double LEAVE_BEATS = 0.08;
static const double LEAVE_S = 0.025;
static const double SD_MIN_S = 0.006;
static const double SD_MAX_S = 0.05;

typedef struct hit {
  double place;
  double ref;
  double beat_s;
  double weight;
  int cell; /* of the habits */
} hit;

typedef struct fit {
  hit* hits;
  size_t count;
  double* away; /* per hit, seconds */
  double habit_s[DT_VOICE_COUNT * PLACES];
} fit;

static int cell_of(const dt__parts* parts, const dt__target* target) {
  const dt_chart_note* note = &parts->events[target->event].note;
  const dt_tick tick = note->tick + target->order * note->roll_step;
  dt_tick in_beat = tick % DT_TICKS_PER_QUARTER;
  in_beat += in_beat < 0 ? DT_TICKS_PER_QUARTER : 0;
  const int place = (int)(in_beat * PLACES / DT_TICKS_PER_QUARTER);
  return (int)dt_drum_voice(target->drum) * PLACES + place;
}

static double bisquare(double away_s, double sd_s) {
  const double u = away_s / (4.7 * sd_s);
  return fabs(u) < 1.0 ? (1.0 - u * u) * (1.0 - u * u) : 0.0;
}

static void gather(fit* f, const dt__score* score, const dt__parts* parts, double sd_s) {
  f->count = 0;
  for (size_t k = 0; k < parts->target_count; ++k) {
    const dt__target* target = &parts->targets[k];
    if (target->stroke == SIZE_MAX) {
      continue;
    }
    const double ref = score->ref[target->stroke];
    const double weight = bisquare((ref - target->ref) * target->beat_s, 2.0 * sd_s);
    const hit h = {target->place, ref, target->beat_s, weight + 1e-3, cell_of(parts, target)};
    f->hits[f->count++] = h;
  }
}

typedef struct line {
  double n, x, y, xx, xy;
} line;

static line sum_around(const fit* f, double place, double reach, size_t* first) {
  line sum = {0.0, 0.0, 0.0, 0.0, 0.0};
  while (*first < f->count && f->hits[*first].place < place - reach) {
    ++*first;
  }
  for (size_t i = *first; i < f->count && f->hits[i].place <= place + reach; ++i) {
    const hit* h = &f->hits[i];
    const double x = h->place - place;
    const double u = x / reach;
    const double w = h->weight * (1.0 - u * u);
    const double y = h->ref - f->habit_s[h->cell] / h->beat_s;
    sum.n += w;
    sum.x += w * x;
    sum.y += w * y;
    sum.xx += w * x * x;
    sum.xy += w * x * y;
  }
  return sum;
}

/* The line's value there; NAN where too few strokes say anything. */
static double value_at(const fit* f, double place, size_t* first) {
  double reach = REACH_TICKS;
  for (int wider = 0; wider < WIDER; ++wider, reach *= 2.0) {
    size_t from = *first;
    if (wider > 0) {
      while (from > 0 && f->hits[from - 1].place >= place - reach) {
        --from;
      }
    }
    const line s = sum_around(f, place, reach, wider > 0 ? &from : first);
    const double spread = s.n > 0.0 ? s.xx / s.n - s.x * s.x / (s.n * s.n) : 0.0;
    if (s.n >= ENOUGH && spread > 0.02 * reach * reach) {
      const double slope = (s.xy - s.x * s.y / s.n) / (spread * s.n);
      return (s.y - slope * s.x) / s.n;
    }
  }
  return (double)NAN;
}

/* Lines through few strokes can lose their way; the path does not by more than this. */
static double near_path(const dt__target* target, double ref) {
  const double reach = LEAVE_BEATS + LEAVE_S / target->beat_s;
  return fmin(fmax(ref, target->path - reach), target->path + reach);
}

static void smooth(const fit* f, dt__parts* parts) {
  size_t first = 0;
  double last = 0.0; /* how far the last one moved */
  for (size_t k = 0; k < parts->target_count; ++k) {
    dt__target* target = &parts->targets[k];
    const double habit = f->habit_s[cell_of(parts, target)] / target->beat_s;
    double at = (double)NAN;
    if (k > 0 && target[-1].place == target->place) {
      at = target[-1].ref - f->habit_s[cell_of(parts, target - 1)] / target[-1].beat_s;
    } else {
      at = value_at(f, target->place, &first);
    }
    if (isnan(at)) {
      target->ref += last + habit;
      continue;
    }
    at = near_path(target, at);
    last = at - target->ref;
    target->ref = at + habit;
  }
}

static void residuals(fit* f, const dt__score* score, const dt__parts* parts) {
  size_t n = 0;
  for (size_t k = 0; k < parts->target_count; ++k) {
    const dt__target* target = &parts->targets[k];
    if (target->stroke != SIZE_MAX) {
      f->away[n++] = (score->ref[target->stroke] - target->ref) * target->beat_s;
    }
  }
}

static void learn_habits(fit* f, double sd_s) {
  double sum[DT_VOICE_COUNT * PLACES] = {0.0};
  double weight[DT_VOICE_COUNT * PLACES] = {0.0};
  for (size_t i = 0; i < f->count; ++i) {
    const double w = bisquare(f->away[i], sd_s);
    sum[f->hits[i].cell] += w * f->away[i];
    weight[f->hits[i].cell] += w;
  }
  for (int c = 0; c < DT_VOICE_COUNT * PLACES; ++c) {
    const double habit_s = sum[c] / (weight[c] + HABIT_PRIOR);
    f->habit_s[c] = fmin(fmax(habit_s, -HABIT_MAX_S), HABIT_MAX_S);
  }
}

static double scatter(fit* f) {
  for (size_t i = 0; i < f->count; ++i) {
    f->away[i] = fabs(f->away[i]);
  }
  const double sd_s = 1.4826 * dt_median(f->away, f->count, f->away);
  return fmin(fmax(sd_s, SD_MIN_S), SD_MAX_S);
}

dt_status dt__refit(const dt__score* score, dt__parts* parts, double* sd_s) {
  fit f;
  memset(&f, 0, sizeof(f));
  const size_t size = parts->target_count * (sizeof(hit) + sizeof(double));
  void* memory = dt_alloc(score->allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  f.hits = memory;
  f.away = (double*)(void*)(f.hits + parts->target_count);
  gather(&f, score, parts, *sd_s);
  if (f.count > 0) {
    smooth(&f, parts);
    residuals(&f, score, parts);
    learn_habits(&f, *sd_s);
    smooth(&f, parts);
    residuals(&f, score, parts);
    *sd_s = scatter(&f);
  }
  dt_release(score->allocator, memory, size);
  return DT_OK;
}
