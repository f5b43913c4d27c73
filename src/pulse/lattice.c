#include "lattice.h"

#include <math.h>
#include <string.h>

#include "tuning.h"

static const float NEVER = -1e30F;
static const float SCORE_MAX = 64.0F;

static void set_lengths(dt__lattice* l) {
  double exact = 20.0;
  for (int i = 0; i < DT__LENGTHS; ++i) {
    l->length[i] = (int)(exact + 0.5);
    l->ring[i] = l->length[i] * 3 / 2 + 2;
    exact = exact < 50.0 ? exact + 1.0 : fmin(exact * 1.02, DT__LENGTH_MAX);
  }
}

void dt__lattice_lay_out(dt__lattice* l, dt_arena* arena) {
  set_lengths(l);
  l->evidence = dt_arena_take(arena, 1, sizeof(*l->evidence));
  l->arrival = dt_arena_take(arena, DT__LENGTHS * DT__WIDTH, sizeof(float));
  for (int i = 0; i < DT__LENGTHS; ++i) {
    l->cell[i] = dt_arena_take(arena, (size_t)l->ring[i] * DT__WIDTH, sizeof(float));
    l->cell_best[i] = dt_arena_take(arena, (size_t)l->ring[i], sizeof(float));
  }
}

static bool same_meter(dt_meter a, dt_meter b) {
  return a.numerator == b.numerator && a.denominator == b.denominator;
}

/* Of the tempi that a piece begins with; about the known one, where there is one. */
static void set_start(dt__lattice* l, double known_bpm) {
  for (int i = 0; i < DT__LENGTHS; ++i) {
    const double bpm = 60.0 * DT__FRAMES_PER_S / l->length[i];
    const double z =
        known_bpm > 0.0 ? log2(bpm / known_bpm) / 0.04 : log2(bpm / DT__TEMPO_MEAN) / DT__TEMPO_SD;
    l->start_prior[i] = (float)(-0.5 * z * z);
  }
}

/* Beat lengths that are thought of. A known tempo fixes the octave. */
static void set_range(dt__lattice* l, double known_bpm) {
  const double high =
      known_bpm > 0.0 ? fmin(1.4 * known_bpm, l->config.high_bpm) : l->config.high_bpm;
  const double low = known_bpm > 0.0 ? fmax(known_bpm / 1.4, l->config.low_bpm) : l->config.low_bpm;
  l->low = 0;
  l->high = DT__LENGTHS;
  while (l->low < DT__LENGTHS - 1 && 6000.0 / l->length[l->low] > high * 1.001) {
    ++l->low;
  }
  while (l->high > l->low + 1 && 6000.0 / l->length[l->high - 1] < low * 0.999) {
    --l->high;
  }
}

static void set_priors(dt__lattice* l) {
  set_start(l, l->config.tempo_bpm);
  for (int i = 0; i < DT__LENGTHS; ++i) {
    const double bpm = 60.0 * DT__FRAMES_PER_S / l->length[i];
    for (int p = 0; p < DT__PATTERNS; ++p) {
      const double away =
          (log2(bpm) - (double)dt__patterns[p].tempo_mean) / (double)dt__patterns[p].tempo_sd;
      /* Two bars of 2/4 are a bar of 4/4 unless something tells them apart. */
      const double half_bar = dt__patterns[p].meter == 0 ? DT__HALF_BAR_COST : 0.0;
      const double sd = (double)dt__patterns[p].tempo_sd;
      l->tempo_prior[i][p] =
          (float)(-half_bar - DT__TEMPO_WEIGHT * (0.5 * away * away + log(sd / 0.4)));
    }
    l->log_length[i] = (float)(DT__KAPPA * log((double)l->length[i] / DT__FRAMES_PER_S));
  }
  for (int g = 0; g < DT__WIDTH; ++g) {
    l->segment_prior[g] = l->start_segment[g] = NEVER;
  }
  l->uneven_count = 0;
  for (int g = 0; g < DT__SEGMENTS; ++g) {
    if (dt__segment_halves[g] == 3) {
      l->uneven[l->uneven_count++] = (unsigned char)g;
    }
  }
  for (int p = 0; p < DT__PATTERNS; ++p) {
    const dt__pattern* pattern = &dt__patterns[p];
    const bool allowed = l->config.meter.numerator == 0 ||
                         same_meter(l->config.meter, dt_beat_meters[pattern->meter]);
    for (int k = 0; k < pattern->count; ++k) {
      const int g = pattern->first + k;
      l->next[g] = k + 1 < pattern->count ? g + 1 : -1;
      l->segment_prior[g] = allowed ? pattern->log_prior - (k > 0 ? 1.5F : 0.3F) : NEVER;
      l->start_segment[g] =
          allowed ? pattern->log_prior - (k > 0 ? (float)DT__PICKUP_COST : 0.0F) : NEVER;
    }
  }
}

void dt__lattice_init(dt__lattice* l, const dt_beat_config* config) {
  l->config = *config;
  dt__evidence_fill(l->evidence);
  set_priors(l);
  dt__lattice_reset(l);
}

void dt__lattice_reset(dt__lattice* l) {
  for (int i = 0; i < DT__LENGTHS; ++i) {
    for (int k = 0; k < l->ring[i]; ++k) {
      l->cell_best[i][k] = NEVER;
    }
    l->arrival_best[i] = NEVER;
  }
  for (int k = 0; k < DT__HISTORY; ++k) {
    l->null_score[k] = 0.0;
    l->recent[k] = NEVER;
  }
  l->heard_count = 0;
  l->dropped_count = 0;
  l->floor = -(float)DT__BEAM;
  l->rate = 4.0;
  memset(l->group_count, 0, sizeof(l->group_count));
  l->known_count = 0.0;
  l->drum_score = 0.0;
  l->usual_gain = 0.0;
  l->score_before = 0.0;
  l->base = (dt__place){-1, -1, -1, 0.0F};
  l->frame = 0;
  l->tap[0] = l->tap[1] = l->tap[2] = -1.0;
  set_start(l, l->config.tempo_bpm);
  set_range(l, l->config.tempo_bpm);
}

static const double RATE_MEMORY_S = 8.0;
static const double SHARE_PRIOR = 8.0; /* strokes */

/* Three taps at even distances say where to begin anew. */
static void take_tap(dt__lattice* l, double frame) {
  memmove(l->tap, l->tap + 1, 2 * sizeof(*l->tap));
  l->tap[2] = frame;
  const double first = l->tap[1] - l->tap[0];
  const double second = l->tap[2] - l->tap[1];
  const double bpm = 120.0 * DT__FRAMES_PER_S / (first + second);
  if (l->tap[0] < 0.0 || fabs(first / second - 1.0) > 0.25 || bpm < 30.0 || bpm > 300.0) {
    return;
  }
  set_start(l, bpm);
  set_range(l, bpm);
  l->base = (dt__place){-1, -1, -1, l->base.score + (float)DT__TAP_WEIGHT};
}

void dt__lattice_hear(dt__lattice* l, const dt__heard* stroke) {
  l->heard[l->heard_count++ & (DT__HEARD - 1)] = *stroke;
  if (stroke->group == DT__GROUP_TAP) {
    take_tap(l, stroke->frame);
    return;
  }
  /* What is gained by knowing which drums this player uses is no evidence of a pulse. */
  double share = 0.0;
  if (stroke->group != DT__GROUP_UNKNOWN) {
    const double usual = (double)dt__group_share[stroke->group];
    share = log((l->group_count[stroke->group] + SHARE_PRIOR * usual) /
                (l->known_count + SHARE_PRIOR) / usual);
    l->group_count[stroke->group] += 1.0;
    l->known_count += 1.0;
  }
  l->null_score[l->frame & (DT__HISTORY - 1)] +=
      DT__KAPPA * (double)stroke->weight * log(fmax(l->rate, 0.5));
  l->drum_score += DT__KAPPA * (double)stroke->weight * share;
  l->rate += (double)stroke->weight / RATE_MEMORY_S;
}

int dt__segment_frames(const dt__lattice* l, int length, int segment) {
  return dt__segment_halves[segment] == 3 ? (3 * l->length[length] + 1) / 2 : l->length[length];
}

static float* cell_at(const dt__lattice* l, int length, int frame) {
  return l->cell[length] + (size_t)(frame % l->ring[length]) * DT__WIDTH;
}

static float best_at(const dt__lattice* l, int length, int frame) {
  return frame < 0 ? NEVER : l->cell_best[length][frame % l->ring[length]];
}

static float max_of(const float* score) {
  float part[8];
  memcpy(part, score, sizeof(part));
  for (int g = 8; g < DT__WIDTH; g += 8) {
    for (int k = 0; k < 8; ++k) {
      part[k] = score[g + k] > part[k] ? score[g + k] : part[k];
    }
  }
  for (int k = 1; k < 8; ++k) {
    part[0] = part[k] > part[0] ? part[k] : part[0];
  }
  return part[0];
}

/* Segments that end at this frame. */
static void arrive(dt__lattice* l, int i, dt__place* best) {
  const int whole = l->frame - l->length[i];
  const int uneven = l->frame - (3 * l->length[i] + 1) / 2;
  float* out = l->arrival + (size_t)i * DT__WIDTH;
  const bool has_whole = best_at(l, i, whole) > l->floor;
  const bool has_uneven = best_at(l, i, uneven) > l->floor;
  l->arrival_best[i] = NEVER;
  if (!has_whole && !has_uneven) {
    return;
  }
  for (int g = 0; g < DT__WIDTH; ++g) {
    out[g] = NEVER;
  }
  float score[DT__WIDTH];
  const double now = l->null_score[l->frame & (DT__HISTORY - 1)];
  if (has_whole) {
    const float null = (float)(now - l->null_score[whole & (DT__HISTORY - 1)]);
    const float* from = cell_at(l, i, whole);
    dt__evidence_plain(l, whole, l->frame, i, score);
    for (int g = 0; g < DT__WIDTH; ++g) {
      out[g] = from[g] + score[g] - null;
    }
  }
  for (int u = 0; u < l->uneven_count; ++u) {
    out[l->uneven[u]] = NEVER;
  }
  if (has_uneven) {
    const float null = (float)(now - l->null_score[uneven & (DT__HISTORY - 1)]);
    const float* from = cell_at(l, i, uneven);
    for (int u = 0; u < l->uneven_count; ++u) {
      const int g = l->uneven[u];
      out[g] = from[g] + dt__evidence_long(l, uneven, l->frame, i, g) - null;
    }
  }
  const float top = max_of(out);
  l->arrival_best[i] = top;
  if (top > best->score) {
    int g = 0;
    while (out[g] < top) {
      ++g;
    }
    *best = (dt__place){l->frame, i, g, top};
  }
}

static const float STEP_COST[DT__REACH + 1] = {
    0.0F, (float)DT__STEP_COST, 4.0F * (float)DT__STEP_COST, 9.0F * (float)DT__STEP_COST};

static void take_better(float* restrict score, int* restrict step, const float* restrict from,
                        float cost, int j) {
  for (int g = 0; g < DT__WIDTH; ++g) {
    const float offered = from[g] - cost;
    const int mask = -(offered > score[g]); /* no branch: this is the innermost loop */
    step[g] = (j & mask) | (step[g] & ~mask);
    score[g] = offered > score[g] ? offered : score[g];
  }
}

/* A bar begins after a bar: of the same pattern, another of the metre, or another metre. */
static void begin_bars(const float* ended, const int* step, const float* tempo, float* score,
                       int* came, unsigned char* last) {
  float best[DT_BEAT_METERS];
  int best_last[DT_BEAT_METERS];
  float any = NEVER;
  int any_last = 0;
  for (int m = 0; m < DT_BEAT_METERS; ++m) {
    best[m] = NEVER;
    best_last[m] = 0;
  }
  for (int p = 0; p < DT__PATTERNS; ++p) {
    const int g = dt__patterns[p].first + dt__patterns[p].count - 1;
    const int m = dt__patterns[p].meter;
    if (ended[g] > best[m]) {
      best[m] = ended[g];
      best_last[m] = g;
    }
    if (ended[g] > any) {
      any = ended[g];
      any_last = g;
    }
  }
  for (int p = 0; p < DT__PATTERNS; ++p) {
    const dt__pattern* pattern = &dt__patterns[p];
    int from = pattern->first + pattern->count - 1;
    float offered = ended[from];
    const float other = best[pattern->meter] - (float)DT__SWITCH_COST + 0.3F * pattern->log_prior;
    if (other > offered) {
      offered = other;
      from = best_last[pattern->meter];
    }
    const float foreign = any - (float)DT__METER_COST + pattern->log_prior;
    if (foreign > offered) {
      offered = foreign;
      from = any_last;
    }
    score[pattern->first] = offered + tempo[p];
    came[pattern->first] = step[from];
    last[p] = (unsigned char)from;
  }
}

static float restart_cost(const dt__lattice* l, int i) {
  if (l->base.frame < 0) {
    return l->start_prior[i];
  }
  /* A new tempo within a third of the old one is likelier than a new piece. */
  const double away = log2((double)l->length[i] / l->length[l->base.length]);
  const double jump = -0.5 * (away / 0.3) * (away / 0.3);
  return (float)(-DT__RESTART_COST + fmax(jump, -4.0 + (double)l->start_prior[i]));
}

static void restart(const dt__lattice* l, int i, float* score, int* came) {
  const float start = l->base.score + restart_cost(l, i);
  const float* prior = l->base.frame < 0 ? l->start_segment : l->segment_prior;
  const int goes_on = l->base.frame >= 0 && l->base.frame >= l->frame - 1 ? l->base.segment : -1;
  for (int g = 0; g < DT__WIDTH; ++g) {
    const float offered = start + prior[g];
    const int mask = -(offered > score[g]);
    came[g] = (DT__RESTART & mask) | (came[g] & ~mask);
    score[g] = offered > score[g] ? offered : score[g];
  }
  if (goes_on >= 0) {
    const int next = l->next[goes_on] >= 0 ? l->next[goes_on] : -1;
    if (next >= 0 && start - 0.5F > score[next]) {
      score[next] = start - 0.5F;
      came[next] = DT__RESTART;
    }
  }
}

enum {
  LATE = DT__LENGTH_MAX, /* frames */
  SURE_AFTER = 1200,
  GAIN_MEMORY = 1000,
  JUMP_LENGTHS = 3 /* jumps land on every third length; the next beats find the rest */
};

static void record(dt__lattice* l, int i, const int* came, const unsigned char* last) {
  dt__recorder* r = l->recorder;
  if (r->status != DT_OK) {
    return;
  }
  if (r->count == r->capacity) {
    const size_t capacity = r->capacity ? r->capacity * 3 / 2 : 4096;
    dt__origin* grown = dt_resize(r->allocator, r->origins, r->capacity * sizeof(*grown),
                                  capacity * sizeof(*grown));
    if (!grown) {
      r->status = DT_NO_MEMORY;
      return;
    }
    r->origins = grown;
    r->capacity = capacity;
  }
  dt__origin* origin = &r->origins[r->count++];
  origin->length = (unsigned char)i;
  memcpy(origin->last, last, DT__PATTERNS);
  for (int g = 0; g < DT__WIDTH; ++g) {
    origin->step[g] = (signed char)came[g];
  }
}

/* Segments that begin at this frame. */
static void begin(dt__lattice* l, int i, bool may_restart) {
  float ended[DT__WIDTH];
  int step[DT__WIDTH];
  float* score = cell_at(l, i, l->frame);
  int came[DT__WIDTH];
  unsigned char last[DT__PATTERNS] = {0};
  bool any = false;
  for (int j = -DT__REACH; j <= DT__REACH; ++j) {
    const int from = i + j;
    if (from < l->low || from >= l->high ||
        l->arrival_best[from] - STEP_COST[j < 0 ? -j : j] < l->floor) {
      continue;
    }
    if (!any) {
      for (int g = 0; g < DT__WIDTH; ++g) {
        ended[g] = NEVER;
        step[g] = 0;
      }
      any = true;
    }
    take_better(ended, step, l->arrival + (size_t)from * DT__WIDTH, STEP_COST[j < 0 ? -j : j], j);
  }
  float* kept = &l->cell_best[i][l->frame % l->ring[i]];
  *kept = NEVER;
  if (!any && !may_restart) {
    return;
  }
  if (any) {
    score[0] = NEVER;
    came[0] = 0;
    memcpy(score + 1, ended, (DT__WIDTH - 1) * sizeof(*score));
    memcpy(came + 1, step, (DT__WIDTH - 1) * sizeof(*came));
    for (int g = DT__SEGMENTS; g < DT__WIDTH; ++g) {
      score[g] = NEVER; /* no segment: the width is rounded up */
    }
    begin_bars(ended, step, l->tempo_prior[i], score, came, last);
  } else {
    for (int g = 0; g < DT__WIDTH; ++g) {
      score[g] = NEVER;
      came[g] = 0;
    }
  }
  if (may_restart) {
    restart(l, i, score, came);
  }
  const float best = max_of(score);
  if (best < l->floor) {
    return;
  }
  *kept = best;
  if (l->recorder) {
    record(l, i, came, last);
  }
}

/* Best arrival of the LATE frames that end `back` frames ago. */
static float best_since(const dt__lattice* l, int back) {
  float best = NEVER;
  for (int k = 0; k < LATE; ++k) {
    const float score = l->recent[(l->frame - back - k) & (DT__HISTORY - 1)];
    best = score > best ? score : best;
  }
  return best;
}

/* A player who goes on as he was gives no reason to think of a jump: that is only when the score
 * gains clearly less than it used to. */
static bool is_in_doubt(dt__lattice* l, float late) {
  const float before = best_since(l, LATE);
  if (late <= NEVER || before <= NEVER || l->frame < SURE_AFTER) {
    return true;
  }
  const double gain = (double)(late - before);
  const bool is_doubted = gain < 0.6 * l->usual_gain;
  l->usual_gain += (gain - l->usual_gain) / (is_doubted ? 4.0 * GAIN_MEMORY : GAIN_MEMORY);
  return is_doubted;
}

/* Scores stay small numbers however long the playing is. */
static void renormalise(dt__lattice* l) {
  const float shift = SCORE_MAX;
  for (int i = 0; i < DT__LENGTHS; ++i) {
    for (int k = 0; k < l->ring[i]; ++k) {
      if (l->cell_best[i][k] > NEVER) {
        float* score = l->cell[i] + (size_t)k * DT__WIDTH;
        l->cell_best[i][k] -= shift;
        for (int g = 0; g < DT__WIDTH; ++g) {
          score[g] -= shift;
        }
      }
    }
  }
  for (int k = 0; k < DT__HISTORY; ++k) {
    l->recent[k] -= l->recent[k] > NEVER ? shift : 0.0F;
  }
  l->base.score -= shift;
  l->score_before += (double)shift;
}

void dt__lattice_step(dt__lattice* l) {
  dt__place best = {-1, 0, 0, NEVER};
  for (int i = l->low; i < l->high; ++i) {
    arrive(l, i, &best);
  }
  l->recent[l->frame & (DT__HISTORY - 1)] = best.score;
  if (best.frame >= 0 && best.score >= l->base.score) {
    l->base = best;
  }
  const bool is_struck =
      l->heard_count > 0 && l->heard[(l->heard_count - 1) & (DT__HEARD - 1)].frame >= l->frame - 1;
  const float late = best_since(l, 0);
  l->floor = (late > NEVER ? late : l->base.score) - (float)DT__BEAM;
  if (l->recorder) {
    l->recorder->first[l->frame] = l->recorder->count;
    l->recorder->base[l->frame] = l->base;
  }
  const bool may_jump = is_in_doubt(l, late) && is_struck;
  for (int i = l->low; i < l->high; ++i) {
    const bool may_land = l->base.frame < 0 || i % JUMP_LENGTHS == 0;
    begin(l, i, may_jump && may_land && l->base.score + restart_cost(l, i) - 1.0F > l->floor);
  }
  if (l->base.score > SCORE_MAX) {
    renormalise(l);
  }
  const double null = l->null_score[l->frame & (DT__HISTORY - 1)];
  ++l->frame;
  l->rate *= exp(-1.0 / (DT__FRAMES_PER_S * RATE_MEMORY_S));
  l->null_score[l->frame & (DT__HISTORY - 1)] = null - DT__KAPPA * l->rate / DT__FRAMES_PER_S;
}
