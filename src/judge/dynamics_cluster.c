#include <math.h>
#include <stdlib.h>

#include "dt/level.h"
#include "dynamics_internal.h"

/* Loudness of a voice without a chart: two or three clusters of levels that are clearly apart. */

enum { CLUSTER_MIN = 6, CLUSTERS_MAX = 3 };
static const double SHARE_MIN = 0.03;

typedef struct cluster {
  size_t from; /* in the sorted levels */
  size_t to;
  double mean;
  double square; /* about the mean, summed */
} cluster;

static int by_value(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static cluster over(const double* x, size_t from, size_t to) {
  cluster c = {from, to, 0.0, 0.0};
  for (size_t i = from; i < to; ++i) {
    c.mean += x[i];
  }
  c.mean /= (double)(to - from);
  for (size_t i = from; i < to; ++i) {
    c.square += (x[i] - c.mean) * (x[i] - c.mean);
  }
  return c;
}

/* The cut that leaves the least within. */
static size_t best_cut(const double* x, const cluster* c) {
  double left = 0.0;
  double best = -1.0;
  size_t cut = c->from;
  const double n = (double)(c->to - c->from);
  for (size_t i = c->from + 1; i < c->to; ++i) {
    left += x[i - 1] - c->mean;
    const double na = (double)(i - c->from);
    const double between = left * left * n / (na * (n - na));
    if (between > best && x[i] > x[i - 1]) {
      best = between;
      cut = i;
    }
  }
  return cut;
}

/* Each far from the other for its own spread, so that no tail is taken for a loudness. */
static bool apart(const cluster* a, const cluster* b, size_t all) {
  const double na = (double)(a->to - a->from);
  const double nb = (double)(b->to - b->from);
  const double least = fmax(CLUSTER_MIN, SHARE_MIN * (double)all);
  const double spread = sqrt(a->square / na) + sqrt(b->square / nb);
  return na >= least && nb >= least && b->mean - a->mean >= 0.5 * DT_DYNAMICS_APART * spread;
}

static bool split(const double* x, size_t all, cluster* clusters, int* count, int at) {
  const size_t cut = best_cut(x, &clusters[at]);
  if (cut == clusters[at].from) {
    return false;
  }
  const cluster low = over(x, clusters[at].from, cut);
  const cluster high = over(x, cut, clusters[at].to);
  if (!apart(&low, &high, all)) {
    return false;
  }
  for (int k = (*count)++; k > at + 1; --k) {
    clusters[k] = clusters[k - 1];
  }
  clusters[at] = low;
  clusters[at + 1] = high;
  return true;
}

static void name_clusters(const cluster* clusters, int count, dt_loud* names) {
  if (count == CLUSTERS_MAX) {
    names[0] = DT_LOUD_GHOST;
    names[1] = DT_LOUD_NORMAL;
    names[2] = DT_LOUD_ACCENT;
    return;
  }
  names[0] = dt_loud_of_velocity(dt_velocity_at_db(clusters[0].mean));
  names[1] = dt_loud_of_velocity(dt_velocity_at_db(clusters[1].mean));
  if (names[0] == names[1]) {
    names[0] = names[0] == DT_LOUD_GHOST ? DT_LOUD_GHOST : DT_LOUD_NORMAL;
    names[1] = names[0] == DT_LOUD_GHOST ? DT_LOUD_NORMAL : DT_LOUD_ACCENT;
  }
}

int dt__levels_cluster(dt__levels* l) {
  size_t n = 0;
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      l->scratch[n++] = l->level_db[i];
    }
  }
  if (n < 2 * CLUSTER_MIN) {
    return 1;
  }
  qsort(l->scratch, n, sizeof(double), by_value);
  cluster clusters[CLUSTERS_MAX] = {over(l->scratch, 0, n)};
  int count = 1;
  if (split(l->scratch, n, clusters, &count, 0) && !split(l->scratch, n, clusters, &count, 1)) {
    split(l->scratch, n, clusters, &count, 0);
  }
  if (count == 1) {
    return 1;
  }
  dt_loud names[CLUSTERS_MAX];
  name_clusters(clusters, count, names);
  for (size_t i = 0; i < l->count; ++i) {
    for (int k = 0; l->in[i] && k < count; ++k) {
      if (l->level_db[i] >= l->scratch[clusters[k].from]) {
        l->loud[i] = names[k];
      }
    }
  }
  return count;
}
