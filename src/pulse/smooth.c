#include <math.h>
#include <string.h>

#include "fine.h"
#include "track.h"

/*
 * Beat times to the millisecond: a state (time of the beat, length of the beat) that walks from
 * beat to beat (Kalman filter and Rauch, Tung & Striebel 1965 smoother), seen through strokes that
 * stand on twelfths of the beat. Each twelfth has its own habitual offset (swing, laid-back
 * off-beats) and spread, estimated along with the beats; on the beat the offset is 0 by definition.
 * How much the tempo wanders is chosen by likelihood, so that a steady player gets a stiff curve.
 */
enum { PLACES = 12, WANDERS = 8, ROUNDS = 4 };
static const double WANDER[WANDERS] = {0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03};

typedef struct state {
  double t, p;       /* s */
  double tt, tp, pp; /* covariance */
} state;

typedef struct seen {
  double sum[PLACES]; /* weighted times less the place's share of a nominal beat */
  double weight[PLACES];
} seen;

typedef struct smoother {
  dt_beat* beats;
  const bool* is_new;
  size_t count;
  seen* seen;
  state* before; /* predicted, filtered */
  state* after;
  double offset_s[PLACES];
  double sd_s[PLACES];
  double wander;
} smoother;

/* -6/12 .. 5/12 of the beat. */
static double share_of(int place) {
  return (place < PLACES / 2 ? place : place - PLACES) / (double)PLACES;
}

static double length_at(const smoother* s, size_t k) {
  const size_t a = k > 0 ? k - 1 : k;
  const size_t b = k + 1 < s->count ? k + 1 : k;
  return b > a ? (s->beats[b].time_s - s->beats[a].time_s) / (double)(b - a) : 0.5;
}

/* Nearest beat, going on from *k. */
static void nearest_beat(const smoother* s, double time_s, size_t* k) {
  while (*k + 1 < s->count &&
         fabs(s->beats[*k + 1].time_s - time_s) <= fabs(s->beats[*k].time_s - time_s)) {
    ++*k;
  }
}

/* -0.5 .. 0.5 of the beat about beat *k; what lies half way belongs to the later beat. */
static double share_at(const smoother* s, size_t* k, double time_s) {
  const dt_beat* beat = &s->beats[*k];
  const bool later = time_s >= beat->time_s;
  double length = length_at(s, *k);
  if (later && *k + 1 < s->count) {
    length = beat[1].time_s - beat->time_s;
  } else if (!later && *k > 0) {
    length = beat->time_s - beat[-1].time_s;
  }
  const double share = (time_s - beat->time_s) / length;
  if (share > 0.5 - 0.5 / PLACES && *k + 1 < s->count) {
    ++*k;
    return share - 1.0;
  }
  return share;
}

static double robust_weight(double residual, double sd) {
  const double z = residual / (2.5 * sd);
  return 1.0 / (1.0 + z * z * z * z);
}

static void look(smoother* s, const dt_stroke* strokes, size_t stroke_count) {
  double sum[PLACES] = {0};
  double weight[PLACES] = {0};
  double square[PLACES] = {0};
  memset(s->seen, 0, s->count * sizeof(*s->seen));
  size_t k = 0;
  for (size_t i = 0; i < stroke_count; ++i) {
    nearest_beat(s, strokes[i].time_s, &k);
    size_t at = k;
    const double share = share_at(s, &at, strokes[i].time_s);
    const double length = length_at(s, at);
    if (!(fabs(share) < 0.55)) {
      continue;
    }
    const int place = dt__place_of(s->offset_s, s->sd_s, share, length);
    double away = share - share_of(place);
    away -= floor(away + 0.5);
    const double residual = away * length - s->offset_s[place];
    if (fabs(away) > 0.09 || fabs(share - share_of(place)) > 0.5) {
      continue;
    }
    const double confidence = strokes[i].confidence > 0.0F ? (double)strokes[i].confidence : 1.0;
    const double w = confidence * robust_weight(residual, s->sd_s[place]);
    s->seen[at].sum[place] += w * (strokes[i].time_s - s->offset_s[place]);
    s->seen[at].weight[place] += w;
    sum[place] += w * residual;
    square[place] += w * residual * residual;
    weight[place] += w;
  }
  for (int c = 0; c < PLACES; ++c) {
    if (c > 0) {
      s->offset_s[c] += sum[c] / (weight[c] + 4.0);
    }
    const double mean = weight[c] > 0.0 && c > 0 ? sum[c] / weight[c] : 0.0;
    const double variance =
        (square[c] - weight[c] * mean * mean + 6.0 * 0.012 * 0.012) / (weight[c] + 6.0);
    s->sd_s[c] = sqrt(fmax(variance, 0.002 * 0.002));
  }
}

static void update(state* x, double z, double share, double variance, double* log_likelihood) {
  const double ht = x->tt + share * x->tp;
  const double hp = x->tp + share * x->pp;
  const double total = ht + share * hp + variance;
  const double miss = z - (x->t + share * x->p);
  *log_likelihood += -0.5 * (log(total) + miss * miss / total);
  x->t += ht / total * miss;
  x->p += hp / total * miss;
  x->tt -= ht * ht / total;
  x->tp -= ht * hp / total;
  x->pp -= hp * hp / total;
}

static state fresh(const smoother* s, size_t k) {
  const double length =
      k + 1 < s->count ? s->beats[k + 1].time_s - s->beats[k].time_s : length_at(s, k);
  return (state){s->beats[k].time_s, length, 0.04 * 0.04, 0.0, 0.0025 * length * length};
}

/* One pass with s->wander; the likelihood of what was seen. */
static double filter(smoother* s) {
  double log_likelihood = 0.0;
  for (size_t k = 0; k < s->count; ++k) {
    if (k == 0 || s->is_new[k]) {
      s->before[k] = fresh(s, k);
    } else {
      const state* x = &s->after[k - 1];
      const double q = s->wander * x->p * s->wander * x->p;
      s->before[k] = (state){x->t + x->p, x->p, x->tt + 2.0 * x->tp + x->pp + 0.1 * q,
                             x->tp + x->pp, x->pp + q};
    }
    s->after[k] = s->before[k];
    for (int c = 0; c < PLACES; ++c) {
      const double n = s->seen[k].weight[c];
      if (n > 0.05) {
        /* Limbs that strike together share the timekeeper's error. */
        const double variance = s->sd_s[c] * s->sd_s[c] * (0.5 + 0.5 / n);
        update(&s->after[k], s->seen[k].sum[c] / n, share_of(c), variance, &log_likelihood);
      }
    }
  }
  return log_likelihood;
}

static void smooth(smoother* s) {
  for (size_t k = s->count; k-- > 0;) {
    state* x = &s->after[k];
    if (k + 1 < s->count && !s->is_new[k + 1]) {
      const state* next = &s->before[k + 1];
      const state* known = &s->after[k + 1];
      /* Gain C = P A' (A P A' + Q)^-1, A = [1 1; 0 1]. */
      const double det = next->tt * next->pp - next->tp * next->tp;
      const double a = x->tt + x->tp;
      const double b = x->tp + x->pp;
      const double g[2][2] = {
          {(a * next->pp - x->tp * next->tp) / det, (x->tp * next->tt - a * next->tp) / det},
          {(b * next->pp - x->pp * next->tp) / det, (x->pp * next->tt - b * next->tp) / det}};
      const double dt = known->t - next->t;
      const double dp = known->p - next->p;
      const double dtt = known->tt - next->tt;
      const double dtp = known->tp - next->tp;
      const double dpp = known->pp - next->pp;
      x->t += g[0][0] * dt + g[0][1] * dp;
      x->p += g[1][0] * dt + g[1][1] * dp;
      x->tt +=
          g[0][0] * (g[0][0] * dtt + g[0][1] * dtp) + g[0][1] * (g[0][0] * dtp + g[0][1] * dpp);
      x->tp +=
          g[1][0] * (g[0][0] * dtt + g[0][1] * dtp) + g[1][1] * (g[0][0] * dtp + g[0][1] * dpp);
      x->pp +=
          g[1][0] * (g[1][0] * dtt + g[1][1] * dtp) + g[1][1] * (g[1][0] * dtp + g[1][1] * dpp);
    }
  }
}

static void run(smoother* s, const dt_stroke* strokes, size_t stroke_count) {
  for (int c = 0; c < PLACES; ++c) {
    s->offset_s[c] = 0.0;
    s->sd_s[c] = 0.018;
  }
  for (int round = 0; round < ROUNDS; ++round) {
    look(s, strokes, stroke_count);
    double best = -(double)INFINITY;
    double best_wander = WANDER[0];
    for (int w = 0; w < WANDERS; ++w) {
      s->wander = WANDER[w];
      const double fit = filter(s);
      if (fit > best) {
        best = fit;
        best_wander = WANDER[w];
      }
    }
    s->wander = best_wander;
    filter(s);
    smooth(s);
    for (size_t k = 0; k < s->count; ++k) {
      const state* x = &s->after[k];
      dt_beat* beat = &s->beats[k];
      beat->time_s = x->t;
      beat->time_sd_s = sqrt(fmax(x->tt, 0.0));
      beat->bpm = 60.0 / x->p;
      beat->bpm_sd = 60.0 / (x->p * x->p) * sqrt(fmax(x->pp, 0.0));
    }
  }
}

dt_status dt__smooth(dt_beat* beats, const bool* is_new, size_t count, const dt_stroke* strokes,
                     size_t stroke_count, const dt_allocator* allocator) {
  if (count < 2) {
    return DT_OK;
  }
  const size_t size = count * (sizeof(seen) + 2 * sizeof(state));
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  smoother s = {.beats = beats, .is_new = is_new, .count = count, .seen = memory};
  s.before = (state*)(void*)(s.seen + count);
  s.after = s.before + count;
  run(&s, strokes, stroke_count);
  dt_release(allocator, memory, size);
  return DT_OK;
}
