#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "beat_score.h"
#include "dt/beats.h"
#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/meter.h"
#include "pulse_rows.h"

enum { STROKES_MAX = 8192, BEATS_MAX = 1024 };

static const char ROCK[] = "tempo: 110\nmeter: 4/4\nstep: 1/8\n\nhi-hat |XxXxXxXx|\nsnare  "
                           "|--X---X-|\nkick   |x---xx--|\n";
static const char SEVEN[] =
    "tempo: 124\nmeter: 7/8\nstep: 1/8\n\nhi-hat |XxXxXxx|\nsnare  |--X--X-|\nkick   |x---x--|\n";
static const char DOUBLE[] =
    "tempo: 110\nmeter: 4/4\nstep: 1/16\n\n[A] x16\nhi-hat |x-x-x-x-x-x-x-x-|\n"
    "snare  |----X-------X---|\nkick   |x-------x-x-----|\n\n[B] x16\n"
    "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |--X---X---X---X-|\nkick   |x---x---x---x---|\n\n[A2] x16\n"
    "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |----X-------X---|\nkick   |x-------x-x-----|\n";

/* The tempo, from bar to bar, as a factor on what is written: it goes from 1 to `to` between two
 * bars (at once where they are the same); strokes between two others are left out. */
typedef struct scene {
  const char* name;
  const char* text;
  int bars;
  double to;
  double from_bar, to_bar;
  double silent_from, silent_to;
} scene;

static const scene SCENES[] = {
    {"steady", ROCK, 48, 1.0, 16, 16, 0, 0},
    {"ramp of +10 % over 16 bars", ROCK, 48, 1.1, 16, 32, 0, 0},
    {"ramp of -10 % over 16 bars", ROCK, 48, 0.9, 16, 32, 0, 0},
    {"jump of +5 %", ROCK, 48, 1.05, 24, 24, 0, 0},
    {"jump of -10 %", ROCK, 48, 0.9, 24, 24, 0, 0},
    {"jump of +20 %", ROCK, 48, 1.2, 24, 24, 0, 0},
    {"jump of -30 %", ROCK, 48, 0.7, 24, 24, 0, 0},
    {"4 silent bars", ROCK, 48, 1.0, 24, 24, 20, 24},
    {"double-time section", DOUBLE, 48, 1.0, 24, 24, 0, 0},
    {"7/8", SEVEN, 48, 1.0, 24, 24, 0, 0},
    {"drift of 0.2 % over 32 bars", ROCK, 32, 1.002, 0, 32, 0, 0},
};

typedef struct played {
  dt_stroke strokes[STROKES_MAX];
  size_t count;
  double beat_s[BEATS_MAX];
  double bpm[BEATS_MAX];
  bool is_steady[BEATS_MAX]; /* the tempo stands still for two bars about it */
  size_t beat_count;
} played;

static void die(const char* what) {
  fprintf(stderr, "bench_pulse: %s\n", what);
  exit(1);
}

static double pace(const scene* s, double bar) {
  if (bar <= s->from_bar) {
    return bar == s->from_bar && s->from_bar == s->to_bar ? s->to : 1.0;
  }
  return bar >= s->to_bar ? s->to
                          : 1.0 + (s->to - 1.0) * (bar - s->from_bar) / (s->to_bar - s->from_bar);
}

/* Seconds of the scene for bars as written: the sum of 1 / pace in small steps. */
static double warp(const scene* s, double bar, double bar_s) {
  const double change = s->to - 1.0;
  const double ramp = s->to_bar - s->from_bar;
  double time = fmin(bar, s->from_bar);
  if (bar > s->from_bar && ramp > 0.0) {
    const double inside = fmin(bar, s->to_bar) - s->from_bar;
    time += change != 0.0 ? ramp / change * log1p(change * inside / ramp) : inside;
  }
  return (time + fmax(bar - s->to_bar, 0.0) / s->to) * bar_s;
}

static void play(const scene* s, uint64_t seed, played* p) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  dt_drummer drummer = dt_drummer_default();
  dt_part part;
  dt_truths truths;
  char how[64];
  drummer.seed = seed;
  if (s->text == DOUBLE) {
    snprintf(how, sizeof(how), "scatter=8ms lead-in=0s");
  } else {
    snprintf(how, sizeof(how), "bars=%d scatter=8ms lead-in=0s", s->bars);
  }
  if (dt_chart_parse(&chart, NULL, s->text, strlen(s->text), &err) != DT_OK) {
    die(err.sentence);
  }
  drummer.bpm = 0;
  drummer.bars = 0;
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK ||
      dt_drummer_part(&drummer, &chart, NULL, &part) != DT_OK ||
      dt_drummer_play(&drummer, &part, NULL, &truths, &err) != DT_OK) {
    die(err.sentence);
  }
  const dt_meter meter = part.bars[0].meter;
  const double bar_s = dt_part_seconds(&part, part.bars[1].tick);
  const double beats = (double)part.bars[0].length / (double)dt_meter_beat_ticks(meter);
  p->count = p->beat_count = 0;
  for (size_t i = 0; i < truths.count && p->count < STROKES_MAX; ++i) {
    const double bar = fmax(truths.items[i].stroke.time_s, 0.0) / bar_s;
    if (bar >= s->silent_from - 0.02 && bar < s->silent_to - 0.02) {
      continue;
    }
    p->strokes[p->count] = truths.items[i].stroke;
    p->strokes[p->count++].time_s = 0.5 + warp(s, bar, bar_s);
  }
  for (double beat = 0; beat < beats * (double)part.bar_count && p->beat_count < BEATS_MAX;
       ++beat) {
    const double bar = beat / beats;
    p->beat_s[p->beat_count] = 0.5 + warp(s, bar, bar_s);
    p->bpm[p->beat_count] = 60.0 * beats / bar_s * pace(s, bar);
    p->is_steady[p->beat_count++] =
        pace(s, bar - 2.0) == pace(s, bar + 2.0) && bar > 2.0 && bar < (double)part.bar_count - 2.0;
  }
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

typedef struct sums {
  double offline_f, cmlt, live_f, live_cmlt;
  double square, n; /* relative tempo error */
  double change, change_sd;
  int inside; /* takes whose band holds the true change */
} sums;

static void offline(const scene* s, const played* p, sums* sum) {
  static double found[4 * BEATS_MAX];
  dt_beat_track track;
  const dt_beat_config config = dt_beat_default();
  if (dt_beat_track_find(&track, NULL, p->strokes, p->count, p->strokes[p->count - 1].time_s,
                         &config) != DT_OK) {
    die("cannot be tracked");
  }
  const size_t n = track.beat_count < 4 * BEATS_MAX ? track.beat_count : 4 * BEATS_MAX;
  size_t at = 0;
  for (size_t k = 0; k < n; ++k) {
    found[k] = track.beats[k].time_s;
    while (at + 1 < p->beat_count &&
           fabs(p->beat_s[at + 1] - found[k]) < fabs(p->beat_s[at] - found[k])) {
      ++at;
    }
    if (p->is_steady[at]) {
      const double off = track.beats[k].bpm / p->bpm[at] - 1.0;
      sum->square += off * off;
      sum->n += 1.0;
    }
  }
  const beat_score score = score_beats(p->beat_s, p->beat_count, found, n, 5.0);
  sum->offline_f += score.f;
  sum->cmlt += score.cmlt;
  if (n > 16) {
    const dt_beat* a = &track.beats[4];
    const dt_beat* b = &track.beats[n - 5];
    const double change = b->bpm / a->bpm - 1.0;
    const double sd = sqrt(a->bpm_sd * a->bpm_sd + b->bpm_sd * b->bpm_sd) / a->bpm;
    const double true_change = pace(s, (double)(n - 5) / 4.0) / pace(s, 1.0) - 1.0;
    sum->change += change;
    sum->change_sd += sd;
    sum->inside += fabs(change - true_change) < 1.96 * sd;
  }
  dt_beat_track_clear(&track, NULL);
}

static void live(const played* p, sums* sum) {
  static double found[4 * BEATS_MAX];
  size_t count = 0;
  dt_follower* follower = NULL;
  const dt_beat_config config = dt_beat_default();
  if (dt_follower_new(&follower, NULL, &config) != DT_OK) {
    die("no memory");
  }
  const double last = p->strokes[p->count - 1].time_s;
  size_t next = 0;
  for (double now = 0.05; now < last + 0.05; now += 0.05) {
    dt_beat_call calls[8];
    for (; next < p->count && p->strokes[next].time_s < now; ++next) {
      dt_follower_stroke(follower, &p->strokes[next]);
    }
    const size_t n = dt_follower_advance(follower, now, calls, 8);
    for (size_t k = 0; k < n && count < 4 * BEATS_MAX; ++k) {
      found[count++] = calls[k].time_s;
    }
  }
  dt_follower_free(follower, NULL);
  const beat_score score = score_beats(p->beat_s, p->beat_count, found, count, 5.0);
  sum->live_f += score.f;
  sum->live_cmlt += score.cmlt;
}

void pulse_virtual_rows(uint64_t first_seed, size_t seeds) {
  static played p;
  const double n = (double)seeds;
  sums sum = {0};
  printf("\n## Simulated drummer\n\nScatter 8 ms, seeds %llu to %llu; means.\n\n",
         (unsigned long long)first_seed, (unsigned long long)(first_seed + seeds - 1));
  printf("| scene | offline F | CMLt | tempo error in steady parts, %% RMS | live F | CMLt |\n"
         "|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof(SCENES) / sizeof(*SCENES); ++k) {
    sum = (sums){0};
    for (uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
      play(&SCENES[k], seed, &p);
      offline(&SCENES[k], &p, &sum);
      live(&p, &sum);
    }
    printf("| %s | %.3f | %.3f | ", SCENES[k].name, sum.offline_f / n, sum.cmlt / n);
    printf(sum.n > 0 ? "%.2f" : "-", 100.0 * sqrt(sum.square / fmax(sum.n, 1.0)));
    printf(" | %.3f | %.3f |\n", sum.live_f / n, sum.live_cmlt / n);
  }
  printf(
      "\nThe drift of 0.2 %%: found %.2f %% (mean), band of one SD %.2f %%; the 95 %% band holds "
      "the truth in %d of %zu.\n",
      100.0 * sum.change / n, 100.0 * sum.change_sd / n, sum.inside, seeds);
}
