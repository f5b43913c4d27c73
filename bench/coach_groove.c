/*
 * Would the coach stop a real drummer's take that ends clean? Sixteen bars at a time of the Groove
 * MIDI Dataset (beats in 4/4, played to a click), each judged against its own quantised strokes as
 * the chart, bar by bar as a live engine would. Prints Markdown.
 *
 *   bench_coach_groove FOLDER [EVERY [FROM [SPLIT]]]     the data set, unpacked; of the
 *                                      performances of that split (train) those whose number leaves
 *                                      FROM when divided by EVERY
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coach_curve.h"
#include "coach_hear.h"
#include "csv_field.h"
#include "dt/codec.h"

enum { STROKES_MIN = 3 * HEAR_BARS, QUARTERS = 4, LEVELS = DT_LEVEL_PRO + 1 };
static const dt_tick BAR = (dt_tick)QUARTERS * DT_TICKS_PER_QUARTER;
static const double EARLY = 0.125; /* quarters: strokes that lead into the first bar */

typedef struct tally {
  int takes;
  int clean;
  int stopped[2];       /* though clean: not known, known */
  int stopped_other[2]; /* not clean */
  int why[DT_CRITERION_COUNT];
} tally;

static tally tallies[LEVELS];
static curve good; /* takes that end clean */

static void die(const char* what, const char* which) {
  fprintf(stderr, "bench_coach_groove: %s: %s\n", which, what);
  exit(EXIT_FAILURE);
}

/* Sixteen bars from bar `first` of a performance: its strokes, so moved that a bar of count-in
 * comes before them, and the chart that they would be without human timing. */
static bool cut(const dt_take* take, const dt_verdict* verdict, int first, double bpm,
                dt_chart* chart, dt_take* part) {
  const double quarter_s = 60.0 / bpm;
  const double from = (double)first * QUARTERS;
  const double to = from + HEAR_BARS * QUARTERS;
  must(dt_chart_init(chart, NULL), "chart");
  must(dt_tempo_map_set_tempo(&chart->map, NULL, 0, 1e6 * quarter_s), "tempo");
  chart->bar_count = HEAR_BARS;
  *part = *take;
  part->strokes = (dt_strokes){0};
  for (size_t i = 0; i < take->strokes.count; ++i) {
    dt_stroke stroke = take->strokes.items[i];
    const double at = stroke.time_s / quarter_s;
    if (at < from - EARLY || at >= to - EARLY)
      continue;
    stroke.time_s -= (from - QUARTERS) * quarter_s;
    must(dt_strokes_add(&part->strokes, NULL, &stroke), "stroke");
    const dt_judged* j = &verdict->judged[i];
    const dt_tick tick = (dt_tick)llround((j->beat - from) * DT_TICKS_PER_QUARTER);
    if (j->outlier || j->ornament || !isfinite(j->beat) || tick < 0 || tick >= HEAR_BARS * BAR)
      continue;
    const dt_chart_note note = {
        .tick = tick, .drum = stroke.drum, .loud = DT_LOUD_NORMAL, .hand = ' '};
    bool twice = false;
    for (size_t n = chart->note_count; n-- > 0 && !twice;)
      twice = chart->notes[n].tick == tick && chart->notes[n].drum == note.drum;
    if (!twice)
      must(dt_chart_add_note(chart, NULL, &note), "note");
  }
  dt_chart_sort(chart);
  part->duration_s = (HEAR_BARS + 1) * QUARTERS * quarter_s;
  return part->strokes.count >= (size_t)STROKES_MIN && chart->note_count > 0 &&
         dt_chart_check(chart) == NULL;
}

static void learn(dt_stop_habit* habit, const judged* j, dt_level level, double beat_s) {
  static dt_stop_test test;
  dt_stop_start(&test, level, beat_s, false);
  for (int b = 0; b < j->count; ++b)
    dt_stop_look(&test, &j->bars[b]);
  dt_stop_habit_learn(habit, &test);
}

/* How bars that are some bars apart differ in takes that are clean: half the mean square, what
 * their strokes' scatter makes of it taken away, in that scatter's variance. */
enum { APART_MAX = 8 };
static double apart_sum[APART_MAX + 1];
static int apart_count[APART_MAX + 1];

static void see_wander(const judged* whole) {
  double squares = 0.0;
  int freedom = 0;
  for (int b = 0; b < whole->count; ++b) {
    squares += whole->bars[b].squares_ms2;
    freedom += whole->bars[b].strokes > 0 ? whole->bars[b].strokes - 1 : 0;
  }
  if (freedom < HEAR_BARS || squares <= 0.0)
    return;
  const double scatter = squares / freedom;
  for (int apart = 1; apart <= APART_MAX; ++apart)
    for (int b = apart; b < whole->count; ++b) {
      const dt_bar_heard* was = &whole->bars[b - apart];
      const dt_bar_heard* is = &whole->bars[b];
      if (was->strokes < 2 || is->strokes < 2)
        continue;
      const double move = is->mean_ms - was->mean_ms;
      apart_sum[apart] +=
          0.5 * move * move / scatter - 0.5 * (1.0 / was->strokes + 1.0 / is->strokes);
      ++apart_count[apart];
    }
}

static void print_wander(void) {
  printf("\nBars of the takes that are clean for a beginner, so many bars apart: half the mean "
         "square of how they differ, in the variance of the strokes' scatter.\n\n| apart |");
  for (int apart = 1; apart <= APART_MAX; ++apart)
    printf(" %d |", apart);
  printf("\n| --- |");
  for (int apart = 1; apart <= APART_MAX; ++apart)
    printf(" ---: |");
  printf("\n| |");
  for (int apart = 1; apart <= APART_MAX; ++apart)
    printf(" %.2f |", apart_count[apart] ? apart_sum[apart] / apart_count[apart] : 0.0);
  printf("\n");
}

static void count(dt_level level, const judged* live, const judged* whole, const dt_stop stop[2],
                  double beat_s, dt_stop_habit* habit) {
  const bool clean = dt_clean_check(&whole->shown, level, beat_s).failed == DT_CLEAN;
  tally* t = &tallies[level];
  ++t->takes;
  t->clean += clean;
  if (clean && level == DT_LEVEL_BEGINNER)
    see_wander(whole);
  for (int k = 0; k < 2; ++k) {
    t->stopped[k] += clean && stop[k].stop;
    t->stopped_other[k] += !clean && stop[k].stop;
  }
  if (clean && stop[0].stop)
    ++t->why[stop[0].why];
  if (clean)
    curve_add(&good, farthest_odds(live->bars, live->count, level, beat_s));
  if (clean)
    learn(habit, whole, level, beat_s);
}

/* The level is no matter to the ear: one hearing for all of them. */
static void play(const dt_take* take, const dt_chart* chart, double bpm,
                 dt_stop_habit habits[LEVELS]) {
  static dt_stop_test tests[LEVELS][2];
  dt_part part;
  must(dt_part_from_chart(&part, NULL, chart, HEAR_BARS, 0.0), "part");
  const double beat_s = 60.0 / bpm;
  const asked a = {chart, &part, BAR, DT_LEVEL_PLAYER, bpm};
  dt_stop stop[LEVELS][2];
  memset(stop, 0, sizeof stop);
  for (int l = 0; l < LEVELS; ++l)
    for (int k = 0; k < 2; ++k)
      dt_stop_start(&tests[l][k], (dt_level)l, beat_s, false);
  for (int l = 0; l < LEVELS; ++l)
    dt_stop_know(&tests[l][1], &habits[l]);
  judged j;
  judged live = {.count = 0};
  for (int done = 1; done <= HEAR_BARS; ++done) {
    const dt_take so_far = beginning(take, (done + 1) * QUARTERS * beat_s - 0.06);
    hear_bars(&j, &so_far, &a, done);
    if (j.count == done)
      live.bars[live.count++] = j.bars[done - 1];
    for (int l = 0; l < LEVELS; ++l)
      for (int k = 0; k < 2 && j.count == done; ++k)
        stop[l][k] = dt_stop_look(&tests[l][k], &j.bars[done - 1]);
  }
  hear_bars(&j, take, &a, HEAR_BARS);
  for (int l = 0; l < LEVELS; ++l)
    count((dt_level)l, &live, &j, stop[l], beat_s, &habits[l]);
  dt_part_clear(&part, NULL);
}

static void play_file(const char* folder, const char* line) {
  char text[512];
  char path[1024];
  csv_field(line, 7, text, sizeof text);
  snprintf(path, sizeof path, "%s/%s", folder, text);
  dt_take take;
  dt_error err;
  const dt_take_options options = {0};
  if (dt_take_load(&take, NULL, path, &options, &err) != DT_OK)
    die(err.sentence, path);
  const dt_judge_config config = dt_judge_default(&take);
  dt_verdict verdict;
  if (dt_judge(&verdict, NULL, &take, &config, &err) != DT_OK)
    die(err.sentence, path);
  const double bpm = dt_tempo_map_bpm(&take.click, 0.0);
  const int bars =
      take.click.tempo_count > 1 ? 0 : (int)floor(take.duration_s * bpm / 60.0 / QUARTERS + 0.05);
  dt_stop_habit habits[LEVELS];
  memset(habits, 0, sizeof habits);
  for (int first = 0; first + HEAR_BARS <= bars; first += HEAR_BARS) {
    dt_chart chart;
    dt_take part;
    if (cut(&take, &verdict, first, bpm, &chart, &part))
      play(&part, &chart, bpm, habits);
    dt_chart_clear(&chart, NULL);
    dt_strokes_clear(&part.strokes, NULL);
  }
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

static bool is_asked_for(const char* line, const char* wanted) {
  char type[16];
  char meter[16];
  char split[16];
  csv_field(line, 5, type, sizeof type);
  csv_field(line, 6, meter, sizeof meter);
  csv_field(line, 10, split, sizeof split);
  return strcmp(type, "beat") == 0 && strcmp(meter, "4-4") == 0 && strcmp(split, wanted) == 0;
}

static void print(int files, int every, int from, const char* split) {
  static const char* const NAMES[] = {"beginner", "player", "pro"};
  printf("%d performances of the %s split's beats in 4/4 (each %d., from %d on), cut into takes "
         "of %d bars.\n\n"
         "| level | takes | clean | of them stopped, first take | %% | of a player heard in "
         "the same performance before | %% | for | not clean | of them stopped, first take %% |\n"
         "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |\n",
         files, split, every, from, HEAR_BARS);
  for (int l = 0; l < LEVELS; ++l) {
    const tally* t = &tallies[l];
    const int other = t->takes - t->clean;
    printf("| %s | %d | %d | %d | %.1f | %d | %.1f |", NAMES[l], t->takes, t->clean, t->stopped[0],
           100.0 * t->stopped[0] / (t->clean ? t->clean : 1), t->stopped[1],
           100.0 * t->stopped[1] / (t->clean ? t->clean : 1));
    for (int k = 1; k < DT_CRITERION_COUNT; ++k)
      if (t->why[k])
        printf(" %s %d", dt_criterion_name((dt_criterion)k), t->why[k]);
    printf(" | %d | %.1f |\n", other, 100.0 * t->stopped_other[0] / (other ? other : 1));
  }
}

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "bench_coach_groove: give the folder of the unpacked Groove MIDI Dataset\n");
    return 2;
  }
  const int every = argc > 2 ? atoi(argv[2]) : 1;
  const int from = argc > 3 ? atoi(argv[3]) : 0;
  const char* split = argc > 4 ? argv[4] : "train";
  char path[1024];
  char line[2048];
  snprintf(path, sizeof path, "%s/info.csv", argv[1]);
  FILE* info = fopen(path, "r");
  if (!info)
    die("no info.csv there", argv[1]);
  int seen = 0;
  int files = 0;
  while (fgets(line, sizeof line, info))
    if (is_asked_for(line, split) && seen++ % every == from) {
      play_file(argv[1], line);
      ++files;
    }
  fclose(info);
  print(files, every, from, split);
  print_wander();
  printf("\nTakes that end clean, stopped for time in a first take at another limit, %%:\n\n");
  curve_print_head();
  curve_print(&good, "clean takes");
  return EXIT_SUCCESS;
}
