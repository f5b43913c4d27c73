#include <math.h>

#include "dt/stat.h"
#include "timekeeper_internal.h"

/*
 * Two looks: a coarse grid over everything, then a fine one over the box that is left within 9 of
 * the largest log likelihood (4.2 SD). The share w is spaced by the moving-average root theta =
 * w / (1 + sqrt(1 - w^2)) = sin(turn^2): the information is even in the angle (Jeffreys), and the
 * square spreads small motor noise evenly.
 */
enum { COARSE = 20, FINE = 32, FINE_FREE = 128, SCALES = 16 };
enum { NODES_MAX = FINE * (FINE + 2) };

#define ALPHA_MAX 1.0
#define BOX_DEPTH 9.0

typedef struct grid {
  const dt__keeper* keeper;
  dt__keeper_node* node; /* alpha-major, across[w] */
  int along;             /* alphas */
  int across;            /* turns, the two edges included */
  double alpha_low;
  double alpha_high;
  double turn_low;
  double turn_high;
  const dt__keeper_node* best; /* by likelihood */
  double limit;                /* log likelihood that the interval ends at */
} grid;

static double share_at(double turn) {
  const double theta = sin(turn * turn);
  return turn * turn >= 0.5 * DT_PI - 1e-12 ? 1.0 : 2.0 * theta / (1.0 + theta * theta);
}

/* sqrt(r) / (1 + r^2), r^2 = w / (2 (1 - w)), as a density of the turn. */
static double log_prior(double turn) {
  const double w = share_at(turn);
  if (w <= 0.0 || w >= 1.0) {
    return (double)-INFINITY;
  }
  const double r2 = 0.5 * w / (1.0 - w);
  const double angle = turn * turn;
  const double theta = sin(angle);
  const double dw = 2.0 * (1.0 - theta * theta) / ((1.0 + theta * theta) * (1.0 + theta * theta)) *
                    cos(angle) * 2.0 * turn;
  /* dr/dw = 1 / (4 r (1 - w)^2) */
  return 0.25 * log(r2) - log(1.0 + r2) - 0.5 * log(r2) - 2.0 * log(1.0 - w) + log(dw);
}

static double alpha_at(const grid* g, int i) {
  return g->keeper->free ? 0.0
                         : g->alpha_low + (g->alpha_high - g->alpha_low) * (i + 0.5) / g->along;
}

/* The first and the last stand on the edges of the box, the others in the middle of cells. */
static double turn_at(const grid* g, int j) {
  const int cells = g->across - 2;
  const double at = j == 0 ? 0.0 : j == g->across - 1 ? cells : j - 0.5;
  return g->turn_low + (g->turn_high - g->turn_low) * at / cells;
}

static bool is_edge(const grid* g, int j) {
  return j == 0 || j == g->across - 1;
}

/* false: nothing varies. */
static bool evaluate(grid* g) {
  g->best = NULL;
  for (int i = 0; i < g->along; ++i) {
    for (int j = 0; j < g->across; ++j) {
      dt__keeper_node* node = &g->node[i * g->across + j];
      const double turn = turn_at(g, j);
      *node = (dt__keeper_node){.alpha = alpha_at(g, i), .w = share_at(turn)};
      node->prior = is_edge(g, j) ? (double)-INFINITY : log_prior(turn);
      if (!dt__keeper_filter(g->keeper, node) || !isfinite(node->log_like)) {
        node->log_like = (double)-INFINITY;
        node->scale = 1.0;
        node->df = 1.0;
      } else if (!g->best || node->log_like > g->best->log_like) {
        g->best = node;
      }
    }
  }
  return g->best != NULL;
}

static double score(const dt__keeper_node* node) {
  return fmax(node->log_like, node->log_like + node->prior);
}

/* Narrows the box to what is likely, a cell to spare on each side. */
static void narrow(grid* g) {
  double best = (double)-INFINITY;
  for (int k = 0; k < g->along * g->across; ++k) {
    best = fmax(best, score(&g->node[k]));
  }
  int i0 = g->along;
  int i1 = 0;
  int j0 = g->across;
  int j1 = 0;
  for (int i = 0; i < g->along; ++i) {
    for (int j = 0; j < g->across; ++j) {
      if (score(&g->node[i * g->across + j]) > best - BOX_DEPTH) {
        i0 = i < i0 ? i : i0;
        i1 = i > i1 ? i : i1;
        j0 = j < j0 ? j : j0;
        j1 = j > j1 ? j : j1;
      }
    }
  }
  const int cells = g->across - 2;
  const double alpha_step = (g->alpha_high - g->alpha_low) / g->along;
  const double turn_step = (g->turn_high - g->turn_low) / cells;
  const double alpha_low = g->alpha_low;
  const double turn_low = g->turn_low;
  g->alpha_low = fmax(alpha_low, alpha_low + alpha_step * (i0 - 1));
  g->alpha_high = fmin(g->alpha_high, alpha_low + alpha_step * (i1 + 2));
  g->turn_low = fmax(turn_low, turn_low + turn_step * (j0 - 2));
  g->turn_high = fmin(g->turn_high, turn_low + turn_step * (j1 + 1));
}

/* Equal shares of the scale's distribution: chi-square by Wilson & Hilferty 1931. */
static double scale_at(const dt__keeper_node* node, int k) {
  const double z = dt_normal_quantile((k + 0.5) / SCALES);
  const double h = 2.0 / (9.0 * node->df);
  const double root = fmax(1.0 - h + z * sqrt(h), 0.1);
  return node->scale / (root * root * root);
}

static void take_means(const grid* g, dt_timekeeper* out) {
  double top = (double)-INFINITY;
  for (int k = 0; k < g->along * g->across; ++k) {
    top = fmax(top, g->node[k].log_like + g->node[k].prior);
  }
  double sum = 0.0;
  double alpha = 0.0;
  double clock = 0.0;
  double motor = 0.0;
  double above = 0.0;
  for (int k = 0; k < g->along * g->across; ++k) {
    const dt__keeper_node* node = &g->node[k];
    const double weight = exp(node->log_like + node->prior - top);
    if (!(weight > 1e-7)) {
      continue;
    }
    for (int s = 0; s < SCALES; ++s) {
      const double scale = scale_at(node, s);
      const double clock2 = fmax(dt__keeper_clock2(g->keeper, node, scale), 0.0);
      const double motor2 = fmax(dt__keeper_motor2(g->keeper, node, scale), 0.0);
      sum += weight;
      alpha += weight * node->alpha;
      clock += weight * sqrt(clock2);
      motor += weight * sqrt(motor2);
      above += motor2 > clock2 ? weight : 0.0;
    }
  }
  out->correction.value = alpha / sum;
  out->clock_ms.value = clock / sum;
  out->motor_ms.value = motor / sum;
  out->motor_above_clock = above / sum;
}

/* Largest log likelihood with that alpha. */
static double profile_alpha(const grid* g, int i) {
  double top = (double)-INFINITY;
  for (int j = 0; j < g->across; ++j) {
    top = fmax(top, g->node[i * g->across + j].log_like);
  }
  return top;
}

/* Where the profile crosses the limit between alphas i and i + 1. */
static double crossing(const grid* g, int i) {
  const double here = profile_alpha(g, i);
  const double there = profile_alpha(g, i + 1);
  const double part = isfinite(here) && isfinite(there) ? (g->limit - here) / (there - here) : 0.5;
  return alpha_at(g, i) + part * (alpha_at(g, i + 1) - alpha_at(g, i));
}

static void alpha_interval(const grid* g, dt_estimate* e) {
  int first = g->along;
  int last = 0;
  for (int i = 0; i < g->along; ++i) {
    if (profile_alpha(g, i) >= g->limit) {
      first = i < first ? i : first;
      last = i;
    }
  }
  e->low = first > 0 ? crossing(g, first - 1) : g->alpha_low;
  e->high = last < g->along - 1 ? crossing(g, last) : g->alpha_high;
}

typedef double (*variance_fn)(const dt__keeper* keeper, const dt__keeper_node* node, double scale);

/* Log likelihood of one hypothesis with its scale bent to that SD. */
static double bent(const grid* g, variance_fn variance, const dt__keeper_node* node, double sd_ms) {
  /* variance = slope * scale - offset */
  const double offset = -variance(g->keeper, node, 0.0);
  const double slope = variance(g->keeper, node, 1.0) + offset;
  const double scale = slope > 1e-9 ? (sd_ms * sd_ms + offset) / slope : 0.0;
  if (!(scale > 0.0)) {
    return (double)-INFINITY;
  }
  const double ratio = node->scale / scale;
  return node->log_like + 0.5 * node->df * (log(ratio) - ratio + 1.0);
}

static double sd_of(const grid* g, variance_fn variance, const dt__keeper_node* node) {
  return sqrt(fmax(variance(g->keeper, node, node->scale), 0.0));
}

/* Between two neighbours whose own SDs stand on both sides: along the line of likeliest scales. */
static double between(const grid* g, variance_fn variance, const dt__keeper_node* node,
                      double sd_ms) {
  const double a = sd_of(g, variance, node);
  const double b = sd_of(g, variance, node + 1);
  if ((a - sd_ms) * (b - sd_ms) > 0.0 || !isfinite(node[0].log_like + node[1].log_like)) {
    return (double)-INFINITY;
  }
  const double part = a == b ? 0.5 : (sd_ms - a) / (b - a);
  return node[0].log_like + part * (node[1].log_like - node[0].log_like);
}

/* Largest log likelihood with that SD of the clock or the motor. */
static double profile_sd(const grid* g, variance_fn variance, double sd_ms) {
  double top = (double)-INFINITY;
  for (int k = 0; k < g->along * g->across; ++k) {
    const dt__keeper_node* node = &g->node[k];
    if (node->log_like > top) {
      top = fmax(top, bent(g, variance, node, sd_ms));
    }
    if ((k + 1) % g->across != 0 && fmax(node[0].log_like, node[1].log_like) > top) {
      top = fmax(top, between(g, variance, node, sd_ms));
    }
  }
  return top;
}

static double bisect(const grid* g, variance_fn variance, double inside, double outside) {
  for (int k = 0; k < 24; ++k) {
    const double middle = 0.5 * (inside + outside);
    if (profile_sd(g, variance, middle) >= g->limit) {
      inside = middle;
    } else {
      outside = middle;
    }
  }
  return 0.5 * (inside + outside);
}

static void sd_interval(const grid* g, variance_fn variance, dt_estimate* e) {
  const double peak = sd_of(g, variance, g->best);
  const bool open = profile_sd(g, variance, 0.0) >= g->limit;
  e->low = open ? 0.0 : bisect(g, variance, peak, 0.0);
  double outside = fmax(1.5 * peak, 0.1 * sqrt(g->best->scale));
  while (profile_sd(g, variance, outside) >= g->limit) {
    outside *= 1.5;
  }
  e->high = bisect(g, variance, peak, outside);
}

static void cover(dt_estimate* e) {
  e->low = fmin(e->low, e->value);
  e->high = fmax(e->high, e->value);
  e->known = DT_KNOWN;
}

dt_status dt__keeper_grid(const dt__keeper* keeper, const dt_allocator* allocator,
                          dt_timekeeper* out, dt__keeper_node* best) {
  const size_t size = NODES_MAX * sizeof(dt__keeper_node);
  grid g = {.keeper = keeper,
            .along = keeper->free ? 1 : COARSE,
            .across = COARSE + 2,
            .alpha_high = ALPHA_MAX,
            .turn_high = sqrt(0.5 * DT_PI)};
  g.node = dt_alloc(allocator, size);
  if (!g.node) {
    return DT_NO_MEMORY;
  }
  dt_status status = evaluate(&g) ? DT_OK : DT_BAD_DATA;
  if (status == DT_OK) {
    narrow(&g);
    g.along = keeper->free ? 1 : FINE;
    g.across = (keeper->free ? FINE_FREE : FINE) + 2;
    status = evaluate(&g) ? DT_OK : DT_BAD_DATA;
  }
  if (status == DT_OK) {
    const double t = dt_student_quantile(0.975, g.best->df);
    g.limit = g.best->log_like - 0.5 * t * t;
    take_means(&g, out);
    alpha_interval(&g, &out->correction);
    sd_interval(&g, dt__keeper_clock2, &out->clock_ms);
    sd_interval(&g, dt__keeper_motor2, &out->motor_ms);
    cover(&out->correction);
    cover(&out->clock_ms);
    cover(&out->motor_ms);
    *best = *g.best;
  }
  dt_release(allocator, g.node, size);
  return status;
}
