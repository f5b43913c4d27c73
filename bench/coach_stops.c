#include "coach_stops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/chart_text.h"
#include "dt/coach_stop.h"
#include "dt/drummer.h"
#include "dt/rng.h"

enum { BARS = 16, FAULT_BAR = 8, GOOD_TIMES = 3 };

/* What goes wrong, from the first bar or after the fill in bar 8. `size` is drawn. */
typedef struct fault {
  const char* name;
  const char* words; /* with one number */
  double least;
  double most;
  enum { AS_IT_IS, OF_LIMIT, OF_TAKE } unit; /* multiples of the level's scatter; percent a take */
  bool late;                                 /* only the bars from FAULT_BAR on are so played */
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

static void must(dt_status status, const char* what) {
  if (status != DT_OK) {
    fprintf(stderr, "%s: %s\n", what, dt_status_sentence(status));
    exit(EXIT_FAILURE);
  }
}

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

/* The strokes of the first bars of a take. */
static dt_take beginning(const dt_take* take, double until_s) {
  dt_take part = *take;
  while (part.strokes.count > 0 && part.strokes.items[part.strokes.count - 1].time_s >= until_s)
    --part.strokes.count;
  part.duration_s = until_s;
  return part;
}

typedef struct judged {
  dt_bar_heard bars[BARS];
  int count;
  dt_shown shown;
} judged;

static void judge(judged* j, const dt_take* take, const dt_chart* chart, const dt_part* part,
                  dt_tick start, int done, dt_level level, double bpm) {
  dt_error err = {.sentence = ""};
  dt_judge_config config = dt_judge_default(take);
  config.level = level;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_study study;
  must(dt_align(&alignment, NULL, take, &config, chart, &err), "align");
  config.chart = chart;
  config.alignment = &alignment;
  must(dt_judge(&verdict, NULL, take, &config, &err), "judge");
  memset(&study, 0, sizeof study);
  must(dt_marks_make(&study.marks, NULL, take, &verdict, &alignment, chart), "marks");
  j->count = dt_bars_heard(j->bars, BARS, take, &study.marks, &alignment, part, start, done);
  j->shown = dt_shown_of(&verdict, NULL, j->bars, j->count, bpm, BARS);
  dt_marks_clear(&study.marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
}

typedef struct told {
  bool stopped;
  int after; /* bars heard when it was stopped */
  dt_stop stop;
  bool clean; /* of the whole take */
  dt_criterion failed;
} told;

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

static told play(const fault* f, uint64_t seed) {
  dt_error err = {.sentence = ""};
  dt_rng rng = dt_rng_seeded(seed, 61);
  dt_chart chart;
  make_chart(&chart, BARS_OF[dt_rng_below(&rng, 3)]);
  dt_drummer d = dt_drummer_default();
  d.seed = seed;
  d.bars = BARS;
  d.bpm = floor(between(&rng, 70.0, 170.0));
  const double beat_s = 60.0 / d.bpm;
  const dt_level level = player(&rng, beat_s, &d);
  if (f) {
    char words[64];
    words_of(f, &rng, d.bpm, dt_level_tolerance(level, beat_s).scatter_ms, words, sizeof words);
    must(dt_drummer_parse(&d, words, &err), err.sentence);
  }
  dt_part part;
  dt_truths truths;
  dt_take take;
  must(dt_drummer_part(&d, &chart, NULL, &part), "part");
  must(dt_drummer_play(&d, &part, NULL, &truths, &err), err.sentence);
  must(dt_take_from_truths(&take, NULL, &truths, &d, &part), "take");
  take.clock_jitter_s = 0.5e-3;
  const dt_tick start = part.bars[0].length;
  static dt_stop_test test;
  dt_stop_start(&test, level, beat_s, false);
  told t = {.stopped = false};
  judged j;
  for (int done = 1; done <= BARS && !t.stopped; ++done) {
    const double end_s = (done + 1) * 4.0 * beat_s;
    /* A little later, so that a late stroke on the next one is not cut in two. */
    const dt_take so_far = beginning(&take, end_s - 0.06);
    judge(&j, &so_far, &chart, &part, start, done, level, d.bpm);
    if (j.count == done)
      t.stop = dt_stop_look(&test, &j.bars[done - 1]);
    t.stopped = t.stop.stop;
    t.after = done;
  }
  judge(&j, &take, &chart, &part, start, BARS, level, d.bpm);
  const dt_clean clean = dt_clean_check(&j.shown, level, beat_s);
  t.clean = clean.failed == DT_CLEAN;
  t.failed = clean.failed;
  dt_take_clear(&take, NULL);
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
  return t;
}

void stops(int takes, uint64_t first) {
  printf("\n## Stopping takes\n\n%d takes of each fault, %d bars, seeds from %llu; three levels, "
         "three "
         "grooves with a fill in bar %d, 70 to 170 bpm.\n\n",
         takes, BARS, (unsigned long long)first, FAULT_BAR);
  int stopped[DT_CRITERION_COUNT] = {0};
  int clean = 0;
  int false_stops = 0;
  int clean_stops = 0;
  const int good = GOOD_TIMES * takes;
  for (int i = 0; i < good; ++i) {
    const told t = play(NULL, first + (uint64_t)i);
    clean += t.clean;
    false_stops += t.stopped;
    clean_stops += t.stopped && t.clean;
    stopped[t.stopped ? t.stop.why : DT_CLEAN] += t.stopped;
  }
  printf("Good takes (players inside their limits): %d, judged clean as a whole %d; stopped %d "
         "(%.1f %%), of the clean ones %d",
         good, clean, false_stops, 100.0 * false_stops / good, clean_stops);
  for (int k = 1; k < DT_CRITERION_COUNT; ++k)
    if (stopped[k])
      printf("; for %s %d", dt_criterion_name((dt_criterion)k), stopped[k]);
  printf(".\n\n| fault | size | stopped within 4 bars %% | at all %% | median bars | cause named "
         "%% | place named %% |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
  fflush(stdout);
  int all_soon = 0;
  int all_ever = 0;
  for (int k = 0; k < FAULT_COUNT; ++k) {
    const fault* f = &FAULTS[k];
    const int from = f->late ? FAULT_BAR : 0;
    int soon = 0;
    int ever = 0;
    int named = 0;
    int placed = 0;
    int after[BARS + 1] = {0};
    for (int i = 0; i < takes; ++i) {
      const told t = play(f, first + 10000 * (uint64_t)(k + 1) + (uint64_t)i);
      if (!t.stopped)
        continue;
      ++ever;
      soon += t.after > from && t.after - from <= 4;
      ++after[t.after > from ? t.after - from : 0];
      named += t.stop.why == f->why;
      placed +=
          f->late ? t.stop.bar >= FAULT_BAR - 2 && t.stop.bar <= FAULT_BAR + 1 : t.stop.bar <= 3;
    }
    all_soon += soon;
    all_ever += ever;
    int median = 0;
    for (int sum = after[0]; 2 * sum < ever && median < BARS;)
      sum += after[++median];
    static const char* const UNITS[] = {"", " times the level's", " % over the take"};
    const char* unit = f->late ? " % of the tempo" : k == 0 ? " % of the notes" : UNITS[f->unit];
    printf("| %s | %g to %g%s | %.1f | %.1f | %d | %.1f | %.1f |\n", f->name, f->least, f->most,
           unit, 100.0 * soon / takes, 100.0 * ever / takes, median,
           100.0 * named / (ever ? ever : 1), 100.0 * placed / (ever ? ever : 1));
    fflush(stdout);
  }
  printf("| all | | %.1f | %.1f | | | |\n", 100.0 * all_soon / (takes * FAULT_COUNT),
         100.0 * all_ever / (takes * FAULT_COUNT));
}
