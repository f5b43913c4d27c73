#include "linalg_internal.h"
#include "noise_internal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Where s is first looked at (logit), and how finely it may be looked at after. */
enum { COARSE_STEPS = 11, NODES_PER_SHAPE_MAX = 48, REFINE_ROUNDS = 4 };
static const double COARSE_FIRST = -4.0;
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
 * equal power in every factor of its memory; it goes on below the take, and the slowest memory is
 * that of a wave a dozen takes long. Without a click nothing pulls the timekeeper back: a random
 * walk, which is a memory far longer than the take. The weights were set on simulated takes with
 * seeds that docs/benchmarks.md does not use.
 */
int dt__noise_shapes(double span_beats, bool clicked, dt__shape* shapes) {
  static const char* const names[] = {"timekeeper, memory 1 beat", "timekeeper, memory 2 beats",
                                      "timekeeper, memory 4 beats", "timekeeper, memory 8 beats",
                                      "timekeeper, memory 16 beats"};
  static const double priors[] = {0.30, 0.30, 0.25, 0.10, 0.05};
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
  for (double tau = slowest_beats; tau >= 0.15 && pink->memory_count < DT__MEMORIES_MAX;
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

static double logistic(double u) {
  return 1.0 / (1.0 + exp(-u));
}

static dt_status room_for_node(dt__posterior* posterior, const dt_allocator* allocator) {
  if (posterior->count < posterior->capacity) {
    return DT_OK;
  }
  const size_t capacity = posterior->capacity ? 2 * posterior->capacity : 32;
  dt__node* nodes = dt_resize(allocator, posterior->nodes, posterior->capacity * sizeof(dt__node),
                              capacity * sizeof(dt__node));
  if (!nodes) {
    return DT_NO_MEMORY;
  }
  posterior->nodes = nodes;
  posterior->capacity = capacity;
  return DT_OK;
}

/* The points of one shape, by rising s, with their log likelihoods. */
typedef struct scan {
  double u[NODES_PER_SHAPE_MAX];
  double log_likelihood[NODES_PER_SHAPE_MAX];
  int count;
} scan;

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

static void insert_point(scan* points, int at, double u, double log_likelihood) {
  for (int k = points->count; k > at; --k) {
    points->u[k] = points->u[k - 1];
    points->log_likelihood[k] = points->log_likelihood[k - 1];
  }
  points->u[at] = u;
  points->log_likelihood[at] = log_likelihood;
  ++points->count;
}

static void coarse_scan(const dt__problem* problem, const dt__shape* shape, const double* decay,
                        scan* points) {
  dt__node node;
  const int steps = shape->memory_count == 0 ? 1 : COARSE_STEPS;
  points->count = 0;
  for (int k = 0; k < steps; ++k) {
    const double u = shape->centre + COARSE_FIRST + k;
    insert_point(points, k, u, dt__noise_filter(problem, shape, decay, logistic(u), &node));
  }
}

/* Halve the steps where the likelihood is worth it and changes by more than a unit. */
static void refine_scan(const dt__problem* problem, const dt__shape* shape, const double* decay,
                        double best, scan* points) {
  dt__node node;
  for (int round = 0; round < REFINE_ROUNDS; ++round) {
    for (int i = 0; i + 1 < points->count && points->count < NODES_PER_SHAPE_MAX; ++i) {
      const double a = points->log_likelihood[i];
      const double b = points->log_likelihood[i + 1];
      if (fmax(a, b) < best - 6.0 || fabs(a - b) < 1.0) {
        continue;
      }
      const double u = 0.5 * (points->u[i] + points->u[i + 1]);
      insert_point(points, i + 1, u, dt__noise_filter(problem, shape, decay, logistic(u), &node));
      ++i;
    }
  }
}

static dt_status keep_node(const dt__problem* problem, const dt__shape* shape, int shape_index,
                           const double* decay, double u, double weight, double slow_gain,
                           const dt_allocator* allocator, dt__posterior* posterior) {
  const dt_status status = room_for_node(posterior, allocator);
  if (status != DT_OK) {
    return status;
  }
  const bool white = shape->memory_count == 0;
  const double s = white ? 0.0 : logistic(u);
  dt__node* node = &posterior->nodes[posterior->count];
  if (isnan(dt__noise_filter(problem, shape, decay, s, node))) {
    return DT_BAD_DATA;
  }
  node->shape = shape_index;
  node->logit_s = white ? -(double)INFINITY : u;
  node->weight = weight;
  const double white_gain = problem->white_gain > 0.0 ? problem->white_gain : 1.0;
  node->scatter_gain = (1.0 - s) * white_gain + s * slow_gain;
  node->scatter_df =
      node->df * (double)problem->count / dt__dot(problem->white, problem->white, problem->count);
  ++posterior->count;
  return DT_OK;
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

static double best_of(const scan* scans, int count) {
  double best = -INFINITY;
  for (int k = 0; k < count; ++k) {
    for (int i = 0; i < scans[k].count; ++i) {
      best = fmax(best, scans[k].log_likelihood[i]);
    }
  }
  return best;
}

static dt_status keep_likely(const dt__problem* problem, const dt__shape* shapes, int shape_count,
                             const scan* scans, double* decay, double* scratch,
                             const dt_allocator* allocator, dt__posterior* posterior) {
  double top = -INFINITY;
  for (int k = 0; k < shape_count; ++k) {
    for (int i = 0; i < scans[k].count; ++i) {
      top = fmax(top, log_mass(&scans[k], i, &shapes[k]));
    }
  }
  for (int k = 0; k < shape_count; ++k) {
    double gain = NAN; /* measured once, when the first likely point of the shape turns up */
    for (int i = 0; i < scans[k].count; ++i) {
      const double weight = exp(log_mass(&scans[k], i, &shapes[k]) - top);
      if (weight < KEEP_WEIGHT) {
        continue;
      }
      if (isnan(gain)) {
        dt__noise_decays(problem, &shapes[k], decay);
        gain = dt__noise_slow_gain(problem, &shapes[k], decay, scratch);
      }
      const dt_status status = keep_node(problem, &shapes[k], k, decay, scans[k].u[i], weight, gain,
                                         allocator, posterior);
      if (status != DT_OK) {
        return status;
      }
    }
  }
  normalise(posterior);
  return DT_OK;
}

static dt_status fit_with(const dt__problem* problem, const dt_allocator* allocator, double* decay,
                          double* scratch, dt__posterior* posterior) {
  dt__shape shapes[DT__SHAPES_MAX];
  scan scans[DT__SHAPES_MAX];
  const int shape_count = dt__noise_shapes(posterior->span_beats, posterior->clicked, shapes);
  for (int k = 0; k < shape_count; ++k) {
    dt__noise_decays(problem, &shapes[k], decay);
    coarse_scan(problem, &shapes[k], decay, &scans[k]);
  }
  const double best = best_of(scans, shape_count);
  if (isnan(scans[0].log_likelihood[0]) || !isfinite(best)) {
    return DT_BAD_DATA;
  }
  for (int k = 1; k < shape_count; ++k) {
    dt__noise_decays(problem, &shapes[k], decay);
    refine_scan(problem, &shapes[k], decay, best, &scans[k]);
  }
  return keep_likely(problem, shapes, shape_count, scans, decay, scratch, allocator, posterior);
}

static double* work_new(const dt__problem* problem, const dt_allocator* allocator, size_t* size) {
  *size = (DT__MEMORIES_MAX + 3) * problem->count * sizeof(double);
  return dt_alloc(allocator, *size);
}

dt_status dt__noise_fit(const dt__problem* problem, const dt_allocator* allocator,
                        dt__posterior* posterior) {
  memset(posterior, 0, sizeof(*posterior));
  if (problem->count < (size_t)problem->columns + 3) {
    return DT_TOO_FEW;
  }
  posterior->columns = problem->columns;
  posterior->span_beats = problem->beat[problem->count - 1] - problem->beat[0];
  posterior->clicked = problem->clicked;
  size_t size = 0;
  double* decay = work_new(problem, allocator, &size);
  if (!decay) {
    return DT_NO_MEMORY;
  }
  double* scratch = decay + DT__MEMORIES_MAX * problem->count;
  const dt_status status = fit_with(problem, allocator, decay, scratch, posterior);
  dt_release(allocator, decay, size);
  if (status != DT_OK) {
    dt__posterior_clear(posterior, allocator);
  }
  return status;
}

void dt__posterior_clear(dt__posterior* posterior, const dt_allocator* allocator) {
  dt_release(allocator, posterior->nodes, posterior->capacity * sizeof(dt__node));
  memset(posterior, 0, sizeof(*posterior));
}
