#include "recur.h"

#include <math.h>
#include <string.h>

enum {
  RING = 64,
  PLACES = DT__READ_PLACES / 2, /* of a half beat */
  CELL = PLACES * DT__READ_GROUPS,
  BAR = DT__READ_HALVES,
  CRASH = 9,
  SNARE_END = 2 /* kick and loud snare are the first groups */
};
static const int LAG[DT__READ_LAGS] = {2, 4, 8, 16, 32};

typedef struct half_beat {
  float cell[CELL];
  double size[2]; /* all drums; kick and loud snare */
  double like;    /* as the bar before; < 0: there is none */
} half_beat;

typedef struct sums {
  double both, early, late;
} sums;

typedef struct stream {
  half_beat ring[RING];
  long first; /* half beats are counted from here */
  long at;    /* the one that is being filled; the next one may have begun */
  bool is_spilt;
  sums lag[2][DT__READ_LAGS];
  double near[RING]; /* likeness to the bar before or after, once it is known; < 0: unknown */
  double near_sum[BAR], known[BAR], count[BAR];
  double crash_near[BAR], crash_known[BAR]; /* crashes times what comes before */
} stream;

static double product(const half_beat* a, const half_beat* b, int groups) {
  double sum = 0.0;
  for (int p = 0; p < PLACES; ++p) {
    for (int g = 0; g < groups; ++g) {
      const int k = p * DT__READ_GROUPS + g;
      sum += (double)(a->cell[k] * b->cell[k]);
    }
  }
  return sum;
}

/* How like the bars next to it half beat n was is known now, and what a crash in it follows. */
static void settle(stream* s, long n, double later) {
  const half_beat* h = &s->ring[n & (RING - 1)];
  const double near = fmax(h->like, later);
  const int m = (int)(((n + s->first) % BAR + BAR) % BAR);
  s->near[n & (RING - 1)] = near;
  s->count[m] += 1.0;
  if (near >= 0.0) {
    s->known[m] += 1.0;
    s->near_sum[m] += near;
  }
  for (long back = 1; back <= 2 && n >= 2; ++back) {
    const double before = s->near[(n - back) & (RING - 1)];
    if (before >= 0.0) {
      s->crash_near[m] += 0.5 * before * (double)h->cell[CRASH];
      s->crash_known[m] += 0.5 * (double)h->cell[CRASH];
    }
  }
}

/* Half beat `at` is complete. */
static void finish(stream* s) {
  const long n = s->at;
  half_beat* h = &s->ring[n & (RING - 1)];
  h->size[0] = product(h, h, DT__READ_GROUPS);
  h->size[1] = product(h, h, SNARE_END);
  h->like = -1.0;
  for (int k = 0; k < DT__READ_LAGS; ++k) {
    if (n < LAG[k]) {
      continue;
    }
    half_beat* before = &s->ring[(n - LAG[k]) & (RING - 1)];
    for (int part = 0; part < 2; ++part) {
      sums* lag = &s->lag[part][k];
      const double both = product(h, before, part == 0 ? DT__READ_GROUPS : SNARE_END);
      lag->both += both;
      lag->early += before->size[part];
      lag->late += h->size[part];
      if (LAG[k] == BAR && part == 0) {
        h->like = (both + 0.25) / sqrt((h->size[0] + 0.25) * (before->size[0] + 0.25));
      }
    }
  }
  if (n >= BAR) {
    settle(s, n - BAR, h->like);
  }
}

static void advance(stream* s) {
  finish(s);
  ++s->at;
  s->is_spilt = false;
  memset(&s->ring[(s->at + 1) & (RING - 1)], 0, sizeof(half_beat));
}

static void hear(stream* s, int group, float weight, long place, double late) {
  const long target = (long)floor((double)place / PLACES) - s->first;
  while (s->at < target) {
    advance(s);
  }
  const int inside = (int)(place - PLACES * (long)floor((double)place / PLACES));
  half_beat* h = &s->ring[s->at & (RING - 1)];
  h->cell[inside * DT__READ_GROUPS + group] += weight * (float)(1.0 - late);
  if (inside + 1 < PLACES) {
    h->cell[(inside + 1) * DT__READ_GROUPS + group] += weight * (float)late;
  } else {
    s->ring[(s->at + 1) & (RING - 1)].cell[group] += weight * (float)late;
    s->is_spilt = true;
  }
}

static void hand_out(const stream* s, long count, dt__recurrence* out) {
  for (int part = 0; part < 2; ++part) {
    for (int k = 0; k < DT__READ_LAGS; ++k) {
      const sums* lag = &s->lag[part][k];
      const double both = count > LAG[k] + 3 ? sqrt(lag->early * lag->late) : 0.0;
      out->repeat[part * DT__READ_LAGS + k] = both > 0.0 ? (float)(lag->both / both) : 0.0F;
    }
  }
  double sum = 0.0;
  double known = 0.0;
  for (int m = 0; m < BAR; ++m) {
    sum += s->near_sum[m];
    known += s->known[m];
  }
  const double mean = known > 0.0 ? sum / known : 0.0;
  for (int m = 0; m < BAR; ++m) {
    const double n = fmax(s->count[m], 1.0);
    out->unusual[m] = (float)((mean * s->known[m] - s->near_sum[m]) / n);
    out->crash[m] = (float)(4.0 * (mean * s->crash_known[m] - s->crash_near[m]) / n);
  }
}

void dt__recur(const dt__spot* spots, size_t count, double ratio, dt__recurrence* out) {
  stream s;
  memset(&s, 0, sizeof(s));
  bool has_begun = false;
  for (size_t k = 0; k < count; ++k) {
    if (spots[k].group < 0 || spots[k].group >= DT__READ_GROUPS) {
      continue;
    }
    double late;
    const long place = dt__read_place(spots[k].beat * ratio, &late);
    if (!has_begun) {
      s.first = (long)floor((double)place / PLACES);
      has_begun = true;
    }
    hear(&s, spots[k].group, spots[k].weight, place, late);
  }
  if (s.is_spilt) {
    advance(&s);
  }
  finish(&s);
  const long n = s.at + 1;
  for (long k = n > BAR ? n - BAR : 0; k < n; ++k) {
    settle(&s, k, -1.0);
  }
  hand_out(&s, n, out);
}
