#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align_internal.h"
#include "dt/arena.h"

/*
 * From matched strokes to musical events: grace strokes join their flam or drag, strokes join their
 * roll, what is left over may be a note on the wrong drum, and the rest is extra.
 */
enum { CLUSTER = 8, EDGES_PER_TARGET = 6 };
static const double GRACE_MIN_S = 0.004;
static const double GRACE_GAIN = 6.0; /* a grace stroke is neither missed nor extra */
static const double WRONG_DRUM_COST = 3.0;
static const double WRONG_DRUM_SD = 3.5;
static const double ROLL_SHARE = 1.0 / 3.0; /* of a roll's strokes make a roll */

typedef struct labels {
  const dt__score* score;
  dt__parts* parts;
  double sd_s;
  dt_aligned_stroke* strokes;
  size_t* main; /* per event: its main target */
  int* played;  /* per event: strokes that belong to it */
  struct edge* edges;
  size_t edge_count;
} labels;

typedef struct edge {
  double cost;
  size_t target;
  size_t stroke;
} edge;

static dt_drum drum_of(const labels* l, size_t stroke) {
  return l->score->take->strokes.items[stroke].drum;
}

static double time_of(const labels* l, size_t stroke) {
  return l->score->take->strokes.items[stroke].time_s;
}

static double away_s(const labels* l, const dt__target* target, size_t stroke) {
  return (l->score->ref[stroke] - target->ref) * target->beat_s;
}

static bool is_free(const labels* l, size_t stroke) {
  return l->strokes[stroke].event == SIZE_MAX;
}

static void claim(labels* l, size_t stroke, size_t event, int order) {
  l->strokes[stroke].event = event;
  l->strokes[stroke].order = order;
}

static void let_go(labels* l, size_t stroke) {
  claim(l, stroke, SIZE_MAX, 0);
}

static void claim_matched(labels* l) {
  for (size_t k = 0; k < l->parts->target_count; ++k) {
    const dt__target* target = &l->parts->targets[k];
    if (target->order == 0) {
      l->main[target->event] = k;
    }
    if (target->stroke != SIZE_MAX) {
      claim(l, target->stroke, target->event, target->order);
    }
  }
}

/* The main stroke and those free strokes of its drum that are near enough to be its grace strokes,
 * or to be the main stroke if it is a grace stroke itself. */
static int gather_cluster(const labels* l, size_t stroke, size_t* cluster) {
  const dt_drum drum = drum_of(l, stroke);
  size_t first = stroke;
  while (first > 0 && stroke - first < CLUSTER &&
         time_of(l, stroke) - time_of(l, first - 1) < 2.0 * dt__grace_max_s) {
    --first;
  }
  int count = 0;
  for (size_t i = first; i < l->score->count && count < CLUSTER; ++i) {
    if (time_of(l, i) - time_of(l, stroke) > 2.0 * dt__grace_max_s) {
      break;
    }
    if (i == stroke || (is_free(l, i) && dt__drum_distance(drum_of(l, i), drum) < DT__OTHER_DRUM)) {
      cluster[count++] = i;
    }
  }
  return count;
}

/* How many of the strokes before cluster[at] are its grace strokes. */
static int count_graces(const labels* l, const size_t* cluster, int at, int wanted) {
  int graces = 0;
  while (graces < wanted && at - graces > 0) {
    const double gap = time_of(l, cluster[at - graces]) - time_of(l, cluster[at - graces - 1]);
    if (gap > dt__grace_max_s || gap < GRACE_MIN_S) {
      break;
    }
    ++graces;
  }
  return graces;
}

/* A grace stroke is softer than what it leads to. */
static double too_loud(const labels* l, const size_t* cluster, int at, int graces) {
  const dt_stroke* strokes = l->score->take->strokes.items;
  double sum = 0.0;
  for (int g = 1; g <= graces; ++g) {
    const float grace = strokes[cluster[at - g]].velocity;
    const float main = strokes[cluster[at]].velocity;
    sum += grace > 0.0F && main > 0.0F && grace > 1.05F * main ? GRACE_GAIN : 0.0;
  }
  return sum;
}

static void find_graces(labels* l, dt__target* target) {
  const dt_event* event = &l->parts->events[target->event];
  const int wanted = event->note.ornament == DT_FLAM ? 1 : event->note.ornament == DT_DRAG ? 2 : 0;
  if (wanted == 0 || target->stroke == SIZE_MAX) {
    return;
  }
  size_t cluster[CLUSTER];
  const int count = gather_cluster(l, target->stroke, cluster);
  int best = -1;
  double best_gain = -(double)INFINITY;
  for (int at = 0; at < count; ++at) {
    const int graces = count_graces(l, cluster, at, wanted);
    const double gain = GRACE_GAIN * graces - too_loud(l, cluster, at, graces) -
                        dt__match_cost(away_s(l, target, cluster[at]), l->sd_s);
    if (gain > best_gain) {
      best_gain = gain;
      best = at;
    }
  }
  if (best < 0) {
    return;
  }
  let_go(l, target->stroke);
  target->stroke = cluster[best];
  claim(l, target->stroke, target->event, 0);
  const int graces = count_graces(l, cluster, best, wanted);
  for (int g = 1; g <= graces; ++g) {
    claim(l, cluster[best - g], target->event, -g);
  }
}

/* The first stroke at or after a place of the reference. */
static size_t stroke_at(const labels* l, double ref) {
  size_t low = 0;
  size_t high = l->score->count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (l->score->ref[at] < ref) {
      low = at + 1;
    } else {
      high = at;
    }
  }
  return low;
}

/* Free strokes of the drum over the length of a roll. */
static size_t free_in_roll(labels* l, const dt__target* target, dt_drum drum, bool take) {
  const dt_chart_note* note = &l->parts->events[target->event].note;
  const double early = 2.5 * l->sd_s / target->beat_s;
  const double end = target->ref + (double)note->length / DT_TICKS_PER_QUARTER + 0.5 * early;
  size_t count = 0;
  for (size_t i = stroke_at(l, target->ref - early); i < l->score->count; ++i) {
    if (l->score->ref[i] > end) {
      break;
    }
    if (is_free(l, i) && dt__drum_distance(drum_of(l, i), drum) < DT__OTHER_DRUM) {
      ++count;
      if (take) {
        claim(l, i, target->event, 1);
      }
    }
  }
  return count;
}

static bool is_buzz(const dt_chart_note* note) {
  return note->ornament == DT_ROLL && note->roll_step == 0;
}

/* A buzz is as many strokes as there are; a measured roll may have some more than written when it
 * was rolled faster. */
static void find_roll(labels* l, const dt__target* target) {
  const dt_chart_note* note = &l->parts->events[target->event].note;
  if (note->ornament != DT_ROLL) {
    return;
  }
  const size_t extra = free_in_roll(l, target, note->drum, false);
  const size_t asked = note->roll_step > 0 ? (size_t)(note->length / note->roll_step) : 1;
  if (is_buzz(note) ? (target->stroke != SIZE_MAX || extra >= 3) : 3 * extra > asked + 3) {
    (void)free_in_roll(l, target, note->drum, true);
  }
}

static int by_cost(const void* left, const void* right) {
  const edge* a = left;
  const edge* b = right;
  if (a->cost != b->cost) {
    return a->cost < b->cost ? -1 : 1;
  }
  if (a->target != b->target) {
    return a->target < b->target ? -1 : 1;
  }
  return a->stroke < b->stroke ? -1 : a->stroke > b->stroke;
}

/* What taking a stroke of another drum for this target must cost less than. */
static double cost_now(const labels* l, const dt__target* target) {
  if (target->stroke == SIZE_MAX) {
    const dt_chart_note* note = &l->parts->events[target->event].note;
    return is_buzz(note) && l->played[target->event] > 0 ? 0.0 : 2.0 * dt__missed_cost;
  }
  return dt__match_cost(away_s(l, target, target->stroke), l->sd_s);
}

static void add_edges(labels* l, size_t k) {
  const dt__target* target = &l->parts->targets[k];
  const double reach_s = WRONG_DRUM_SD * l->sd_s;
  const double now = cost_now(l, target);
  int added = 0;
  for (size_t i = stroke_at(l, target->ref - reach_s / target->beat_s);
       i < l->score->count && added < EDGES_PER_TARGET; ++i) {
    const double away = away_s(l, target, i);
    if (away > reach_s) {
      break;
    }
    if (!is_free(l, i)) {
      continue;
    }
    const double cost = WRONG_DRUM_COST + dt__match_cost(away, l->sd_s);
    if (cost < now) {
      const edge e = {cost - now, k, i};
      l->edges[l->edge_count++] = e;
      ++added;
    }
  }
}

static void find_wrong_drums(labels* l) {
  l->edge_count = 0;
  for (size_t k = 0; k < l->parts->target_count; ++k) {
    add_edges(l, k);
  }
  qsort(l->edges, l->edge_count, sizeof(edge), by_cost);
  for (size_t e = 0; e < l->edge_count; ++e) {
    dt__target* target = &l->parts->targets[l->edges[e].target];
    const size_t stroke = l->edges[e].stroke;
    if (!is_free(l, stroke) || cost_now(l, target) < WRONG_DRUM_COST) {
      continue;
    }
    if (target->stroke != SIZE_MAX) {
      let_go(l, target->stroke);
    }
    target->stroke = stroke;
    claim(l, stroke, target->event, target->order);
    if (target->order == 0) {
      find_graces(l, target);
    }
    if (is_buzz(&l->parts->events[target->event].note) &&
        free_in_roll(l, target, drum_of(l, stroke), false) >= 2) {
      (void)free_in_roll(l, target, drum_of(l, stroke), true);
    }
  }
}

static void count_played(labels* l) {
  memset(l->played, 0, l->parts->event_count * sizeof(int));
  for (size_t i = 0; i < l->score->count; ++i) {
    if (!is_free(l, i)) {
      ++l->played[l->strokes[i].event];
    }
  }
}

static int asked_of(const dt_event* event) {
  const dt_chart_note* note = &event->note;
  return note->ornament == DT_ROLL && note->roll_step > 0 ? (int)(note->length / note->roll_step)
                                                          : 1;
}

/* A roll of which almost nothing was played was not played. */
static void drop_scraps(labels* l) {
  for (size_t i = 0; i < l->score->count; ++i) {
    if (is_free(l, i)) {
      continue;
    }
    const size_t e = l->strokes[i].event;
    const dt_event* event = &l->parts->events[e];
    if (l->parts->targets[l->main[e]].stroke == SIZE_MAX &&
        l->played[e] < ROLL_SHARE * asked_of(event)) {
      let_go(l, i);
    }
  }
  count_played(l);
}

/* In time order: the first stroke of an event that is no grace stroke is its main one; a roll's
 * strokes are counted on from there. */
static void order_strokes(labels* l) {
  dt_event* events = l->parts->events;
  for (size_t i = 0; i < l->score->count; ++i) {
    if (is_free(l, i)) {
      continue;
    }
    dt_event* event = &events[l->strokes[i].event];
    const bool wrong = dt__drum_distance(drum_of(l, i), event->note.drum) >= DT__OTHER_DRUM;
    l->strokes[i].label = wrong ? DT_LABEL_WRONG_DRUM : DT_LABEL_HIT;
    if (l->strokes[i].order >= 0) {
      int order = 0;
      if (event->stroke == SIZE_MAX) {
        event->stroke = i;
      } else {
        order = l->played[l->strokes[i].event];
      }
      l->strokes[i].order = order;
      l->played[l->strokes[i].event] = order + 1;
    }
    ++event->stroke_count;
    event->fate = event->stroke == i && wrong ? DT_FATE_WRONG_DRUM
                  : event->stroke == i        ? DT_FATE_HIT
                                              : event->fate;
  }
}

static void hit_share(const dt__parts* parts, size_t bar, double* hits, double* events) {
  const size_t end =
      bar + 1 < parts->bar_count ? parts->bars[bar + 1].first_event : parts->event_count;
  *hits = *events = 0.0;
  for (size_t e = parts->bars[bar].first_event; e < end; ++e) {
    *hits += parts->events[e].fate == DT_FATE_HIT;
    *events += 1.0;
  }
}

/* Nobody misses nearly all of his last bar: he had stopped. */
static void drop_last_bars(labels* l) {
  dt__parts* parts = l->parts;
  while (parts->bar_count > 1) {
    double hits = 0.0;
    double events = 0.0;
    hit_share(parts, parts->bar_count - 1, &hits, &events);
    if (hits > 0.0 && hits >= 0.25 * events) {
      return;
    }
    const size_t first = parts->bars[parts->bar_count - 1].first_event;
    for (size_t i = 0; i < l->score->count; ++i) {
      if (!is_free(l, i) && l->strokes[i].event >= first) {
        let_go(l, i);
      }
    }
    parts->event_count = first;
    --parts->bar_count;
  }
}

static void count_all(const labels* l, dt_alignment* alignment) {
  alignment->extra_count = 0;
  for (size_t i = 0; i < l->score->count; ++i) {
    if (is_free(l, i)) {
      l->strokes[i].label = DT_LABEL_EXTRA;
      ++alignment->extra_count;
    }
  }
  for (size_t e = 0; e < l->parts->event_count; ++e) {
    const dt_fate fate = l->parts->events[e].fate;
    alignment->hit_count += fate == DT_FATE_HIT;
    alignment->wrong_count += fate == DT_FATE_WRONG_DRUM;
    alignment->missed_count += fate == DT_FATE_MISSED;
  }
}

/* The share of what was written and played that agrees (Jaccard 1912), hits far from their place
 * counting less; little is believed of a handful of strokes. */
static double confidence(const labels* l, const dt_alignment* alignment) {
  static const double NEAR_S = 0.04;
  double agree = 0.0;
  double asked = 0.0;
  for (size_t k = 0; k < l->parts->target_count; ++k) {
    const dt__target* target = &l->parts->targets[k];
    if (target->event >= l->parts->event_count) {
      continue;
    }
    asked += 1.0;
    if (target->stroke == SIZE_MAX || l->strokes[target->stroke].event != target->event) {
      continue;
    }
    const double u = away_s(l, target, target->stroke) / NEAR_S;
    const bool hit = l->strokes[target->stroke].label == DT_LABEL_HIT;
    agree += (hit ? 1.0 : 0.3) * exp(-0.5 * u * u);
  }
  const double all = asked + (double)alignment->extra_count;
  const double n = (double)l->score->count;
  return all > 0.0 ? agree / all * (n / (n + 4.0)) : 0.0;
}

static void layout(labels* l, dt_arena* arena) {
  l->main = dt_arena_take(arena, l->parts->event_count, sizeof(size_t));
  l->played = dt_arena_take(arena, l->parts->event_count, sizeof(int));
  l->edges = dt_arena_take(arena, EDGES_PER_TARGET * l->parts->target_count, sizeof(edge));
}

static void label_all(labels* l, dt_alignment* alignment) {
  claim_matched(l);
  for (size_t e = 0; e < l->parts->event_count; ++e) {
    find_graces(l, &l->parts->targets[l->main[e]]);
  }
  for (size_t e = 0; e < l->parts->event_count; ++e) {
    find_roll(l, &l->parts->targets[l->main[e]]);
  }
  count_played(l);
  find_wrong_drums(l);
  count_played(l);
  drop_scraps(l);
  order_strokes(l);
  drop_last_bars(l);
  count_all(l, alignment);
  alignment->confidence = confidence(l, alignment);
}

dt_status dt__label(const dt__score* score, dt__parts* parts, double sd_s,
                    dt_alignment* alignment) {
  labels l;
  memset(&l, 0, sizeof(l));
  l.score = score;
  l.parts = parts;
  l.sd_s = sd_s;
  l.strokes = alignment->strokes;
  dt_arena arena = dt_arena_measure();
  layout(&l, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(score->allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&l, &arena);
  label_all(&l, alignment);
  dt_release(score->allocator, memory, size);
  return DT_OK;
}
