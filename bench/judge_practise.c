/*
 * Does "what to practise" name the right thing? Simulated takes with one dominant fault each, and
 * clean ones, through the whole chain: chart, virtual drummer, instrument, alignment, verdict,
 * study.
 *
 *   bench_judge_practise [TAKES_A_KIND [CLEAN_TAKES [FIRST_SEED [KIND]]]]
 *
 * With KIND (a name of the table, or "clean") only that kind is played, and every take's first line
 * is printed. Exit status 1 when the first line is right in less than 90 % of the takes with a
 * fault, or more than 5 % of the clean ones get any line.
 *
 * Sizes of the faults are what a teacher would stop a student for; docs/practise.md says which of
 * them were changed after the first run. Thresholds were settled on seeds from 1.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/rng.h"
#include "dt/study.h"

static void must(dt_status status, const char* what) {
  if (status != DT_OK) {
    fprintf(stderr, "judge_practise: %s: %s\n", what, dt_status_sentence(status));
    exit(2);
  }
}

/* Charts that the library lacks. */
static const dt_chart_entry OWN[] = {
    {"verses", "tempo: 112\nstep: 1/8\n\n[Verse]\nhi-hat |xxxxxxxx|%|%|%|%|%|%|%|\n"
               "snare |--x---x-|%|%|%|%|%|%|%|\nkick |x---xx--|%|%|%|%|%|%|%|\n\n[Chorus]\n"
               "ride |xxxxxxxx|%|%|%|%|%|%|%|\nsnare |--x---x-|%|%|%|%|%|%|%|\n"
               "kick |x--xx-x-|%|%|%|%|%|%|%|\n"},
    {"long-rolls", "tempo: 96\nstep: 1/16\n\nsnare |r~~~~~~~~~~~~~~~|~~~~~~~~~~~~~~~~|"
                   "X---x---x---x---|x---x---x---x---|\n"},
    {"sixteenths", "tempo: 92\nstep: 1/16\n\nsnare |xxxxxxxxxxxxxxxx|\nkick |x-------x-------|\n"
                   "hands |RLRLRLRLRLRLRLRL|\n"},
};
enum { OWN_COUNT = sizeof(OWN) / sizeof(OWN[0]) };

/* How it is played. */
enum {
  BOTH = 1,     /* the size has either sign */
  MEMORY = 2,   /* without a click: to a click nobody keeps a wrong tempo for a minute */
  SHORT = 4,    /* 32 bars */
  LONG = 8,     /* 64 bars */
  ABLE = 16,    /* by players and professionals */
  OF_TIGHT = 32 /* the size is in times what is tight for the level */
};

typedef struct kind {
  const char* name;
  const char* words; /* with the size in it */
  double least;
  double most;
  int how;
  const char* charts;
  dt_weakness weakness;
  dt_voice voice; /* DT_VOICE_COUNT: any */
} kind;

#define GROOVES "rock funk breakbeat motown money-beat rock16 hiphop soul-backbeat"
#define HANDS   "paradiddle rolls double-paradiddle sixteenths"
#define FILLS   "rock-song soul-song shuffle-song metal-song"
#define ANY     DT_VOICE_COUNT

/* clang-format off */
static const kind KINDS[] = {
    {"tempo moves at fills", "fill=%+.1fbpm", 1.5, 3.0, BOTH | MEMORY | SHORT,
     FILLS, DT_WEAK_FILLS, ANY},
    {"rushing inside fills", "fill.rush=%.1f%%", 4.0, 8.0, BOTH,
     FILLS, DT_WEAK_FILLS, ANY},
    {"tempo steps at sections", "section=%+.1fbpm", 2.0, 4.0, BOTH | MEMORY,
     "verses", DT_WEAK_SECTIONS, ANY},
    {"rushing or dragging", "drift=%+.1fbpm/min", 3.0, 6.0, BOTH | MEMORY,
     GROOVES " " HANDS, DT_WEAK_DRIFT, ANY},
    {"left hand late or early", "left=%+.1fms", 12.0, 20.0, BOTH,
     HANDS, DT_WEAK_HAND_TIME, ANY},
    {"left hand loose", "left.scatter=%.2fx", 1.8, 2.5, 0,
     HANDS, DT_WEAK_HAND_SCATTER, ANY},
    {"left hand weak", "left.velocity=-%.0f", 28.0, 45.0, 0,
     HANDS, DT_WEAK_HAND_LEVEL, ANY},
    {"late backbeats", "snare=0ms backbeat=+%.1fms", 20.0, 28.0, 0,
     GROOVES, DT_WEAK_PLACE, DT_VOICE_SNARE},
    {"one late place", "at2.5=%+.1fms", 20.0, 28.0, BOTH,
     "rock rock16 money-beat bossa funk", DT_WEAK_PLACE, ANY},
    {"loose kick", "kick.scatter=%.2fx", 2.0, 3.0, 0,
     GROOVES, DT_WEAK_VOICE_SCATTER, DT_VOICE_KICK},
    {"loose snare", "snare.scatter=%.2fx", 2.0, 3.0, 0,
     GROOVES, DT_WEAK_VOICE_SCATTER, DT_VOICE_SNARE},
    {"uneven swing", "swing.wobble=%.1f%%", 5.0, 8.0, 0,
     "jazz shuffle jazz-ride texas-shuffle", DT_WEAK_SWING, ANY},
    {"uneven sixteenths", "sixteenths=%+.1fms", 14.0, 22.0, BOTH,
     "rock16 disco-sixteenths samba", DT_WEAK_SIXTEENTHS, ANY},
    {"split unisons", "unison=%.1fms", 16.0, 24.0, 0,
     GROOVES, DT_WEAK_UNISON, ANY},
    {"uneven rolls", "roll.cv=%.1f%%", 20.0, 30.0, 0,
     "long-rolls", DT_WEAK_ROLL, ANY},
    {"alternation in rolls", "roll.alternate=%+.1fms", 8.0, 14.0, BOTH,
     "long-rolls", DT_WEAK_ROLL_HANDS, ANY},
    {"a roll that breaks down", "roll.break=2.5s roll.break.factor=%.1fx", 4.0, 6.0, 0,
     "long-rolls", DT_WEAK_ROLL_BREAKS, ANY},
    {"flat flams", "flam=%.0fms", 8.0, 14.0, 0,
     "flams flam-accent flam-tap flam-paradiddle", DT_WEAK_FLAM, ANY},
    {"wide flams", "flam=%.0fms", 70.0, 78.0, 0,
     "flams flam-accent flam-tap flam-paradiddle", DT_WEAK_FLAM, ANY},
    {"uneven flams", "flam=45ms flam.sd=%.0fms", 16.0, 22.0, 0,
     "flams flam-accent flam-tap flam-paradiddle", DT_WEAK_FLAM, ANY},
    {"ghost notes too loud", "ghost=%.0f", 65.0, 80.0, 0,
     "funk funk-song breakbeat halftime-shuffle", DT_WEAK_GHOSTS, ANY},
    {"accents too weak", "accent=%.0f", 90.0, 96.0, 0,
     "paradiddle flam-accent rock-song rock16", DT_WEAK_ACCENTS, ANY},
    {"uneven loudness", "stroke=70 accent=95 velocity=%.0f", 20.0, 26.0, 0,
     GROOVES " " HANDS, DT_WEAK_EVENNESS, ANY},
    {"sloppy hi-hat", "closed=%.0f%% openness.sd=8%%", 35.0, 50.0, 0,
     GROOVES, DT_WEAK_OPENNESS, ANY},
    {"tiring: looser", "fatigue=%.0f%%/min", 60.0, 120.0, LONG,
     GROOVES " " HANDS, DT_WEAK_TIRING, ANY},
    {"tiring: softer", "fatigue.velocity=-%.0f/min", 15.0, 22.0, LONG,
     GROOVES " " HANDS, DT_WEAK_TIRING, ANY},
    {"loose altogether", "scatter=%.1fms", 1.5, 2.0, ABLE | OF_TIGHT,
     GROOVES, DT_WEAK_SCATTER, ANY},
    {"missed notes", "miss=%.1f%%", 6.0, 12.0, 0,
     GROOVES " " HANDS, DT_WEAK_MISSED, ANY},
    {"wrong drums", "wrong=%.1f%%", 6.0, 12.0, 0,
     GROOVES, DT_WEAK_MISSED, ANY},
    {"strokes too many", "extra=%.1f%%", 6.0, 12.0, 0,
     GROOVES, DT_WEAK_MISSED, ANY},
};
/* clang-format on */
enum { KIND_COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };

static const char CLEAN_CHARTS[] = GROOVES
    " " HANDS " " FILLS
    " verses long-rolls jazz shuffle bossa samba sixeight seven halftime-shuffle disco-sixteenths "
    "flams flam-tap doubles rock-verse-chorus funk-song jazz-song ballad-song waltz breakbeat";

/* The n-th of words, counted round. */
static void pick(const char* words, uint64_t n, char* word, size_t size) {
  uint64_t count = 1;
  for (const char* c = words; *c; ++c) {
    count += *c == ' ';
  }
  for (n %= count; n > 0; --n) {
    words = strchr(words, ' ') + 1;
  }
  snprintf(word, size, "%.*s", (int)strcspn(words, " "), words);
}

static void load(const char* name, dt_chart* chart) {
  dt_error err = {.sentence = ""};
  for (int i = 0; i < OWN_COUNT; ++i) {
    if (strcmp(OWN[i].name, name) == 0) {
      must(dt_chart_parse(chart, NULL, OWN[i].text, strlen(OWN[i].text), &err), err.sentence);
      return;
    }
  }
  const dt_chart_entry* entry = dt_chart_library_named(name);
  must(entry ? DT_OK : DT_BAD_ARGUMENT, name);
  must(dt_chart_library_load(chart, NULL, entry), name);
}

static double between(dt_rng* rng, double low, double high) {
  return low + (high - low) * dt_rng_uniform(rng);
}

/* Who plays: his level, his noise, his habits. None of it is a fault. */
static dt_level player(dt_rng* rng, double beat_s, int how, bool* click, dt_drummer* d) {
  const double who = how & ABLE ? between(rng, 0.15, 1.0) : dt_rng_uniform(rng);
  const dt_level level = who < 0.15   ? DT_LEVEL_BEGINNER
                         : who < 0.65 ? DT_LEVEL_PLAYER
                                      : DT_LEVEL_PRO;
  const double tolerance = dt_level_tolerance(level, beat_s).scatter_ms;
  d->scatter_ms = fmin(tolerance * between(rng, 0.35, 0.5), 14.0);
  *click = dt_rng_uniform(rng) < 0.6 && !(how & MEMORY);
  const double noise = dt_rng_uniform(rng);
  if (noise < 0.33) {
    d->clock_ms = (*click ? 0.5 : 0.25) * d->scatter_ms;
    d->phase_correction = *click ? 0.3 : 0.0;
  } else if (noise < 0.67) {
    d->pink_ms = 0.6 * d->scatter_ms;
  }
  d->placement_ms = between(rng, -15.0, 10.0);
  d->limb_offset_ms[DT_VOICE_KICK] = between(rng, -8.0, 0.0);
  d->limb_offset_ms[DT_VOICE_SNARE] = between(rng, -8.0, 2.0);
  d->velocity_sd = between(rng, 4.0, 8.0);
  d->flam_ms = between(rng, 30.0, 50.0);
  d->lead_in_s = *click ? DT_LEAD_IN_ONE_BAR : 1.37;
  return level;
}

static void through_the_instrument(dt_take* take, dt_rng* rng) {
  for (size_t i = 0; i < take->strokes.count; ++i) {
    dt_stroke* s = &take->strokes.items[i];
    s->time_s = fmax(s->time_s + 0.5e-3 * dt_rng_normal(rng), 0.0);
    s->velocity = (float)fmax(1.0, fmin(127.0, floor((double)s->velocity + 0.5)));
  }
  dt_strokes_sort(&take->strokes);
  take->clock_jitter_s = 0.5e-3;
  take->duration_s += 1.0;
}

static void judge(const dt_take* take, const dt_chart* chart, dt_level level, dt_practise* out) {
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
  must(dt_study_make(&study, NULL, take, &verdict, &alignment, chart), "study");
  *out = study.practise;
  dt_study_clear(&study, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
}

typedef struct told {
  char chart[48];
  char words[96]; /* the fault as dialled in */
  char player[96];
  dt_practise practise;
} told;

/* One take; kind NULL: without a fault. */
static void play(const kind* k, uint64_t seed, told* out) {
  dt_error err = {.sentence = ""};
  dt_rng rng = dt_rng_seeded(seed, 41);
  dt_drummer d = dt_drummer_default();
  dt_chart chart;
  pick(k ? k->charts : CLEAN_CHARTS, seed, out->chart, sizeof(out->chart));
  load(out->chart, &chart);
  d.seed = seed;
  d.bpm = 0.0;
  const int how = k ? k->how : 0;
  const int some = 32 + (int)(32.99 * dt_rng_uniform(&rng));
  const int bars = how & LONG ? 64 : how & SHORT ? 32 : some;
  const double beat_s = 60.0 / dt_tempo_map_bpm(&chart.map, 0.0);
  bool click = true;
  const dt_level level = player(&rng, beat_s, how, &click, &d);
  d.bars = bars;
  out->words[0] = '\0';
  if (k) {
    double size = between(&rng, k->least, k->most);
    size *= how & BOTH && dt_rng_uniform(&rng) < 0.5 ? -1.0 : 1.0;
    size *= how & OF_TIGHT ? dt_level_tolerance(level, beat_s).scatter_ms : 1.0;
    snprintf(out->words, sizeof(out->words), k->words, size);
    must(dt_drummer_parse(&d, out->words, &err), out->words);
  }
  snprintf(out->player, sizeof(out->player),
           "level %d, %d bars, %s, scatter %.1f, clock %.1f, pink %.1f", (int)level, bars,
           click ? "click" : "no click", d.scatter_ms, d.clock_ms, d.pink_ms);
  dt_part part;
  dt_truths truths;
  dt_take take;
  must(dt_drummer_part(&d, &chart, NULL, &part), "part");
  must(dt_drummer_play(&d, &part, NULL, &truths, &err), "play");
  must(dt_take_from_truths(&take, NULL, &truths, &d, &part), "take");
  through_the_instrument(&take, &rng);
  judge(&take, &chart, level, &out->practise);
  dt_take_clear(&take, NULL);
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

static bool is_right(const kind* k, const dt_practise* p) {
  return p->count > 0 && p->lines[0].weakness == k->weakness &&
         (k->voice == ANY || p->lines[0].voice == k->voice);
}

static void show(uint64_t seed, const told* t, bool right) {
  printf("\n%s seed %llu: %s [%s] (%s)\n", right ? "ok " : "-- ", (unsigned long long)seed,
         t->chart, t->words, t->player);
  for (int i = 0; i < t->practise.count; ++i) {
    const dt_practise_line* line = &t->practise.lines[i];
    printf("    %.2f %s", line->severity, line->text);
    for (int b = 0; b < line->bar_count; ++b) {
      printf("%s %d", b ? "," : " [bar", line->bars[b]);
    }
    printf("%s\n", line->bar_count ? "]" : "");
  }
}

/* What was named instead, commonest first. */
static void print_instead(int* named, int nothing) {
  const char* comma = "";
  for (;;) {
    int best = 0;
    for (int w = 1; w < DT_WEAKNESS_COUNT; ++w) {
      best = named[w] > named[best] ? w : best;
    }
    if (named[best] == 0) {
      break;
    }
    printf("%s%s %d", comma, dt_weakness_name((dt_weakness)best), named[best]);
    named[best] = 0;
    comma = ", ";
  }
  if (nothing > 0) {
    printf("%snothing %d", comma, nothing);
  }
}

static int run_kind(const kind* k, int takes, uint64_t first, bool tell) {
  int named[DT_WEAKNESS_COUNT] = {0};
  int right = 0;
  int nothing = 0;
  for (int i = 0; i < takes; ++i) {
    told t;
    const uint64_t seed = first + (uint64_t)i;
    play(k, seed, &t);
    const bool ok = k ? is_right(k, &t.practise) : t.practise.count == 0;
    right += ok;
    nothing += !ok && t.practise.count == 0;
    if (!ok && t.practise.count > 0) {
      ++named[t.practise.lines[0].weakness];
    }
    if (tell) {
      show(seed, &t, ok);
    }
  }
  if (k) {
    char range[96];
    snprintf(range, sizeof(range), k->words, k->least);
    printf("| %s | `%s`%s .. %g%s | %.0f %% | ", k->name, range,
           k->how & BOTH ? " and opposite" : "", k->most,
           k->how & OF_TIGHT ? " times what is tight" : "", 100.0 * right / takes);
  } else {
    printf("| none (clean) | | %.1f %% without a line | ", 100.0 * right / takes);
  }
  print_instead(named, nothing);
  printf(" |\n");
  fflush(stdout);
  return right;
}

int main(int argc, char** argv) {
  const int takes = argc > 1 ? atoi(argv[1]) : 20;
  const int clean = argc > 2 ? atoi(argv[2]) : 500;
  const uint64_t first = argc > 3 ? (uint64_t)strtoull(argv[3], NULL, 10) : 1;
  const char* only = argc > 4 ? argv[4] : NULL;
  printf("What to practise: %d takes of each of %d faults, %d clean takes; 32 to 64 bars; three "
         "levels; white, timekeeper or 1/f noise; six in ten with a click. Seeds from %llu.\n\n",
         takes, KIND_COUNT, clean, (unsigned long long)first);
  printf("| fault | size | first line names it | instead |\n| --- | --- | ---: | --- |\n");
  int right = 0;
  int played = 0;
  for (int k = 0; k < KIND_COUNT; ++k) {
    if (!only || strcmp(only, KINDS[k].name) == 0) {
      right += run_kind(&KINDS[k], takes, first + 1000 * (uint64_t)k, only != NULL);
      played += takes;
    }
  }
  if (played > 0) {
    printf("| all | | %.1f %% of %d | |\n", 100.0 * right / played, played);
  }
  bool good = played == 0 || right >= 0.9 * played;
  if (!only || strcmp(only, "clean") == 0) {
    good &= run_kind(NULL, clean, first + 100000, only != NULL) >= 0.95 * clean;
  }
  return good ? 0 : 1;
}
