#include "coach_stops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coach_curve.h"
#include "coach_hear.h"
#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/rng.h"

enum { BARS = HEAR_BARS, FAULT_BAR = 8, GOOD_TIMES = 3, EARLIER = 3, SOON = 4 };

/* What goes wrong, from the first bar or after the fill in bar 8. `size` is drawn. */
typedef struct fault {
  const char* name;
  const char* words; /* with one number */
  double least;
  double most;
  enum { AS_IT_IS, OF_LIMIT, OF_TAKE } unit; /* multiples of the level's scatter; percent a take */
  bool late;                                 /* from the fill on: it is gained over the fill */
  dt_criterion why;
} fault;

/* clang-format off */
static const fault FAULTS[] = {
    {"missed notes", "miss=%.1f%%", 15, 30, AS_IT_IS, false, DT_FAIL_MISSED},
    {"rushing", "drift=+%.2f%%/min", 4, 12, OF_TAKE, false, DT_FAIL_DRIFT},
    {"dragging", "drift=-%.2f%%/min", 4, 12, OF_TAKE, false, DT_FAIL_DRIFT},
    {"scattered", "scatter=%.1fms", 1.7, 2.5, OF_LIMIT, false, DT_FAIL_SCATTER},
    {"a new tempo after the fill, rushing", "fill=+%.2f%%", 2, 6, AS_IT_IS, true, DT_FAIL_DRIFT},
    {"a new tempo after the fill, dragging", "fill=-%.2f%%", 2, 6, AS_IT_IS, true, DT_FAIL_DRIFT},
};
/* clang-format on */
enum { FAULT_COUNT = sizeof FAULTS / sizeof FAULTS[0] };

/* Seven bars, a fill, eight bars. */
static const char GROOVE[] = "tempo: 100\nmeter: 4/4\nstep: 1/16\n\n[A] x7\n"
                             "%s\n"
                             "[] fill\n"
                             "snare   |x-x-x-x-xxxxxxxx|\nkick    |x---x---x---x---|\n\n[B] x8\n"
                             "%s";
static const char* const BARS_OF[] = {
    "hi-hat  |x-x-x-x-x-x-x-x-|\nsnare   |----X-------X---|\nkick    |x-------x-x-----|\n",
    "hi-hat  |x-x-x-x-x-x-x-x-|\nsnare   |----X--g-g--X--g|\nkick    |x--x--x---x-----|\n",
    "ride    |x---x-x-x---x-x-|\nsnare   |----x-------x---|\nkick    |x---x---x---x---|\n",
};

static double between(dt_rng* rng, double low, double high) {
  return low + (high - low) * dt_rng_uniform(rng);
}

static void make_chart(dt_chart* chart, const char* bar) {
  char text[2048];
  dt_error err = {.sentence = ""};
  snprintf(text, sizeof text, GROOVE, bar, bar);
  if (dt_chart_parse(chart, NULL, text, strlen(text), &err) != DT_OK) {
    fprintf(stderr, "%s\n", err.sentence);
    exit(EXIT_FAILURE);
  }
}

/* An able player of his level, well inside its limits. */
static dt_level player(dt_rng* rng, double beat_s, dt_drummer* d) {
  const dt_level level = (dt_level)dt_rng_below(rng, 3);
  const double limit = dt_level_tolerance(level, beat_s).scatter_ms;
  d->scatter_ms = fmin(limit * between(rng, 0.4, 0.75), 22.0);
  d->clock_ms = between(rng, 0.1, 0.4) * d->scatter_ms;
  d->phase_correction = between(rng, 0.25, 0.5);
  d->placement_ms = between(rng, -20.0, 15.0);
  d->limb_offset_ms[DT_VOICE_KICK] = between(rng, -10.0, 0.0);
  d->limb_offset_ms[DT_VOICE_SNARE] = between(rng, -10.0, 5.0);
  d->velocity_sd = between(rng, 4.0, 8.0);
  return level;
}

/* One test's word on a take. */
typedef struct told {
  bool stopped;
  int after; /* bars heard when it was stopped */
  dt_stop stop;
} told;

typedef struct played {
  told first;  /* by a test that has never heard the player */
  told known;  /* by one that has heard EARLIER good takes of his */
  bool clean;  /* the whole take */
  double odds; /* the farthest within the first four bars, of the good ones within the take */
} played;

static void words_of(const fault* f, dt_rng* rng, double bpm, double limit, char* text,
                     size_t room) {
  double size = between(rng, f->least, f->most);
  if (f->unit == OF_LIMIT)
    size *= limit;
  if (f->unit == OF_TAKE) /* a minute, of what is over the take */
    size *= bpm / (4.0 * BARS);
  if (f->late) /* the fill's gain is in bpm */
    snprintf(text, room, "fill=%c%.2fbpm", f->words[5], size * bpm / 100.0);
  else
    snprintf(text, room, f->words, size);
}

typedef struct scene {
  dt_chart chart;
  dt_drummer drummer;
  dt_level level;
  dt_part part;
  dt_truths truths;
  dt_take take;
} scene;

static void perform(scene* s) {
  dt_error err = {.sentence = ""};
  must(dt_drummer_part(&s->drummer, &s->chart, NULL, &s->part), "part");
  must(dt_drummer_play(&s->drummer, &s->part, NULL, &s->truths, &err), err.sentence);
  must(dt_take_from_truths(&s->take, NULL, &s->truths, &s->drummer, &s->part), "take");
  s->take.clock_jitter_s = 0.5e-3;
}

static void clear(scene* s) {
  dt_take_clear(&s->take, NULL);
  dt_truths_clear(&s->truths, NULL);
  dt_part_clear(&s->part, NULL);
}

static void hear(const scene* s, judged* j, const dt_take* take, int done) {
  const asked a = {&s->chart, &s->part, s->part.bars[0].length, s->level, s->drummer.bpm};
  hear_bars(j, take, &a, done);
}

/* What the coach knows of the player from good takes: as dt_coach_took would. */
static dt_stop_habit habit_of(scene* s) {
  static dt_stop_test test;
  dt_stop_habit habit;
  memset(&habit, 0, sizeof habit);
  const uint64_t seed = s->drummer.seed;
  const double beat_s = 60.0 / s->drummer.bpm;
  for (int i = 1; i <= EARLIER; ++i) {
    judged j;
    s->drummer.seed = seed + 1000000000u * (uint64_t)i;
    perform(s);
    hear(s, &j, &s->take, BARS);
    dt_stop_start(&test, s->level, beat_s, false);
    for (int b = 0; b < j.count; ++b)
      dt_stop_look(&test, &j.bars[b]);
    if (dt_clean_check(&j.shown, s->level, beat_s).failed == DT_CLEAN)
      dt_stop_habit_learn(&habit, &test);
    clear(s);
  }
  s->drummer.seed = seed;
  return habit;
}

static void look(told* t, dt_stop_test* test, const dt_bar_heard* bar, int done) {
  if (t->stopped)
    return;
  t->stop = dt_stop_look(test, bar);
  t->stopped = t->stop.stop;
  t->after = done;
}

static played play(const fault* f, uint64_t seed) {
  static dt_stop_test first;
  static dt_stop_test known;
  dt_error err = {.sentence = ""};
  dt_rng rng = dt_rng_seeded(seed, 61);
  scene s;
  make_chart(&s.chart, BARS_OF[dt_rng_below(&rng, 3)]);
  s.drummer = dt_drummer_default();
  s.drummer.seed = seed;
  s.drummer.bars = BARS;
  s.drummer.bpm = floor(between(&rng, 70.0, 170.0));
  const double beat_s = 60.0 / s.drummer.bpm;
  s.level = player(&rng, beat_s, &s.drummer);
  const dt_stop_habit habit = habit_of(&s);
  if (f) {
    char words[64];
    words_of(f, &rng, s.drummer.bpm, dt_level_tolerance(s.level, beat_s).scatter_ms, words,
             sizeof words);
    must(dt_drummer_parse(&s.drummer, words, &err), err.sentence);
  }
  perform(&s);
  dt_stop_start(&first, s.level, beat_s, false);
  dt_stop_start(&known, s.level, beat_s, false);
  dt_stop_know(&known, &habit);
  played p = {.clean = false};
  judged j;
  judged live = {.count = 0};
  for (int done = 1; done <= BARS && !(p.first.stopped && p.known.stopped && done > SOON); ++done) {
    const double end_s = (done + 1) * 4.0 * beat_s;
    /* A little later, so that a late stroke on the next one is not cut in two. */
    const dt_take so_far = beginning(&s.take, end_s - 0.06);
    hear(&s, &j, &so_far, done);
    if (j.count != done)
      continue;
    live.bars[live.count++] = j.bars[done - 1];
    look(&p.first, &first, &j.bars[done - 1], done);
    look(&p.known, &known, &j.bars[done - 1], done);
  }
  p.odds = farthest_odds(live.bars, f && live.count > SOON ? SOON : live.count, s.level, beat_s);
  hear(&s, &j, &s.take, BARS);
  p.clean = dt_clean_check(&j.shown, s.level, beat_s).failed == DT_CLEAN;
  clear(&s);
  dt_chart_clear(&s.chart, NULL);
  return p;
}

static curve good_curve;
static curve drift_curve;

static void good_takes(int good, uint64_t first) {
  int clean = 0;
  int stopped_first = 0;
  int stopped_known = 0;
  int stopped[DT_CRITERION_COUNT] = {0};
  for (int i = 0; i < good; ++i) {
    const played p = play(NULL, first + (uint64_t)i);
    curve_add(&good_curve, p.odds);
    clean += p.clean;
    stopped_first += p.first.stopped;
    stopped_known += p.known.stopped;
    stopped[p.known.stopped ? p.known.stop.why : DT_CLEAN] += p.known.stopped;
  }
  printf("Good takes (players inside their limits): %d, judged clean as a whole %d; stopped in a "
         "first take %d (%.1f %%), of a known player %d (%.1f %%)",
         good, clean, stopped_first, 100.0 * stopped_first / good, stopped_known,
         100.0 * stopped_known / good);
  for (int k = 1; k < DT_CRITERION_COUNT; ++k)
    if (stopped[k])
      printf("; for %s %d", dt_criterion_name((dt_criterion)k), stopped[k]);
  printf(".\n\n");
}

/* Takes with one fault. */
typedef struct tally {
  int soon_first;
  int soon;
  int ever;
  int named;
  int placed;
  int after[BARS + 1];
} tally;

static bool is_soon(const told* t, int from) {
  return t->stopped && t->after > from && t->after - from <= SOON;
}

static tally fault_takes(int k, int takes, uint64_t first) {
  const fault* f = &FAULTS[k];
  const int from = f->late ? FAULT_BAR - 1 : 0; /* whole bars before it goes wrong */
  tally y;
  memset(&y, 0, sizeof y);
  for (int i = 0; i < takes; ++i) {
    const played p = play(f, first + 10000 * (uint64_t)(k + 1) + (uint64_t)i);
    const told* t = &p.known;
    if (f->unit == OF_TAKE)
      curve_add(&drift_curve, p.odds);
    y.soon_first += is_soon(&p.first, from);
    y.soon += is_soon(t, from);
    if (!t->stopped)
      continue;
    ++y.ever;
    ++y.after[t->after > from ? t->after - from : 0];
    y.named += t->stop.why == f->why;
    y.placed +=
        f->late ? t->stop.bar >= FAULT_BAR - 2 && t->stop.bar <= FAULT_BAR + 1 : t->stop.bar <= 3;
  }
  return y;
}

static int median_of(const tally* y) {
  int median = 0;
  for (int sum = y->after[0]; 2 * sum < y->ever && median < BARS;)
    sum += y->after[++median];
  return median;
}

void stops(int takes, uint64_t first) {
  printf("\n## Stopping takes\n\n%d takes of each fault, %d bars, seeds from %llu; three levels, "
         "three grooves with a fill in bar %d, 70 to 170 bpm. Known: %d good takes of the player "
         "were heard before.\n\n",
         takes, BARS, (unsigned long long)first, FAULT_BAR, EARLIER);
  good_takes(GOOD_TIMES * takes, first);
  printf(
      "| fault | size | stopped within 4 bars %%, first take | known player | at all %% | median "
      "bars | cause named %% | place named %% |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  fflush(stdout);
  tally all;
  memset(&all, 0, sizeof all);
  for (int k = 0; k < FAULT_COUNT; ++k) {
    static const char* const UNITS[] = {"", " times the level's", " % over the take"};
    const fault* f = &FAULTS[k];
    const char* unit = f->late ? " % of the tempo" : k == 0 ? " % of the notes" : UNITS[f->unit];
    const tally y = fault_takes(k, takes, first);
    all.soon_first += y.soon_first;
    all.soon += y.soon;
    all.ever += y.ever;
    printf("| %s | %g to %g%s | %.1f | %.1f | %.1f | %d | %.1f | %.1f |\n", f->name, f->least,
           f->most, unit, 100.0 * y.soon_first / takes, 100.0 * y.soon / takes,
           100.0 * y.ever / takes, median_of(&y), 100.0 * y.named / (y.ever ? y.ever : 1),
           100.0 * y.placed / (y.ever ? y.ever : 1));
    fflush(stdout);
  }
  const double of = 100.0 / (takes * FAULT_COUNT);
  printf("| all | | %.1f | %.1f | %.1f | | | |\n", of * all.soon_first, of * all.soon,
         of * all.ever);
  printf("\nStopped for time in a first take at another limit, %%:\n\n");
  curve_print_head();
  curve_print(&good_curve, "good takes, ever");
  curve_print(&drift_curve, "rushing and dragging, within 4 bars");
}
