#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dt/arena.h"
#include "linalg_internal.h"
#include "noise_internal.h"

/* Where s is first looked at (logit), and how finely it may be looked at after. */
enum { COARSE_STEPS = 11, REFINE_ROUNDS = 4 };
static const double COARSE_FIRST = -4.0;
static const double HOPELESS = 30.0; /* log likelihood below the best from which none comes back */
static const double KEEP_WEIGHT = 1e-3; /* nodes less likely than this carry no interval */

static void add_shape(dt__shape* shapes, int* count, const char* name, double prior) {
  dt__shape* shape = &shapes[(*count)++];
  memset(shape, 0, sizeof(*shape));
  shape->name = name;
  shape->prior = prior;
}

/*
 * Memories of 1 to 16 beats cover phase correction of .06 to .6 a beat (Repp 2005; Repp, Keller &
 * Jacoby 2012), short ones likelier, as corrections of .2 to .5 are what is found. 1/f noise has
 * equal power in every factor of its memory, none shorter than strokes are apart; it goes on below
 * the take, and the slowest memory is that of a wave a dozen takes long. Without a click nothing
 * pulls the timekeeper back: a random walk, which is a memory far longer than the take. The weights
 * were set on simulated takes with seeds that docs/benchmarks.md does not use.
 */
int dt__noise_shapes(double span_beats, bool clicked, dt__shape* shapes) {
  static const char* const names[] = {"timekeeper, memory 1 beat", "timekeeper, memory 2 beats",
                                      "timekeeper, memory 4 beats", "timekeeper, memory 8 beats",
                                      "timekeeper, memory 16 beats"};
  static const double priors[] = {0.30, 0.30, 0.30, 0.07, 0.03};
  int count = 0;
  add_shape(shapes, &count, "white", clicked ? 0.9 : 0.3);
  double tau_beats = 1.0;
  for (int k = 0; k < 5; ++k, tau_beats *= 2.0) {
    add_shape(shapes, &count, names[k], 0.6 * priors[k]);
    shapes[count - 1].memory_count = 1;
    shapes[count - 1].tau_beats[0] = tau_beats;
  }
  add_shape(shapes, &count, "1/f", 0.35);
  dt__shape* pink = &shapes[count - 1];
  const double slowest_beats = fmax(0.3, 2.0 * span_beats);
  for (double tau = slowest_beats; tau >= 0.3 && pink->memory_count < DT__MEMORIES_MAX;
       tau *= 0.3) {
    pink->tau_beats[pink->memory_count++] = tau;
  }
  if (!clicked) {
    add_shape(shapes, &count, "free timekeeper", 5.0);
    dt__shape* walk = &shapes[count - 1];
    walk->memory_count = 1;
    walk->tau_beats[0] = 4.0 * fmax(span_beats, 8.0);
    /* Its size is counted per beat: a walk that steps a seventh of the motor noise a beat. */
    walk->centre = log(0.01 * walk->tau_beats[0]);
  }
  return count;
}

static const double FIRST_GUESS = 0.1;

static double logistic(double u) {
  return 1.0 / (1.0 + exp(-u));
}

/* The points of one shape, by rising s, with their log likelihoods. */
typedef struct scan {
  double u[DT__NODES_PER_SHAPE_MAX];
  double log_likelihood[DT__NODES_PER_SHAPE_MAX];
  dt__node* node[DT__NODES_PER_SHAPE_MAX];
  int count;
  double* decay;
} scan;

/* One fit in the making. */
typedef struct fit {
  dt__rows rows;
  dt__shape shapes[DT__SHAPES_MAX];
  scan scans[DT__SHAPES_MAX];
  int shape_count;
  double best; /* log likelihood so far */
  dt__node* nodes;
  size_t node_count;
  double* scratch;
} fit;

/* Log of a node's mass: likelihood x prior of s (uniform, so s (1 - s) du) x trapezoid width. */
static double log_mass(const scan* points, int i, const dt__shape* shape) {
  if (points->count == 1) {
    return points->log_likelihood[0] + log(shape->prior);
  }
  const double left = i > 0 ? points->u[i] - points->u[i - 1] : 0.0;
  const double right = i + 1 < points->count ? points->u[i + 1] - points->u[i] : 0.0;
  const double s = logistic(points->u[i] - shape->centre);
  return points->log_likelihood[i] + log(shape->prior * s * (1.0 - s) * 0.5 * (left + right));
}

static void look_at(fit* f, int shape, int at, double u) {
  scan* points = &f->scans[shape];
  for (int k = points->count; k > at; --k) {
    points->u[k] = points->u[k - 1];
    points->log_likelihood[k] = points->log_likelihood[k - 1];
    points->node[k] = points->node[k - 1];
  }
  const bool white = f->shapes[shape].memory_count == 0;
  dt__node* node = &f->nodes[f->node_count++];
  const double log_likelihood =
      dt__noise_filter(&f->rows, &f->shapes[shape], points->decay, white ? 0.0 : logistic(u), node);
  node->shape = shape;
  node->logit_s = white ? -(double)INFINITY : u;
  points->u[at] = u;
  points->log_likelihood[at] = isnan(log_likelihood) ? -(double)INFINITY : log_likelihood;
  points->node[at] = node;
  ++points->count;
  f->best = fmax(f->best, points->log_likelihood[at]);
}

/* Going on past this one, away from `before`: does it lead anywhere? */
static bool leads_on(const fit* f, int shape, int at, int before) {
  const double* log_likelihood = f->scans[shape].log_likelihood;
  return log_likelihood[at] >= f->best - HOPELESS || log_likelihood[at] > log_likelihood[before];
}

/* From the middle to both sides. */
static void coarse_scan(fit* f, int shape) {
  const scan* points = &f->scans[shape];
  const double first = f->shapes[shape].centre + COARSE_FIRST;
  const int middle = COARSE_STEPS / 2;
  look_at(f, shape, 0, first + middle);
  if (f->shapes[shape].memory_count == 0) {
    return;
  }
  for (int k = middle + 1; k < COARSE_STEPS; ++k) {
    look_at(f, shape, points->count, first + k);
    if (!leads_on(f, shape, points->count - 1, points->count - 2)) {
      break;
    }
  }
  for (int k = middle - 1; k >= 0; --k) {
    look_at(f, shape, 0, first + k);
    if (!leads_on(f, shape, 0, 1)) {
      break;
    }
  }
}

/* Halve the steps where the likelihood is worth it and changes by more than a unit. */
static void refine_scan(fit* f, int shape, double best) {
  const scan* points = &f->scans[shape];
  for (int round = 0; round < REFINE_ROUNDS; ++round) {
    for (int i = 0; i + 1 < points->count && points->count < DT__NODES_PER_SHAPE_MAX; ++i) {
      const double a = points->log_likelihood[i];
      const double b = points->log_likelihood[i + 1];
      if (fmax(a, b) < best - 6.0 || fabs(a - b) < 1.0) {
        continue;
      }
      look_at(f, shape, i + 1, 0.5 * (points->u[i] + points->u[i + 1]));
      ++i;
    }
  }
}

static void normalise(dt__posterior* posterior) {
  double sum = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    sum += posterior->nodes[i].weight;
  }
  for (size_t i = 0; i < posterior->count; ++i) {
    posterior->nodes[i].weight /= sum;
  }
}

/* Likely nodes to the front of the list, shape by shape by rising s; unlikely ones are dropped. */
static size_t weigh(fit* f, dt__node** kept) {
  const dt__problem* problem = f->rows.problem;
  const size_t n = problem->count;
  const double white_gain = problem->white_gain > 0.0 ? problem->white_gain : 1.0;
  const double share = (double)n / dt__dot(problem->white, problem->white, n);
  double top = -(double)INFINITY;
  size_t count = 0;
  for (int k = 0; k < f->shape_count; ++k) {
    for (int i = 0; i < f->scans[k].count; ++i) {
      top = fmax(top, log_mass(&f->scans[k], i, &f->shapes[k]));
    }
  }
  for (int k = 0; k < f->shape_count; ++k) {
    double gain = NAN; /* measured once, when the first likely point of the shape turns up */
    for (int i = 0; i < f->scans[k].count; ++i) {
      dt__node* node = f->scans[k].node[i];
      node->weight = exp(log_mass(&f->scans[k], i, &f->shapes[k]) - top);
      if (node->weight < KEEP_WEIGHT) {
        continue;
      }
      if (isnan(gain)) {
        gain = dt__noise_slow_gain(problem, &f->shapes[k], f->scans[k].decay, f->scratch);
      }
      const double s = logistic(node->logit_s);
      node->scatter_gain = (1.0 - s) * white_gain + s * gain;
      node->scatter_df = node->df * share;
      kept[count++] = node;
    }
  }
  return count;
}

static dt_status keep(fit* f, const dt_allocator* allocator, dt__posterior* posterior) {
  dt__node* kept[DT__NODES_MAX];
  const size_t count = weigh(f, kept);
  posterior->nodes = dt_alloc(allocator, count * sizeof(dt__node));
  if (!posterior->nodes) {
    return DT_NO_MEMORY;
  }
  posterior->count = count;
  for (size_t i = 0; i < count; ++i) {
    posterior->nodes[i] = *kept[i];
  }
  normalise(posterior);
  return DT_OK;
}

static dt_status fit_with(fit* f, const dt_allocator* allocator, dt__posterior* posterior) {
  f->best = -(double)INFINITY;
  for (int k = 0; k < f->shape_count; ++k) {
    dt__noise_decays(f->rows.problem, &f->shapes[k], f->scans[k].decay);
    coarse_scan(f, k);
  }
  if (!isfinite(f->scans[0].log_likelihood[0]) || !isfinite(f->best)) {
    return DT_BAD_DATA;
  }
  const double best = f->best;
  for (int k = 1; k < f->shape_count; ++k) {
    refine_scan(f, k, best);
  }
  return keep(f, allocator, posterior);
}

/* The weights of the shapes before this fit's own data: those found by all voices together, and a
 * little of the first guess, as a voice may be too sparse there to speak up. */
static void believe(fit* f, const dt__posterior* together) {
  double mass[DT__SHAPES_MAX] = {0};
  double all = 0.0;
  for (size_t i = 0; i < together->count; ++i) {
    mass[together->nodes[i].shape] += together->nodes[i].weight;
  }
  for (int k = 0; k < f->shape_count; ++k) {
    all += f->shapes[k].prior;
  }
  for (int k = 0; k < f->shape_count; ++k) {
    f->shapes[k].prior = mass[k] + FIRST_GUESS * f->shapes[k].prior / all;
  }
}

static double* layout(fit* f, const dt__problem* problem, dt_arena* arena) {
  const size_t n = problem->count;
  const size_t shapes = (size_t)f->shape_count;
  for (int k = 0; k < f->shape_count; ++k) {
    f->scans[k].decay =
        dt_arena_take(arena, n, (size_t)dt__decay_stride(&f->shapes[k]) * sizeof(double));
  }
  f->nodes = dt_arena_take(arena, shapes * DT__NODES_PER_SHAPE_MAX, sizeof(dt__node));
  f->scratch = dt_arena_take(arena, n, 3 * sizeof(double));
  return dt_arena_take(arena, n, (size_t)dt__row_width(problem->columns) * sizeof(double));
}

dt_status dt__noise_fit(const dt__problem* problem, const dt_allocator* allocator,
                        dt__posterior* posterior) {
  memset(posterior, 0, sizeof(*posterior));
  if (problem->count < (size_t)problem->columns + 3) {
    return DT_TOO_FEW;
  }
  posterior->columns = problem->columns;
  posterior->span_beats = problem->together ? problem->together->span_beats
                                            : problem->beat[problem->count - 1] - problem->beat[0];
  posterior->clicked = problem->clicked;
  fit f;
  memset(&f, 0, sizeof(f));
  f.shape_count = dt__noise_shapes(posterior->span_beats, posterior->clicked, f.shapes);
  if (problem->together) {
    believe(&f, problem->together);
  }
  dt_arena arena = dt_arena_measure();
  layout(&f, problem, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  dt__noise_rows(problem, layout(&f, problem, &arena), &f.rows);
  const dt_status status = fit_with(&f, allocator, posterior);
  dt_release(allocator, memory, size);
  if (status != DT_OK) {
    dt__posterior_clear(posterior, allocator);
  }
  return status;
}

void dt__posterior_clear(dt__posterior* posterior, const dt_allocator* allocator) {
  dt_release(allocator, posterior->nodes, posterior->count * sizeof(dt__node));
  memset(posterior, 0, sizeof(*posterior));
}
