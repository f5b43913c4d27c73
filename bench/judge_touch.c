/*
 * Are the intervals of touch honest: rolls, flams, dynamics, fatigue? 1,000 takes a condition: how
 * often the 95 % interval holds the truth; how often a roll that breaks down is found, and one that
 * holds is said to break.
 *
 *   bench_judge_touch [TAKES [FIRST_SEED [PART]]]    PART: r b f d t, the first letter of a part
 *
 * The players are those of test/support/mark_player.h, whose truth is exact. Where a truth depends
 * on slow noise (the spread of intervals, the growth of scatter) it is measured on 2,000 other
 * takes without motor noise or jitter and added.
 */
#include <stdio.h>

#include "../test/support/mark_player.h"
#include "dt/dynamics.h"
#include "dt/fatigue.h"
#include "dt/flam.h"
#include "dt/roll.h"
#include "touch_rolls.h"

enum { TRUTH_TAKES = 2000, TRUTH_SEED = 900001 };

static dt_mark_player player;
static int takes = 1000;
static uint64_t first_seed = 1;

typedef struct setting {
  const char* name;
  dt_noise noise;
  double slow_ms;
  double jitter_ms;
} setting;

static const setting SETTINGS[] = {
    {"white", DT_NOISE_WHITE, 0.0, 0.0},
    {"white, jitter 1 ms", DT_NOISE_WHITE, 0.0, 1.0},
    {"timekeeper + motor", DT_NOISE_CLOCK, 8.0, 0.0},
    {"timekeeper + motor, jitter 1 ms", DT_NOISE_CLOCK, 8.0, 1.0},
    {"1/f + motor", DT_NOISE_PINK, 8.0, 0.0},
    {"1/f + motor, jitter 1 ms", DT_NOISE_PINK, 8.0, 1.0},
};
enum { SETTINGS_COUNT = sizeof(SETTINGS) / sizeof(SETTINGS[0]) };

typedef struct tally {
  int inside;
  int known;
  int low; /* interval above the truth */
  double width;
  double error;
} tally;

static void count(tally* t, dt_estimate e, double truth) {
  if (e.known == DT_KNOWN) {
    ++t->known;
    t->inside += e.low <= truth && truth <= e.high;
    t->low += e.low > truth;
    t->width += e.high - e.low;
    t->error += e.value - truth;
  }
}

static double known(int n) {
  return n > 0 ? (double)n : 1.0;
}

static void row(const char* what, const char* unit, const setting* s, const tally* t,
                double truth) {
  printf("| %s | %s | %.2f %s | %.1f %% | %.1f / %.1f %% | %.2f | %+.3f | %.1f %% |\n", what,
         s->name, truth, unit, 100.0 * t->inside / known(t->known),
         100.0 * t->low / known(t->known),
         100.0 * (t->known - t->inside - t->low) / known(t->known), t->width / known(t->known),
         t->error / known(t->known), 100.0 * t->known / takes);
}

static void head(void) {
  printf("\n| what | noise | truth | coverage | truth below / above | mean width | mean error | "
         "known |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
}

static void start(uint64_t seed, const setting* s) {
  dt_player_start(&player, seed, s->noise, s->slow_ms, s->jitter_ms);
}

/* --- rolls ----------------------------------------------------------------------------------- */

static const dt_marks* play_rolls(uint64_t seed, const roll_case* c, const setting* s) {
  start(seed, s);
  double at_s = 1.0;
  for (int k = 0; k < c->rolls; ++k) {
    at_s = dt_player_roll(&player, &c->how, at_s, 1e6 * k) + 1.3;
  }
  return dt_player_end(&player);
}

/* Relative variance of the intervals that the slow noise makes about a straight line over each
 * piece of up to 32: of what the measure calls uneven. */
static double slow_cv2(const roll_case* c, const setting* s) {
  if (s->noise == DT_NOISE_WHITE) {
    return 0.0;
  }
  roll_case quiet = *c;
  quiet.how.motor_ms = quiet.how.later_ms = quiet.how.double_ms = 0.0;
  setting still = *s;
  still.jitter_ms = 0.0;
  double sum = 0.0;
  for (int k = 0; k < TRUTH_TAKES; ++k) {
    dt_rolls rolls;
    if (dt_rolls_measure(&rolls, NULL, play_rolls(TRUTH_SEED + (uint64_t)k, &quiet, &still))) {
      exit(1);
    }
    sum += rolls.cv_pct.value * rolls.cv_pct.value;
    dt_rolls_clear(&rolls, NULL);
  }
  return sum / TRUTH_TAKES;
}

static void bench_rolls(const roll_case* c, const setting* s) {
  enum { CV, LATER, LATER_PCT, LOUDER, DOUBLE, RATE, WHAT };
  static const char* const names[] = {
      "interval CV",     "left later", "left later", "left louder", "second of a double later",
      "strokes a minute"};
  static const char* const units[] = {"%", "ms", "%", "dB", "ms", ""};
  const double own = 100.0 * sqrt(2.0) * c->how.motor_ms / c->how.interval_ms;
  const double truth[WHAT] = {sqrt(own * own + slow_cv2(c, s)),
                              c->how.later_ms,
                              100.0 * c->how.later_ms / c->how.interval_ms,
                              c->how.louder_db,
                              c->how.double_ms,
                              60e3 / c->how.interval_ms};
  tally t[WHAT];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    dt_rolls rolls;
    if (dt_rolls_measure(&rolls, NULL, play_rolls(first_seed + (uint64_t)k, c, s))) {
      exit(1);
    }
    count(&t[CV], rolls.cv_pct, truth[CV]);
    count(&t[LATER], rolls.hands.later_ms, truth[LATER]);
    count(&t[LATER_PCT], rolls.hands.later_pct, truth[LATER_PCT]);
    count(&t[LOUDER], rolls.hands.louder_db, truth[LOUDER]);
    count(&t[DOUBLE], rolls.hands.double_ms, truth[DOUBLE]);
    count(&t[RATE], rolls.strokes_per_min, truth[RATE]);
    dt_rolls_clear(&rolls, NULL);
  }
  for (int w = 0; w < WHAT; ++w) {
    if (t[w].known > 0) {
      char what[96];
      snprintf(what, sizeof(what), "%s: %s", c->name, names[w]);
      row(what, units[w], s, &t[w], truth[w]);
    }
  }
}

/* --- breakdown ------------------------------------------------------------------------------- */

static void bench_break(const break_case* b, const setting* s) {
  int found = 0;
  int right_kind = 0;
  double away = 0.0;
  const roll_case c = {b->name, 1, b->how};
  const dt_breakdown kind = b->how.break_slow > 0.0 ? DT_BREAKS_SLOW : DT_BREAKS_UNEVEN;
  for (int k = 0; k < takes; ++k) {
    dt_rolls rolls;
    const dt_marks* marks = play_rolls(first_seed + (uint64_t)k, &c, s);
    if (dt_rolls_measure(&rolls, NULL, marks)) {
      exit(1);
    }
    if (rolls.count > 0 && rolls.items[0].breakdown != DT_HOLDS) {
      ++found;
      right_kind += rolls.items[0].breakdown == kind;
      away += fabs(1e3 * rolls.items[0].breakdown_after_s / b->how.interval_ms -
                   (double)b->how.break_at);
    }
    dt_rolls_clear(&rolls, NULL);
  }
  printf("| %s | %s | %.1f %% |", b->name, s->name, 100.0 * found / takes);
  if (b->how.break_at > 0) {
    printf(" %.1f %% | %.1f |\n", 100.0 * right_kind / known(found), away / known(found));
  } else {
    printf(" | |\n");
  }
}

/* --- flams ----------------------------------------------------------------------------------- */

static void play_flams(uint64_t seed, const setting* s, int flams, double mean_ms, double sd_ms) {
  start(seed, s);
  for (int k = 0; k < flams; ++k) {
    const double at_s = 1.0 + 0.5 * k;
    const double spacing = mean_ms + sd_ms * dt_rng_normal(&player.rng);
    const double motor = 6.0 * dt_rng_normal(&player.rng);
    const double db = -6.0 + 1.2 * dt_rng_normal(&player.rng);
    dt_mark* main = dt_player_mark(&player, at_s, 960.0 * k, DT_VOICE_SNARE, motor, db);
    main->ornament = DT_FLAM;
    main->hand = k % 2 ? 'L' : 'R';
    dt_mark* grace = dt_player_mark(&player, at_s, 960.0 * k, DT_VOICE_SNARE, 0.0,
                                    db - 8.0 + 1.5 * dt_rng_normal(&player.rng));
    const double jitter = s->jitter_ms * dt_rng_normal(&player.rng);
    grace->time_s = main->time_s - 1e-3 * spacing;
    if (s->jitter_ms > 0.0) { /* main's own jitter is in its time already */
      grace->time_s += 1e-3 * jitter;
    }
    grace->ornament = DT_FLAM;
    grace->order = -1;
    grace->event = main->event;
    grace->hand = main->hand;
  }
  dt_player_end(&player);
}

static void bench_flams(const setting* s, int flams) {
  enum { MEAN, SD, DB, WHAT };
  static const char* const names[] = {"flam spacing, mean", "flam spacing, SD", "grace level"};
  static const char* const units[] = {"ms", "ms", "dB"};
  /* Grace and main both carry the main's jitter here: one more of the grace's own is seen. */
  const double truth[WHAT] = {45.0, 6.0, -8.0};
  tally t[WHAT];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    dt_flams f;
    const double sd = sqrt(36.0 + s->jitter_ms * s->jitter_ms);
    play_flams(first_seed + (uint64_t)k, s, flams, truth[MEAN], sd);
    if (dt_flams_measure(&f, NULL, &player.marks)) {
      exit(1);
    }
    count(&t[MEAN], f.flam.mean_ms, truth[MEAN]);
    count(&t[SD], f.flam.sd_ms, truth[SD]);
    count(&t[DB], f.flam_grace_db, truth[DB]);
  }
  for (int w = 0; w < WHAT; ++w) {
    char what[96];
    snprintf(what, sizeof(what), "%s, %d flams", names[w], flams);
    row(what, units[w], s, &t[w], truth[w]);
  }
}

/* --- a groove with accents and ghosts: dynamics and fatigue ---------------------------------- */

typedef struct groove {
  int bars;
  double growth; /* of motor noise, a minute */
  double db_per_min;
  double accent_db;
  double ghost_db;
  double level_noise; /* 1: as dialled; 0 none */
  double motor_ms;
} groove;

static const dt_marks* play_groove(uint64_t seed, const setting* s, const groove* g) {
  static const char kick[] = "x.......x.......";
  static const char hat[] = "X.x.X.x.X.x.X.x.";
  static const char snare[] = "..g.X..g.g..X.gx";
  static const char* const lines[] = {kick, snare, hat};
  static const dt_voice voices[] = {DT_VOICE_KICK, DT_VOICE_SNARE, DT_VOICE_HIHAT};
  start(seed, s);
  for (int step = 0; step < 16 * g->bars; ++step) {
    const double at_s = 1.0 + 0.125 * step;
    for (int v = 0; v < 3; ++v) {
      const char c = lines[v][step % 16];
      if (c == '.') {
        continue;
      }
      const double minutes = (at_s - 1.0) / 60.0;
      const double spread = (c == 'g' ? 2.2 : c == 'X' ? 0.8 : 1.2) * g->level_noise;
      const double db = -8.0 + g->db_per_min * minutes + (c == 'X' ? g->accent_db : 0.0) +
                        (c == 'g' ? g->ghost_db : 0.0) + spread * dt_rng_normal(&player.rng);
      const double motor = g->motor_ms * (1.0 + g->growth * minutes) * dt_rng_normal(&player.rng);
      dt_mark* m = dt_player_mark(&player, at_s, 240.0 * step, voices[v], motor, db);
      m->loud = c == 'X' ? DT_LOUD_ACCENT : c == 'g' ? DT_LOUD_GHOST : DT_LOUD_NORMAL;
      m->hand = v == 2 ? 'R' : v == 1 ? 'L' : 'K';
    }
  }
  return dt_player_end(&player);
}

static const dt_voice_dynamics* snare_of(const dt_dynamics* d) {
  for (size_t k = 0; k < d->voice_count; ++k) {
    if (d->voices[k].voice == DT_VOICE_SNARE) {
      return &d->voices[k];
    }
  }
  exit(1);
}

static void bench_dynamics(const setting* s, int bars, bool with_chart) {
  enum { ACCENT, GHOST, POOLED, EVEN, CRESCENDO, WHAT };
  static const char* const names[] = {"accent - normal", "ghost - normal",
                                      "accent - normal, all voices", "evenness of ghosts",
                                      "crescendo a minute"};
  const groove g = {bars, 0.0, 1.5, 5.0, with_chart ? -9.0 : -14.0, 1.0, 6.0};
  const double truth[WHAT] = {g.accent_db, g.ghost_db, g.accent_db, 2.2, g.db_per_min};
  tally t[WHAT];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    dt_dynamics d;
    play_groove(first_seed + (uint64_t)k, s, &g);
    if (dt_dynamics_measure(&d, NULL, &player.marks)) {
      exit(1);
    }
    const dt_voice_dynamics* snare = snare_of(&d);
    count(&t[ACCENT], snare->accent_db, truth[ACCENT]);
    count(&t[GHOST], snare->ghost_db, truth[GHOST]);
    count(&t[POOLED], d.accent_db, truth[POOLED]);
    count(&t[EVEN], snare->evenness_by_loud_db[DT_LOUD_GHOST], truth[EVEN]);
    count(&t[CRESCENDO], d.crescendo_db_per_min, truth[CRESCENDO]);
  }
  for (int w = 0; w < WHAT; ++w) {
    char what[96];
    snprintf(what, sizeof(what), "%s, %d bars", names[w], bars);
    row(what, "dB", s, &t[w], truth[w]);
  }
}

/* Variance of the slow noise about the 16 strokes around: what is in the scatter but does not grow.
 */
static double slow_around(const setting* s, const groove* g) {
  enum { AROUND = 8 };
  if (s->noise == DT_NOISE_WHITE) {
    return 0.0;
  }
  setting still = *s;
  still.jitter_ms = 0.0;
  groove quiet = *g;
  quiet.motor_ms = 0.0;
  double sum = 0.0;
  double n = 0.0;
  for (int k = 0; k < TRUTH_TAKES / 10; ++k) {
    const dt_marks* m = play_groove(TRUTH_SEED + (uint64_t)k, &still, &quiet);
    for (size_t i = AROUND; i + AROUND < m->count; ++i) {
      double around = 0.0;
      for (size_t j = i - AROUND; j <= i + AROUND; ++j) {
        around += j == i ? 0.0 : m->items[j].residual_ms / (2 * AROUND);
      }
      const double off = m->items[i].residual_ms - around;
      sum += off * off / (1.0 + 0.5 / AROUND);
      n += 1.0;
    }
  }
  return sum / n;
}

/* Percent of the scatter at the start, a minute. */
static double growth_truth(const setting* s, const groove* g) {
  const double slow = slow_around(s, g);
  const double minutes = 2.0 * g->bars / 60.0;
  const double end_ms = g->motor_ms * (1.0 + g->growth * minutes);
  const double ratio = sqrt((end_ms * end_ms + slow) / (g->motor_ms * g->motor_ms + slow));
  return 100.0 * (ratio - 1.0) / minutes;
}

static void bench_fatigue(const setting* s, const groove* g) {
  enum { SCATTER, LEVEL, HAND_SCATTER, HAND_LEVEL, WHAT };
  static const char* const names[] = {"growth of scatter", "level",
                                      "growth of scatter, left - right", "level, left - right"};
  static const char* const units[] = {"%/min", "dB/min", "%/min", "dB/min"};
  double truth[WHAT] = {0.0};
  truth[SCATTER] = growth_truth(s, g);
  truth[LEVEL] = g->db_per_min;
  tally t[WHAT];
  memset(t, 0, sizeof(t));
  for (int k = 0; k < takes; ++k) {
    dt_fatigue f;
    play_groove(first_seed + (uint64_t)k, s, g);
    if (dt_fatigue_measure(&f, NULL, &player.marks, NULL)) {
      exit(1);
    }
    count(&t[SCATTER], f.scatter_pct.per_min, truth[SCATTER]);
    count(&t[LEVEL], f.level_db.per_min, truth[LEVEL]);
    count(&t[HAND_SCATTER], f.left_minus_right_scatter_pct.per_min, 0.0);
    count(&t[HAND_LEVEL], f.left_minus_right_level_db.per_min, 0.0);
  }
  for (int w = 0; w < WHAT; ++w) {
    char what[96];
    snprintf(what, sizeof(what), "%s, %d bars, grows %.0f %%/min", names[w], g->bars,
             100.0 * g->growth);
    row(what, units[w], s, &t[w], truth[w]);
  }
}

int main(int argc, char** argv) {
  takes = argc > 1 ? atoi(argv[1]) : takes;
  first_seed = argc > 2 ? (uint64_t)strtoull(argv[2], NULL, 10) : first_seed;
  const char* only = argc > 3 ? argv[3] : "";
  printf("Touch: %d takes a condition, seeds %llu to %llu (truths of slow noise: from %d).\n",
         takes, (unsigned long long)first_seed,
         (unsigned long long)first_seed + (unsigned)takes - 1, TRUTH_SEED);
  if (strchr("r", only[0])) {
    printf("\n## Rolls\n");
    head();
    for (size_t c = 0; c < sizeof(ROLLS) / sizeof(ROLLS[0]); ++c) {
      for (int s = 0; s < SETTINGS_COUNT; ++s) {
        bench_rolls(&ROLLS[c], &SETTINGS[s]);
      }
    }
  }
  if (strchr("b", only[0])) {
    printf("\n## Breakdown\n\n| roll | noise | said to break | right kind | strokes away |\n"
           "| --- | --- | ---: | ---: | ---: |\n");
    for (size_t c = 0; c < sizeof(BREAKS) / sizeof(BREAKS[0]); ++c) {
      for (int s = 1; s < SETTINGS_COUNT; s += 2) {
        bench_break(&BREAKS[c], &SETTINGS[s]);
      }
    }
  }
  if (strchr("f", only[0])) {
    printf("\n## Flams\n");
    head();
    for (int s = 0; s < SETTINGS_COUNT; ++s) {
      bench_flams(&SETTINGS[s], 16);
      bench_flams(&SETTINGS[s], 64);
    }
  }
  if (strchr("d", only[0])) {
    printf("\n## Dynamics\n");
    head();
    bench_dynamics(&SETTINGS[0], 8, true);
    bench_dynamics(&SETTINGS[0], 32, true);
    bench_dynamics(&SETTINGS[3], 64, true);
  }
  if (strchr("t", only[0])) {
    printf("\n## Fatigue\n");
    head();
    static const groove GROOVES[] = {{60, 0.0, 0.0, 5.0, -9.0, 1.0, 8.0},
                                     {60, 0.15, -1.0, 5.0, -9.0, 1.0, 8.0},
                                     {150, 0.10, -0.5, 5.0, -9.0, 1.0, 8.0}};
    for (size_t g = 0; g < sizeof(GROOVES) / sizeof(GROOVES[0]); ++g) {
      for (int s = 0; s < SETTINGS_COUNT; ++s) {
        bench_fatigue(&SETTINGS[s], &GROOVES[g]);
      }
    }
  }
  return 0;
}
