#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/pulse.h"
#include "dt/stat.h"
#include "pulse_internal.h"

enum {
  PHASES = 192, /* states: 1/192 of a beat, 2.6 ms at 120 bpm */
  STEP_MAX = 6, /* phases a beat: 3 % */
  CLASSES = 3
};

static const double SPREAD_BEATS = 0.035; /* of strokes around their place, 17 ms at 120 bpm */
static const double STRAY = 0.05;         /* share of strokes that stand anywhere */
static const double STEP_COST = 0.8;      /* log odds of each phase stepped */
static const double ANCHOR_BEATS = 0.08;  /* how near a click one starts */
static const double REACH_BEATS = 0.13;   /* and stays */

/* How often a stroke of each voice stands at a twelfth of the beat: straight and triplet places
 * that drummers use, on-beats and off-beats first. Rough by intent; only phase is read from it. */
static const double PLACES[CLASSES][12] = {
    {.50, .00, .00, .08, .02, .00, .20, .00, .05, .13, .00, .02}, /* kick */
    {.56, .00, .00, .10, .03, .00, .14, .00, .05, .10, .00, .02}, /* snare */
    {.42, .00, .00, .09, .03, .00, .30, .00, .06, .10, .00, .00}, /* the rest */
};

static int class_of(dt_voice voice) {
  return voice == DT_VOICE_KICK ? 0 : voice == DT_VOICE_SNARE ? 1 : 2;
}

/* Log density of a stroke at each phase: entry d + PHASES - k for one that falls at reference phase
 * k when the player is d behind. Written twice over, so that every k reads one straight row. */
static void density_table(double table[CLASSES][2 * PHASES]) {
  for (int c = 0; c < CLASSES; ++c) {
    for (int k = 0; k < PHASES; ++k) {
      double sum = STRAY;
      for (int place = 0; place < 12; ++place) {
        double away = (double)k / PHASES - place / 12.0;
        away -= floor(away + 0.5);
        const double z = away / SPREAD_BEATS;
        sum += (1.0 - STRAY) * PLACES[c][place] * exp(-0.5 * z * z) /
               (SPREAD_BEATS * sqrt(2.0 * DT_PI));
      }
      table[c][(PHASES - k) % PHASES] = table[c][(PHASES - k) % PHASES + PHASES] = log(sum);
    }
  }
}

/* The state at each beat, and what it took to get there. */
typedef struct lattice {
  double (*table)[2 * PHASES];
  signed char* step; /* step_count x PHASES: how the best path came here */
  double* path;      /* step_count: phase shift, beats, unwrapped */
  double score[PHASES];
  long first_beat;
  dt_anchor anchor;
  size_t step_count;
} lattice;

static void add_row(double* restrict score, const double* restrict density) {
  for (int d = 0; d < PHASES; ++d) {
    score[d] += density[d];
  }
}

static void observe(lattice* l, const dt_pulse_strokes* strokes, const double* reference_beat,
                    size_t* next, long beat) {
  for (; *next < strokes->count && reference_beat[*next] < (double)beat + 0.5; ++*next) {
    const double within = reference_beat[*next] - floor(reference_beat[*next]);
    const int at = (int)(within * PHASES);
    add_row(l->score, l->table[class_of(strokes->voice[*next])] + PHASES - at);
  }
}

static void advance(lattice* l, signed char* came) {
  double around[PHASES + 2 * STEP_MAX]; /* the circle, and a little of it again at both ends */
  double moved[PHASES];
  double step[PHASES];
  for (int d = 0; d < PHASES + 2 * STEP_MAX; ++d) {
    around[d] = l->score[(d - STEP_MAX + PHASES) % PHASES];
  }
  for (int d = 0; d < PHASES; ++d) {
    moved[d] = -(double)INFINITY;
    step[d] = 0.0;
  }
  for (int j = -STEP_MAX; j <= STEP_MAX; ++j) {
    const double* from = around + STEP_MAX - j;
    const double cost = STEP_COST * abs(j);
    for (int d = 0; d < PHASES; ++d) {
      const double score = from[d] - cost;
      const bool better = score > moved[d];
      moved[d] = better ? score : moved[d];
      step[d] = better ? (double)j : step[d];
    }
  }
  for (int d = 0; d < PHASES; ++d) {
    came[d] = (signed char)step[d];
    l->score[d] = moved[d];
  }
}

static double signed_phase(int d) {
  return (d <= PHASES / 2 ? d : d - PHASES) / (double)PHASES;
}

static void start(lattice* l) {
  for (int d = 0; d < PHASES; ++d) {
    const double away = signed_phase(d) / ANCHOR_BEATS;
    l->score[d] = l->anchor == DT_ANCHOR_NONE ? 0.0 : -0.5 * away * away;
  }
}

/* Who plays to the click stays near it, whatever his part's accents look like. */
static void hold(lattice* l) {
  for (int d = 0; d < PHASES && l->anchor == DT_ANCHOR_ALL; ++d) {
    if (fabs(signed_phase(d)) > REACH_BEATS) {
      l->score[d] = -(double)INFINITY;
    }
  }
}

static double trace_back(lattice* l) {
  int best = 0;
  for (int d = 1; d < PHASES; ++d) {
    best = l->score[d] > l->score[best] ? d : best;
  }
  /* Unwrapped so that the path starts within half a beat of 0. */
  int at = best;
  long shift = 0;
  for (size_t k = l->step_count; k-- > 0;) {
    l->path[k] = (double)shift / PHASES;
    const int j = l->step[k * PHASES + (size_t)at];
    shift -= j;
    at = (at - j + PHASES) % PHASES;
  }
  const double first = (double)(at <= PHASES / 2 ? at : at - PHASES) / PHASES;
  const double offset = first - (double)shift / PHASES;
  for (size_t k = 0; k < l->step_count; ++k) {
    l->path[k] += offset;
  }
  return l->score[best];
}

/* The path in phases is a staircase; five beats of it make a slope. */
static double smooth_shift(const lattice* l, double reference_beat) {
  const double at = reference_beat - (double)l->first_beat;
  double sum = 0.0;
  for (int k = -2; k <= 2; ++k) {
    const double x = fmin(fmax(at + k, 0.0), (double)(l->step_count - 1));
    const size_t low = (size_t)x;
    const size_t high = low + 1 < l->step_count ? low + 1 : low;
    sum += l->path[low] + (x - (double)low) * (l->path[high] - l->path[low]);
  }
  return sum / 5.0;
}

static void run(lattice* l, const dt_pulse_strokes* strokes, const double* reference_beat,
                double* own_beat, double* log_likelihood) {
  density_table(l->table);
  start(l);
  size_t next = 0;
  for (size_t k = 0; k < l->step_count; ++k) {
    advance(l, l->step + k * PHASES);
    hold(l);
    observe(l, strokes, reference_beat, &next, l->first_beat + (long)k);
  }
  *log_likelihood = trace_back(l) / (double)strokes->count;
  for (size_t i = 0; i < strokes->count; ++i) {
    own_beat[i] = reference_beat[i] - smooth_shift(l, reference_beat[i]);
  }
}

bool dt__pulse_sorted(const double* x, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!isfinite(x[i]) || (i > 0 && x[i] < x[i - 1])) {
      return false;
    }
  }
  return true;
}

static void layout(lattice* l, dt_arena* arena) {
  l->table = dt_arena_take(arena, CLASSES, sizeof(*l->table));
  l->path = dt_arena_take(arena, l->step_count, sizeof(double));
  l->step = dt_arena_take(arena, l->step_count, PHASES);
}

dt_status dt_pulse_phase(const dt_pulse_strokes* strokes, const double* reference_beat,
                         dt_anchor anchor, const dt_allocator* allocator, double* own_beat,
                         double* log_likelihood) {
  *log_likelihood = 0.0;
  if (strokes->count == 0) {
    return DT_OK;
  }
  const double span = reference_beat[strokes->count - 1] - reference_beat[0];
  if (!dt__pulse_sorted(reference_beat, strokes->count) || span > DT__PULSE_BEATS_MAX) {
    return DT_BAD_ARGUMENT;
  }
  lattice l;
  memset(&l, 0, sizeof(l));
  l.anchor = anchor;
  l.first_beat = lround(floor(reference_beat[0] + 0.5));
  l.step_count =
      (size_t)(lround(floor(reference_beat[strokes->count - 1] + 0.5)) - l.first_beat) + 1;
  dt_arena arena = dt_arena_measure();
  layout(&l, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&l, &arena);
  run(&l, strokes, reference_beat, own_beat, log_likelihood);
  dt_release(allocator, memory, size);
  return DT_OK;
}
