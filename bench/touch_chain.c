/*
 * The numbers of touch through the whole chain, as a user gets them: the virtual drummer plays a
 * chart, the instrument adds jitter, and the take is aligned, judged and measured.
 *
 *   bench_touch_chain [TAKES [FIRST_SEED]]
 *
 * Truths are the drummer's own, stroke by stroke (dt_truth): intervals, spacings and velocities as
 * meant, and spreads as dialled.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/dynamics.h"
#include "dt/fatigue.h"
#include "dt/flam.h"
#include "dt/level.h"
#include "dt/marks.h"
#include "dt/rng.h"
#include "dt/roll.h"

static int takes = 1000;
static uint64_t first_seed = 1;

static void must(dt_status status, const char* what) {
  if (status != DT_OK) {
    fprintf(stderr, "touch_chain: %s: %s\n", what, dt_status_sentence(status));
    exit(1);
  }
}

typedef struct noise {
  const char* name;
  const char* words;
  double jitter_ms;
} noise;

static const noise NOISES[] = {
    {"white", "scatter=8ms", 0.0},
    {"white, jitter 1 ms", "scatter=8ms", 1.0},
    {"timekeeper + motor", "scatter=6ms clock=8ms alpha=0.25", 0.0},
    {"timekeeper + motor, jitter 1 ms", "scatter=6ms clock=8ms alpha=0.25", 1.0},
    {"1/f + motor", "scatter=6ms pink=8ms", 0.0},
    {"1/f + motor, jitter 1 ms", "scatter=6ms pink=8ms", 1.0},
};
enum { NOISE_COUNT = sizeof(NOISES) / sizeof(NOISES[0]) };

/* Everything measured of one take. */
typedef struct result {
  dt_rolls rolls;
  dt_flams flams;
  dt_dynamics dynamics;
  dt_fatigue fatigue;
} result;

/* A stroke's own velocity, rounded as MIDI does, and time with jitter. */
static void through_the_instrument(dt_take* take, uint64_t seed, double jitter_ms) {
  dt_rng rng = dt_rng_seeded(seed, 91);
  for (size_t i = 0; i < take->strokes.count; ++i) {
    dt_stroke* s = &take->strokes.items[i];
    s->time_s += jitter_ms > 0.0 ? 1e-3 * jitter_ms * dt_rng_normal(&rng) : 0.0;
    s->velocity = (float)fmax(1.0, fmin(127.0, floor((double)s->velocity + 0.5)));
  }
  dt_strokes_sort(&take->strokes);
  take->clock_jitter_s = 1e-3 * jitter_ms;
  take->duration_s += 1.0;
}

static void measure(const dt_take* take, const dt_chart* chart, result* r) {
  dt_error err = {.sentence = ""};
  dt_judge_config config = dt_judge_default(take);
  dt_verdict verdict;
  dt_alignment alignment;
  dt_marks marks;
  must(dt_align(&alignment, NULL, take, &config, chart, &err), "align");
  config.chart = chart;
  config.alignment = &alignment;
  must(dt_judge(&verdict, NULL, take, &config, &err), "judge");
  must(dt_marks_make(&marks, NULL, take, &verdict, &alignment, chart), "marks");
  must(dt_rolls_measure(&r->rolls, NULL, &marks), "rolls");
  must(dt_flams_measure(&r->flams, NULL, &marks), "flams");
  must(dt_dynamics_measure(&r->dynamics, NULL, &marks), "dynamics");
  must(dt_fatigue_measure(&r->fatigue, NULL, &marks, &verdict), "fatigue");
  dt_marks_clear(&marks, NULL);
  dt_alignment_clear(&alignment, NULL);
  dt_verdict_clear(&verdict, NULL);
}

/* Plays and measures; release r->rolls. */
static void play(const char* text, const char* words, const noise* n, uint64_t seed, result* r) {
  dt_error err = {.sentence = ""};
  dt_chart chart;
  dt_drummer drummer = dt_drummer_default();
  drummer.bpm = 0.0;
  drummer.seed = seed;
  must(dt_chart_parse(&chart, NULL, text, strlen(text), &err), err.sentence);
  must(dt_drummer_parse(&drummer, n->words, &err), "noise");
  must(dt_drummer_parse(&drummer, words, &err), words);
  dt_part part;
  dt_truths truths;
  dt_take take;
  must(dt_drummer_part(&drummer, &chart, NULL, &part), "part");
  must(dt_drummer_play(&drummer, &part, NULL, &truths, &err), "play");
  must(dt_take_from_truths(&take, NULL, &truths, &drummer, &part), "take");
  through_the_instrument(&take, seed, n->jitter_ms);
  measure(&take, &chart, r);
  dt_take_clear(&take, NULL);
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

typedef struct tally {
  int inside;
  int known;
  int below;
  double width;
  double value;
} tally;

static void count(tally* t, dt_estimate e, double truth) {
  if (e.known == DT_KNOWN) {
    ++t->known;
    t->inside += e.low <= truth && truth <= e.high;
    t->below += e.low > truth;
    t->width += e.high - e.low;
    t->value += e.value;
  }
}

static void row(const char* what, const char* unit, const noise* n, const tally* t, double truth) {
  const double known = t->known > 0 ? t->known : 1.0;
  printf("| %s | %s | %.2f %s | %.2f | %.1f %% | %.1f / %.1f %% | %.2f | %.1f %% |\n", what,
         n->name, truth, unit, t->value / known, 100.0 * t->inside / known,
         100.0 * t->below / known, 100.0 * (t->known - t->inside - t->below) / known,
         t->width / known, 100.0 * t->known / takes);
}

/* --- rolls: sixteenths, right and left ------------------------------------------------------- */

static const char SINGLES[] = "tempo: 120\nmeter: 4/4\nstep: 1/16\n\n"
                              "snare |xxxxxxxxxxxxxxxx|\nhands |RLRLRLRLRLRLRLRL|\n";

static double motor_ms(const noise* n) {
  dt_error err = {.sentence = ""};
  dt_drummer d = dt_drummer_default();
  must(dt_drummer_parse(&d, n->words, &err), "noise");
  return d.scatter_ms;
}

/* Spread of the intervals: the strokes' own, and what the slow noise adds, from players without
 * motor noise. */
static double cv_of(const noise* n, const char* how) {
  noise still = *n;
  char words[128];
  snprintf(words, sizeof(words), "%s scatter=0ms", how);
  still.jitter_ms = 0.0;
  double sum = 0.0;
  const int others = strcmp(n->name, "white") == 0 ? 1 : 200;
  for (int k = 0; k < others; ++k) {
    result r;
    play(SINGLES, words, &still, 900001 + (uint64_t)k, &r);
    const double cv = r.rolls.cv_pct.value;
    sum += isnan(cv) ? 0.0 : cv * cv / others;
    dt_rolls_clear(&r.rolls, NULL);
  }
  const double own = 100.0 * sqrt(2.0) * motor_ms(n) / 125.0;
  return sqrt(own * own + sum);
}

static void bench_rolls(const noise* n) {
  static const char HOW[] = "bars=4 left=+4ms left.velocity=-10 velocity=4";
  const double truth_cv = cv_of(n, "bars=4");
  const double louder = dt_velocity_db(80.0) - dt_velocity_db(90.0);
  tally t[3];
  memset(t, 0, sizeof(t));
  int breaks = 0;
  for (int k = 0; k < takes; ++k) {
    result r;
    play(SINGLES, HOW, n, first_seed + (uint64_t)k, &r);
    count(&t[0], r.rolls.cv_pct, truth_cv);
    count(&t[1], r.rolls.hands.later_ms, 4.0);
    count(&t[2], r.rolls.hands.louder_db, louder);
    breaks += r.rolls.breakdown_count > 0;
    dt_rolls_clear(&r.rolls, NULL);
  }
  row("interval CV, 64 singles", "%", n, &t[0], truth_cv);
  row("left hand later", "ms", n, &t[1], 4.0);
  row("left hand louder", "dB", n, &t[2], louder);
  printf("| said to break down, though it holds | %s | | %.1f %% | | | | |\n", n->name,
         100.0 * breaks / takes);
}

/* --- flams ----------------------------------------------------------------------------------- */

static const char FLAMS[] = "tempo: 100\nmeter: 4/4\nstep: 1/8\n\n"
                            "snare |f-x-f-x-|\nkick  |x---x---|\n";

static void bench_flams(const noise* n) {
  tally t[2];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    result r;
    play(FLAMS, "bars=24 flam=40ms flam.sd=5ms", n, first_seed + (uint64_t)k, &r);
    count(&t[0], r.flams.flam.mean_ms, 40.0);
    count(&t[1], r.flams.flam.sd_ms, 5.0);
    dt_rolls_clear(&r.rolls, NULL);
  }
  row("flam spacing, mean, 48 flams", "ms", n, &t[0], 40.0);
  row("flam spacing, SD", "ms", n, &t[1], 5.0);
}

/* --- dynamics and fatigue -------------------------------------------------------------------- */

static const char FUNK[] = "tempo: 110\nmeter: 4/4\nstep: 1/16\n\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\n"
                           "snare  |--g-X--g-g--X-x-|\n"
                           "kick   |x-----x---x-----|\n";

/* Mean level of a velocity that varies with SD sd and is rounded. */
static double mean_db(double velocity, double sd) {
  double sum = 0.0;
  double weight = 0.0;
  for (int k = -400; k <= 400; ++k) {
    const double z = 0.01 * k;
    const double w = exp(-0.5 * z * z);
    const double v = fmin(127.0, fmax(1.0, floor(velocity + sd * z + 0.5)));
    sum += w * dt_velocity_db(v);
    weight += w;
  }
  return sum / weight;
}

static const dt_voice_dynamics* snare_of(const dt_dynamics* d) {
  for (size_t k = 0; k < d->voice_count; ++k) {
    if (d->voices[k].voice == DT_VOICE_SNARE) {
      return &d->voices[k];
    }
  }
  exit(1);
}

static void bench_groove(const noise* n, int bars, double fatigue) {
  char words[160];
  snprintf(
      words, sizeof(words),
      "bars=%d velocity=4 accent=108 stroke=80 ghost=35 crescendo=-0.6dB/min fatigue=%.0f%%/min",
      bars, fatigue);
  const double accent = mean_db(108.0, 4.0) - mean_db(80.0, 4.0);
  const double ghost = mean_db(35.0, 4.0) - mean_db(80.0, 4.0);
  tally t[4];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    result r;
    play(FUNK, words, n, first_seed + (uint64_t)k, &r);
    count(&t[0], snare_of(&r.dynamics)->accent_db, accent);
    count(&t[1], snare_of(&r.dynamics)->ghost_db, ghost);
    count(&t[2], r.fatigue.scatter_pct.per_min, fatigue);
    count(&t[3], r.fatigue.level_db.per_min, -0.6);
    dt_rolls_clear(&r.rolls, NULL);
  }
  char what[80];
  snprintf(what, sizeof(what), "accent - normal, snare, %d bars", bars);
  row(what, "dB", n, &t[0], accent);
  row("ghost - normal, snare", "dB", n, &t[1], ghost);
  if (t[2].known > 0) {
    row("growth of scatter", "%/min", n, &t[2], fatigue);
    row("level", "dB/min", n, &t[3], -0.6);
  }
}

int main(int argc, char** argv) {
  takes = argc > 1 ? atoi(argv[1]) : takes;
  first_seed = argc > 2 ? (uint64_t)strtoull(argv[2], NULL, 10) : first_seed;
  printf("Touch through the whole chain: %d takes a condition, seeds %llu to %llu.\n\n", takes,
         (unsigned long long)first_seed, (unsigned long long)first_seed + (unsigned)takes - 1);
  printf("| what | noise | truth | mean | coverage | truth below / above | mean width | known |\n"
         "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (int k = 0; k < NOISE_COUNT; ++k) {
    bench_rolls(&NOISES[k]);
    bench_flams(&NOISES[k]);
    bench_groove(&NOISES[k], 16, 0.0);
    bench_groove(&NOISES[k], 64, strstr(NOISES[k].name, "white") ? 15.0 : 0.0);
    fflush(stdout);
  }
  return 0;
}
