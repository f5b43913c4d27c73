/*
 * Are the intervals of feel honest? 1,000 simulated takes a condition: how often the 95 % interval
 * of swing, unisons, places, hands and fills holds what was dialled into the virtual drummer.
 *
 *   bench_judge_feel [TAKES [FIRST_SEED [CONDITION or -1 [align]]]]
 *
 * Developed on seeds from 1; the seeds of the published page are printed. The chain is the
 * program's own but for the alignment, which is the true one: take -> judge -> marks -> measure;
 * with `align` it is dt_align's.
 * Where the noise is 1/f (or a place's neighbours matter, a timekeeper's), what a spread about the
 * local pulse should be has no dial: it is then the mean over 1,000 other takes (seeds from
 * 900001).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/hands.h"
#include "dt/places.h"
#include "dt/swing.h"
#include "dt/unison.h"
#include "feel_conditions.h"
#include "feel_player.h"

enum { ROWS_MAX = 40, TRUTH_TAKES = 1000 };

typedef struct row {
  const char* name;
  double truth;     /* NAN: unknown, from other takes */
  double truth_sum; /* of squares, over other takes */
  double truth_n;
  int known;
  int inside;
  int below; /* the interval lies below the truth */
  double width;
  double value;
} row;

typedef struct table {
  row rows[ROWS_MAX];
  int count;
  bool learning; /* other takes, for the truth */
} table;

static row* row_named(table* t, const char* name) {
  for (int k = 0; k < t->count; ++k) {
    if (strcmp(t->rows[k].name, name) == 0) {
      return &t->rows[k];
    }
  }
  if (t->count == ROWS_MAX) {
    fprintf(stderr, "bench_judge_feel: too many rows\n");
    exit(1);
  }
  row* r = &t->rows[t->count++];
  memset(r, 0, sizeof(*r));
  r->name = name;
  return r;
}

static void tally(table* t, const char* name, dt_estimate e, double truth) {
  row* r = row_named(t, name);
  if (e.known != DT_KNOWN) {
    return;
  }
  if (t->learning) {
    r->truth_sum += e.value * e.value;
    r->truth_n += 1.0;
    return;
  }
  const double at = isnan(truth) ? sqrt(r->truth_sum / r->truth_n) : truth;
  ++r->known;
  r->inside += e.low <= at && at <= e.high;
  r->below += e.high < at;
  r->width += e.high - e.low;
  r->value += e.value;
  r->truth = at;
}

static double factor(double x) {
  return x > 0.0 ? x : 1.0;
}

static double motor(const feel_how* how, dt_voice v) {
  return how->motor_ms * factor(how->voice_scatter[v]);
}

/* The neighbours of a place or a fill are not alike in distance, so where the timekeeper wanders
 * the line between them misses more or less of it: no dial says how much. */
static double about_neighbours(const feel_how* how, double x) {
  return how->pink_ms > 0.0 || how->clock_ms > 0.0 ? (double)NAN : x;
}

static double dialled(const feel_how* how, double x) {
  return how->pink_ms > 0.0 ? (double)NAN : x;
}

/* --- the measures ---------------------------------------------------------------------------- */

static void examine_swing(table* t, const feel_how* how, const dt_marks* marks) {
  dt_swing swing;
  if (dt_swing_measure(&swing, NULL, marks) != DT_OK) {
    exit(1);
  }
  const double share = how->swing > 0.0 ? how->swing : 0.5;
  const double pair_ms = 60e3 / how->bpm;
  const double motor_share = motor(how, DT_VOICE_RIDE) / pair_ms *
                             sqrt(1.0 + share * share + (1.0 - share) * (1.0 - share));
  tally(t, "swing ratio, all", swing.all.ratio, share / (1.0 - share));
  const dt_swing_voice* v = &swing.voices[0];
  if (swing.voice_count == 0) {
    return;
  }
  tally(t, "swing ratio, cymbal", v->ratio, share / (1.0 - share));
  tally(t, "median swing ratio, cymbal", v->median_ratio, share / (1.0 - share));
  tally(t, "spread of the share, cymbal", v->spread, dialled(how, hypot(how->wobble, motor_share)));
  if (how->drift_bpm_per_min == 0.0) {
    tally(t, "short note, cymbal", v->short_ms, (1.0 - share) * pair_ms);
  }
}

static void examine_sixteenths(table* t, const feel_how* how, const dt_marks* marks) {
  dt_swing swing;
  if (dt_swing_measure(&swing, NULL, marks) != DT_OK || swing.sixteenths_count == 0) {
    return;
  }
  /* In single strokes the e and the a are the left hand's; in paradiddles each is either's. */
  const double off = strcmp(how->chart, "RL") == 0 ? 0.5 * how->left_ms : 0.0;
  tally(t, "sixteenths, the e", swing.sixteenths[0].deviation_ms[1], off);
  tally(t, "sixteenths, the &", swing.sixteenths[0].deviation_ms[2], -off);
  tally(t, "sixteenths, uneven", swing.sixteenths[0].uneven_ms, fabs(off));
}

static void examine_unison(table* t, const feel_how* how, const dt_marks* marks) {
  dt_unison unison;
  if (dt_unison_measure(&unison, NULL, marks) != DT_OK) {
    exit(1);
  }
  for (size_t k = 0; k < unison.pair_count && k < 2; ++k) {
    const dt_unison_pair* p = &unison.pairs[k];
    const bool kick = p->first == DT_VOICE_KICK || p->second == DT_VOICE_KICK;
    const double lead = how->voice_ms[p->second] - how->voice_ms[p->first] +
                        (p->second == DT_VOICE_SNARE ? how->backbeat_ms : 0.0) -
                        (p->first == DT_VOICE_SNARE ? how->backbeat_ms : 0.0);
    /* The one that led in this take comes first: the truth has a sign, and 0 needs one too. */
    const bool turned = p->first > p->second;
    dt_estimate signed_lead = p->lead_ms;
    if (turned && lead == 0.0) {
      signed_lead.value = -p->lead_ms.value;
      signed_lead.low = -p->lead_ms.high;
      signed_lead.high = -p->lead_ms.low;
    }
    tally(t, kick ? "unison lead, kick and cymbal" : "unison lead, snare and cymbal", signed_lead,
          lead);
    tally(t, kick ? "unison spread, kick and cymbal" : "unison spread, snare and cymbal",
          p->spread_ms, hypot(motor(how, p->first), motor(how, p->second)));
  }
}

/* What a place is meant to be off, all strokes of a rock bar averaging 0. */
static double meant(const feel_how* how, dt_voice voice, int bar_tick) {
  const bool back = bar_tick % (2 * DT_TICKS_PER_QUARTER) == DT_TICKS_PER_QUARTER;
  return how->voice_ms[voice] + (voice == DT_VOICE_SNARE && back ? how->backbeat_ms : 0.0);
}

static double mean_meant(const feel_how* how, const dt_places* places) {
  double sum = 0.0;
  double n = 0.0;
  for (size_t k = 0; k < places->place_count; ++k) {
    const dt_place* p = &places->places[k];
    sum += (double)p->count * meant(how, p->voice, p->bar_tick);
    n += (double)p->count;
  }
  return sum / n;
}

static void examine_fills(table* t, const feel_how* how, const dt_fills* fills) {
  tally(t, "bpm gained per fill", fills->gain_bpm, how->gain_bpm);
  tally(t, "bpm in a fill", fills->inside_bpm, 0.5 * how->gain_bpm + how->rush_bpm);
  tally(t, "scatter, fills / groove", fills->scatter_ratio, about_neighbours(how, 1.0));
  if (how->rush_bpm == 0.0) {
    tally(t, "placement, fills less groove", fills->placement_ms, 0.0);
  }
  for (size_t k = 0; k < fills->count; ++k) {
    /* As played: from the middle of the groove before to that after it, four bars, it drifts. */
    const double drift_bpm = how->drift_bpm_per_min * 16.0 / how->bpm;
    tally(t, "bpm gained, one fill", fills->items[k].gain_bpm, how->gain_bpm + drift_bpm);
  }
}

static void examine_places(table* t, const feel_how* how, const dt_marks* marks) {
  dt_places places;
  if (dt_places_measure(&places, NULL, marks) != DT_OK) {
    exit(1);
  }
  if (strcmp(how->chart, "rock") == 0) {
    const double mean = mean_meant(how, &places);
    for (size_t k = 0; k < places.place_count; ++k) {
      const dt_place* p = &places.places[k];
      const double offset = meant(how, p->voice, p->bar_tick);
      tally(t, "place offset, every place", p->offset_ms, offset - mean);
      if (p->voice == DT_VOICE_SNARE) {
        tally(t, "place offset, backbeats", p->offset_ms, offset - mean);
        tally(t, "backbeat against the click", p->offset_click_ms,
              how->drift_bpm_per_min == 0.0 ? offset : (double)NAN);
      }
      if (p->voice == DT_VOICE_SNARE) {
        tally(t, "place scatter, backbeats", p->scatter_ms,
              about_neighbours(how, motor(how, p->voice)));
      }
    }
  }
  if (places.fills.count > 0) {
    examine_fills(t, how, &places.fills);
  }
  if (places.change_count > 0) {
    double mean = 0.0;
    for (size_t k = 0; k < places.change_count; ++k) {
      const double step = how->section_bpm;
      tally(t, "bpm, one section change", places.changes[k].step_bpm, step);
      mean += step / (double)places.change_count;
    }
    tally(t, "bpm per section change", places.change_bpm, mean);
  }
  dt_places_clear(&places, NULL);
}

static void examine_hands(table* t, const feel_how* how, const dt_marks* marks) {
  dt_hands hands;
  if (dt_hands_measure(&hands, NULL, marks) != DT_OK) {
    exit(1);
  }
  tally(t, "left less right, ms", hands.left_right.later_ms, how->left_ms);
  tally(t, "left / right scatter", hands.left_right.scatter_ratio,
        dialled(how, factor(how->left_scatter)));
  tally(t, "left less right, dB", hands.left_right.louder_db, how->left_db);
  for (size_t k = 0; k < hands.limb_count; ++k) {
    if (hands.limbs[k].limb == DT_LIMB_LEFT) {
      tally(t, "left hand, scatter", hands.limbs[k].scatter_ms,
            dialled(how, how->motor_ms * factor(how->left_scatter)));
      tally(t, "left hand, offset", hands.limbs[k].offset_ms, 0.5 * how->left_ms);
    }
  }
}

static bool use_aligner;

/* The aligner's word instead of the truth. */
static void realign(feel_take* play) {
  feel_take found = *play;
  dt_error err = {.sentence = ""};
  const dt_judge_config config = dt_judge_default(&play->take);
  if (dt_align(&found.alignment, NULL, &play->take, &config, &play->chart, &err) != DT_OK) {
    fprintf(stderr, "bench_judge_feel: %s\n", err.sentence);
    exit(1);
  }
  dt_alignment_clear(&play->alignment, NULL);
  *play = found;
}

static void examine(table* t, const feel_how* how, uint64_t seed) {
  feel_take play;
  dt_verdict verdict;
  dt_marks marks;
  feel_play(how, seed, &play);
  if (use_aligner) {
    realign(&play);
  }
  dt_judge_config config = dt_judge_default(&play.take);
  config.chart = &play.chart;
  config.alignment = &play.alignment;
  if (dt_judge(&verdict, NULL, &play.take, &config, NULL) != DT_OK ||
      dt_marks_make(&marks, NULL, &play.take, &verdict, &play.alignment, &play.chart) != DT_OK) {
    fprintf(stderr, "bench_judge_feel: cannot judge\n");
    exit(1);
  }
  const bool swings = how->swing > 0.0;
  const bool bars = strcmp(how->chart, "rock") == 0;
  const bool sticks = strspn(how->chart, "RL") == strlen(how->chart);
  if (swings || bars) {
    examine_swing(t, how, &marks);
  }
  if (swings || bars) {
    examine_unison(t, how, &marks);
  }
  if (sticks) {
    examine_hands(t, how, &marks);
    examine_sixteenths(t, how, &marks);
  }
  if (!swings && !sticks) {
    examine_places(t, how, &marks);
  }
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  feel_clear(&play);
}

static bool needs_truth(const condition* c) {
  return c->how.pink_ms > 0.0 || c->how.clock_ms > 0.0 ||
         (strcmp(c->how.chart, "rock") == 0 && c->how.drift_bpm_per_min != 0.0);
}

static void run(const condition* c, int takes, uint64_t first_seed) {
  table t;
  memset(&t, 0, sizeof(t));
  t.learning = true;
  for (int k = 0; k < TRUTH_TAKES && needs_truth(c); ++k) {
    examine(&t, &c->how, 900001 + (uint64_t)k);
  }
  t.learning = false;
  for (int k = 0; k < takes; ++k) {
    examine(&t, &c->how, first_seed + (uint64_t)k);
  }
  for (int k = 0; k < t.count; ++k) {
    const row* r = &t.rows[k];
    if (r->known == 0) {
      printf("| %s | %s | - | | | | never known |\n", c->name, r->name);
      continue;
    }
    const double n = r->known;
    printf("| %s | %s | %.3g | %.3g | %.1f | %.1f | %.3g |\n", c->name, r->name, r->truth,
           r->value / n, 100.0 * r->inside / n, 100.0 * r->below / n, r->width / n);
  }
  fflush(stdout);
}

int main(int argc, char** argv) {
  const int takes = argc > 1 ? atoi(argv[1]) : 1000;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 600001;
  const int count = (int)(sizeof(CONDITIONS) / sizeof(CONDITIONS[0]));
  const int only = argc > 3 ? atoi(argv[3]) : -1;
  use_aligner = argc > 4 && strcmp(argv[4], "align") == 0;
  printf(
      "## Are the intervals of feel honest?\n\n%d simulated takes a condition, seeds from %llu. "
      "Share of takes in which the 95 %% interval holds the truth, and lies below it, in %%; mean "
      "width.\n\n| condition | measure | truth | mean | holds | too low | width |\n"
      "|---|---|---|---|---|---|---|\n",
      takes, (unsigned long long)first_seed);
  for (int k = 0; k < count; ++k) {
    if (only < 0 || only == k) {
      run(&CONDITIONS[k], takes, first_seed);
    }
  }
  return 0;
}
