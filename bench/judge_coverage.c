/*
 * Are the judge's intervals honest? 1,000 simulated takes a condition: how often the 95 % interval
 * holds the truth, of placement, drift and scatter, overall and by voice; and how often a drift of
 * 0.2 % over 32 bars is found, and one that is not there.
 *
 *   bench_judge_coverage [TAKES [FIRST_SEED]]
 *
 * The truth of placement is the dialled one (limb offsets and drift averaged over the strokes
 * played); of drift the dialled one; of scatter the expected square about the best straight
 * placement and drift, measured on 2,000 other takes of the same condition.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test/support/play_chart.h"
#include "dt/drummer.h"
#include "dt/judge.h"

enum { TRUTH_TAKES = 2000, STROKES_MAX = 20000 };

typedef struct condition {
  const char* name;
  const char* groove;
  const char* how;
  bool free;
} condition;

static const condition CONDITIONS[] = {
    {"white", "rock", "bpm=120 bars=64 scatter=10ms", false},
    {"timekeeper and motor", "rock", "bpm=120 bars=64 scatter=5ms clock=8ms alpha=0.25", false},
    {"1/f", "rock", "bpm=120 bars=64 scatter=5ms pink=10ms", false},
    {"with drift", "rock", "bpm=120 bars=64 scatter=9ms drift=+2bpm/min snare=+8ms", false},
    {"swung", "shuffle", "bpm=110 bars=64 scatter=9ms placement=-6ms", false},
    {"with misses", "funk", "bpm=100 bars=64 scatter=9ms miss=15% hihat=-4ms snare=+6ms", false},
    {"unequal limbs", "rock16",
     "bpm=96 bars=24 scatter=8ms hihat.scatter=0.6x kick.scatter=1.6x kick=-8ms", false},
    {"white, 32 bars", "rock", "bpm=120 bars=32 scatter=10ms", false},
    {"timekeeper, 32 bars", "rock", "bpm=120 bars=32 scatter=5ms clock=8ms alpha=0.25", false},
    {"1/f, 32 bars", "rock", "bpm=120 bars=32 scatter=5ms pink=10ms", false},
    {"white, 8 bars", "rock", "bpm=120 bars=8 scatter=10ms", false},
    {"motor and a weak timekeeper", "rock", "bpm=120 bars=32 scatter=9ms clock=4ms alpha=0.3",
     false},
    {"strong correction", "rock", "bpm=120 bars=32 scatter=6ms clock=8ms alpha=0.6", false},
    {"all at once", "shuffle",
     "bpm=140 bars=32 scatter=7ms clock=5ms alpha=0.3 drift=-1.5bpm/min miss=5% snare=+10ms",
     false},
    {"free, from memory", "rock", "bpm=120 bars=32 scatter=8ms clock=4ms drift=-3bpm/min", true},
};

/* What a take's noise-free strokes say: per voice and overall (last). */
typedef struct truth_sums {
  double placement_ms[DT_VOICE_COUNT + 1];
  double scatter2[DT_VOICE_COUNT + 1];
  bool scatter_ok[DT_VOICE_COUNT + 1];
} truth_sums;

static bool off_beat(const dt_drummer* d, const dt_part* part, const dt_truth* t) {
  const double swing = d->swing > 0.0 ? d->swing : part->swing;
  return swing > 0.5 && part->swing_pair > 0 && t->tick % part->swing_pair != 0;
}

static double meant_s(const dt_drummer* d, const dt_truth* t) {
  const dt_voice voice = dt_drum_voice(t->stroke.drum);
  return t->own_time_s + 1e-3 * (d->placement_ms + d->limb_offset_ms[voice]);
}

/* Mean square about the best line and parabola, freedom counted. */
static bool detrended_square(const double* x, const double* y, size_t n, double* out) {
  double s[5] = {0};
  double b[3] = {0};
  for (size_t i = 0; i < n; ++i) {
    double power = 1.0;
    for (int k = 0; k < 5; ++k, power *= x[i]) {
      s[k] += power;
      if (k < 3) {
        b[k] += power * y[i];
      }
    }
  }
  double m[3][4] = {{s[0], s[1], s[2], b[0]}, {s[1], s[2], s[3], b[1]}, {s[2], s[3], s[4], b[2]}};
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 3; ++r) {
      if (r != c) {
        const double f = m[r][c] / m[c][c];
        for (int k = c; k < 4; ++k) {
          m[r][k] -= f * m[c][k];
        }
      }
    }
  }
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    const double fit = m[0][3] / m[0][0] + x[i] * (m[1][3] / m[1][1] + x[i] * m[2][3] / m[2][2]);
    sum += (y[i] - fit) * (y[i] - fit);
  }
  *out = sum / ((double)n - 3.0);
  return n > 8 && isfinite(*out);
}

/* verdict NULL: of all strokes; else of those that were judged. */
static void truth_of(const dt_drummer* d, const dt_part* part, const dt_truths* truths,
                     const dt_verdict* verdict, truth_sums* sums) {
  static double x[STROKES_MAX];
  static double y[STROKES_MAX];
  memset(sums, 0, sizeof(*sums));
  for (int v = 0; v <= DT_VOICE_COUNT; ++v) {
    size_t n = 0;
    double placement = 0.0;
    double on = 0.0;
    for (size_t i = 0; i < truths->count && n < STROKES_MAX; ++i) {
      const dt_truth* t = &truths->items[i];
      if (verdict && (verdict->judged[i].outlier || verdict->judged[i].ornament)) {
        continue;
      }
      if (t->kind == DT_TRUTH_GRACE ||
          (v < DT_VOICE_COUNT && dt_drum_voice(t->stroke.drum) != (dt_voice)v)) {
        continue;
      }
      x[n] = (double)t->tick / 1e5;
      y[n] = t->stroke.time_s - meant_s(d, t);
      ++n;
      if (!off_beat(d, part, t)) {
        placement += 1e3 * (meant_s(d, t) - t->click_time_s);
        on += 1.0;
      }
    }
    sums->placement_ms[v] = on > 0.0 ? placement / on : (double)NAN;
    sums->scatter_ok[v] = n > 8 && detrended_square(x, y, n, &sums->scatter2[v]);
  }
}

static void die(const char* what) {
  fprintf(stderr, "bench_judge_coverage: %s\n", what);
  exit(1);
}

typedef struct count {
  int inside[3];
  int known[3];
  double width[3];
} count;

static void tally(count* c, int what, dt_estimate e, double truth) {
  if (e.known != DT_KNOWN || isnan(truth)) {
    return;
  }
  ++c->known[what];
  c->inside[what] += e.low <= truth && truth <= e.high;
  c->width[what] += e.high - e.low;
}

static void play(const dt_drummer* d, const dt_part* part, uint64_t seed, dt_truths* truths) {
  dt_drummer player = *d;
  player.seed = seed;
  if (dt_drummer_play(&player, part, NULL, truths, NULL) != DT_OK) {
    die("cannot play");
  }
}

static void judge(const condition* c, const dt_drummer* d, const dt_part* part,
                  const dt_truths* truths, dt_verdict* verdict) {
  dt_take take;
  if (dt_take_from_truths(&take, NULL, truths, d, part) != DT_OK || !take.has_click) {
    die("no take");
  }
  dt_judge_config config = dt_judge_default(&take);
  config.mode = c->free ? DT_GRID_FREE : DT_GRID_CLICK;
  if (dt_judge(verdict, NULL, &take, &config, NULL) != DT_OK) {
    die("cannot judge");
  }
  dt_take_clear(&take, NULL);
}

static const dt_timing* timing_of(const dt_verdict* verdict, int v) {
  if (v == DT_VOICE_COUNT) {
    return &verdict->all;
  }
  for (size_t k = 0; k < verdict->voice_count; ++k) {
    if (verdict->voices[k].voice == (dt_voice)v) {
      return &verdict->voices[k].timing;
    }
  }
  return NULL;
}

static void print_row(const char* name, const char* what, const count* c) {
  printf("| %s | %s |", name, what);
  for (int k = 0; k < 3; ++k) {
    if (c->known[k] == 0) {
      printf(" - |");
    } else {
      printf(" %.1f (%.3g) |", 100.0 * c->inside[k] / c->known[k], c->width[k] / c->known[k]);
    }
  }
  printf("\n");
}

static void run_condition(const condition* c, int takes, uint64_t first_seed) {
  dt_drummer drummer = dt_drummer_default();
  if (dt_drummer_parse(&drummer, c->how, NULL) != DT_OK) {
    die(c->name);
  }
  dt_part part = dt__groove_part(c->groove, drummer.bars, drummer.bpm);
  double scatter2[DT_VOICE_COUNT + 1] = {0};
  double scatter_n[DT_VOICE_COUNT + 1] = {0};
  truth_sums sums;
  dt_truths truths;
  for (int k = 0; k < TRUTH_TAKES; ++k) {
    play(&drummer, &part, 1000000007ULL + (uint64_t)k, &truths);
    truth_of(&drummer, &part, &truths, NULL, &sums);
    for (int v = 0; v <= DT_VOICE_COUNT; ++v) {
      scatter2[v] += sums.scatter_ok[v] ? sums.scatter2[v] : 0.0;
      scatter_n[v] += sums.scatter_ok[v];
    }
    dt_truths_clear(&truths, NULL);
  }
  count counts[DT_VOICE_COUNT + 1];
  memset(counts, 0, sizeof(counts));
  int words[5] = {0};
  for (int k = 0; k < takes; ++k) {
    play(&drummer, &part, first_seed + (uint64_t)k, &truths);
    dt_verdict verdict;
    judge(c, &drummer, &part, &truths, &verdict);
    truth_of(&drummer, &part, &truths, &verdict, &sums);
    ++words[verdict.word];
    for (int v = 0; v <= DT_VOICE_COUNT; ++v) {
      const dt_timing* timing = timing_of(&verdict, v);
      if (timing && scatter_n[v] > 0.0) {
        tally(&counts[v], 0, timing->placement_ms, sums.placement_ms[v]);
        tally(&counts[v], 1, timing->drift_bpm_per_min, drummer.drift_bpm_per_min);
        tally(&counts[v], 2, timing->scatter_ms, 1e3 * sqrt(scatter2[v] / scatter_n[v]));
      }
    }
    dt_verdict_clear(&verdict, NULL);
    dt_truths_clear(&truths, NULL);
  }
  print_row(c->name, "all", &counts[DT_VOICE_COUNT]);
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    if (counts[v].known[2] >= takes / 2) {
      print_row(c->name, dt_voice_name((dt_voice)v), &counts[v]);
    }
  }
  fprintf(stderr, "%s: ", c->name);
  for (int w = 0; w < 5; ++w) {
    fprintf(stderr, "%s %d  ", dt_word_text((dt_word)w), words[w]);
  }
  fprintf(stderr, "\n");
  fflush(stdout);
  dt_part_clear(&part, NULL);
}

static double found_share(const char* how, int takes, uint64_t first_seed) {
  const condition c = {"drift", "rock", how, false};
  dt_drummer drummer = dt_drummer_default();
  if (dt_drummer_parse(&drummer, how, NULL) != DT_OK) {
    die(how);
  }
  dt_part part = dt__groove_part(c.groove, drummer.bars, drummer.bpm);
  int found = 0;
  for (int k = 0; k < takes; ++k) {
    dt_truths truths;
    dt_verdict verdict;
    play(&drummer, &part, first_seed + (uint64_t)k, &truths);
    judge(&c, &drummer, &part, &truths, &verdict);
    found += verdict.drift_found;
    dt_verdict_clear(&verdict, NULL);
    dt_truths_clear(&truths, NULL);
  }
  dt_part_clear(&part, NULL);
  return 100.0 * found / takes;
}

int main(int argc, char** argv) {
  const int takes = argc > 1 ? atoi(argv[1]) : 1000;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 300001;
  const size_t only = argc > 3 ? (size_t)atoi(argv[3]) : SIZE_MAX;
  printf(
      "## Are the intervals honest?\n\n%d simulated takes a condition, seeds from %llu. Share of "
      "takes in which the 95 %% interval holds the truth, in %%, and its mean width (ms, "
      "bpm/min, ms).\n\n| condition | strokes | placement | drift | scatter "
      "|\n|---|---|---|---|---|\n",
      takes, (unsigned long long)first_seed);
  for (size_t k = 0; k < sizeof(CONDITIONS) / sizeof(CONDITIONS[0]); ++k) {
    if (only == SIZE_MAX || only == k) {
      run_condition(&CONDITIONS[k], takes, first_seed);
    }
  }
  if (only != SIZE_MAX) {
    return 0;
  }
  /* 0.2 % of 120 bpm over 32 bars (64 s): 0.225 bpm a minute. */
  printf(
      "\n## A drift of 0.2 %% over 32 bars, 10 ms of scatter\n\n| scatter | found | false alarms "
      "|\n|---|---|---|\n");
  printf("| white 10 ms | %.1f %% | %.1f %% |\n",
         found_share("bpm=120 bars=32 scatter=10ms drift=+0.225bpm/min", takes, first_seed),
         found_share("bpm=120 bars=32 scatter=10ms", takes, first_seed));
  printf("| white 9.5 ms and a timekeeper of 2 ms, alpha .4 | %.1f %% | %.1f %% |\n",
         found_share("bpm=120 bars=32 scatter=9.5ms clock=2ms alpha=0.4 drift=+0.225bpm/min", takes,
                     first_seed),
         found_share("bpm=120 bars=32 scatter=9.5ms clock=2ms alpha=0.4", takes, first_seed));
  return 0;
}
