#include "renders.h"

#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/ear.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "dt/synthkit.h"
#include "takes.h"

#define RATE     44100
#define STROKES  20
#define SPACING  1.5 /* seconds between strokes: cymbals still ring */
#define SNR_S    0.050
#define FLAM_GAP 1.0

static const dt_drum drums[] = {DT_KICK,         DT_SNARE,      DT_CROSS_STICK, DT_RIMSHOT,
                                DT_HIHAT_CLOSED, DT_HIHAT_OPEN, DT_HIHAT_PEDAL, DT_TOM_HIGH,
                                DT_TOM_MID,      DT_TOM_LOW,    DT_RIDE,        DT_RIDE_BELL,
                                DT_CRASH};
static const float velocities[] = {30, 60, 90, 120};

static double mean_square(const float* x, size_t count) {
  double sum = 0;
  for (size_t n = 0; n < count; n++)
    sum += (double)x[n] * (double)x[n];
  return sum / (double)count;
}

/* Adds white noise so many dB under the mean square of the first 50 ms of the first stroke. */
static void add_noise(float* x, size_t count, double first_s, double snr_db, dt_rng* rng) {
  double power = mean_square(x + (size_t)(first_s * RATE), (size_t)(SNR_S * RATE));
  double sd = sqrt(power * pow(10, -snr_db / 10));
  for (size_t n = 0; n < count; n++)
    x[n] += (float)(sd * dt_rng_normal(rng));
}

static void hear(const float* x, size_t count, times* found, times* drum_numbers) {
  dt_ear* ear = dt_ear_new(NULL, RATE);
  dt_stroke stroke;
  if (ear == NULL)
    exit(1);
  for (size_t at = 0; at < count; at += 4096) {
    size_t part = count - at < 4096 ? count - at : 4096;
    dt_ear_process(ear, x + at, part, (dt_frame)at);
  }
  dt_ear_finish(ear);
  double last = -1;
  while (dt_ear_next(ear, &stroke)) {
    if (stroke.time_s > last) /* strokes of two drums at once are one for these tables */
      times_add(found, stroke.time_s, 0);
    last = stroke.time_s;
    times_add(drum_numbers, stroke.time_s, (double)stroke.drum);
  }
  dt_ear_free(ear);
}

typedef struct outcome {
  times errors_ms;
  size_t strokes;
  size_t missed;
  size_t extra;
  size_t right; /* the class is among those heard at that time */
} outcome;

static bool class_heard(const times* drum_numbers, double time_s, int class) {
  for (size_t i = 0; i < drum_numbers->count; i++)
    if (fabs(drum_numbers->at[i] - time_s) < 1e-9 &&
        class_of((dt_drum)drum_numbers->weight[i]) == class)
      return true;
  return false;
}

static void one_run(const dt_synthkit* kit, dt_drum drum, float velocity, double snr_db,
                    dt_rng* rng, outcome* o) {
  size_t count = (size_t)((STROKES + 1) * SPACING * RATE);
  float* x = calloc(count, sizeof *x);
  if (x == NULL)
    exit(1);
  times truth = {0};
  times found = {0};
  times heard_drums = {0};
  for (int i = 0; i < STROKES; i++) {
    dt_stroke stroke = dt_stroke_at((i + 0.5) * SPACING + 0.1 * dt_rng_uniform(rng), drum);
    stroke.velocity = velocity;
    dt_synthkit_add(kit, &stroke, x, count, 0);
    times_add(&truth, stroke.time_s, 0);
  }
  if (isfinite(snr_db))
    add_noise(x, count, truth.at[0], snr_db, rng);
  hear(x, count, &found, &heard_drums);
  size_t pair[STROKES];
  size_t hits = match(&truth, &found, 0.010, 0, pair);
  o->strokes += STROKES;
  o->missed += STROKES - hits;
  o->extra += found.count - hits;
  for (int i = 0; i < STROKES; i++) {
    if (pair[i] == SIZE_MAX)
      continue;
    times_add(&o->errors_ms, 1e3 * (found.at[pair[i]] - truth.at[i]), 0);
    o->right += class_heard(&heard_drums, found.at[pair[i]], class_of(drum));
  }
  times_clear(&truth);
  times_clear(&found);
  times_clear(&heard_drums);
  free(x);
}

static void print_outcome(const char* name, const outcome* o) {
  double* scratch = malloc((o->errors_ms.count + 1) * sizeof *scratch);
  if (scratch == NULL)
    exit(1);
  const times* e = &o->errors_ms;
  printf("| %s | %zu | %zu | %zu | %+.3f | %.3f | %+.3f..%+.3f | %.0f %% |\n", name, o->strokes,
         o->missed, o->extra, dt_median(e->at, e->count, scratch),
         dt_robust_sd(e->at, e->count, scratch), dt_quantile(e->at, e->count, 0.05, scratch),
         dt_quantile(e->at, e->count, 0.95, scratch),
         e->count > 0 ? 100.0 * (double)o->right / (double)e->count : 0);
  free(scratch);
}

static void isolated(double snr_db) {
  dt_rng rng = dt_rng_seeded(7, 1);
  outcome all = {0};
  if (isfinite(snr_db))
    printf("\nIsolated strokes, velocities 30 60 90 120, white noise %.0f dB under each stroke's "
           "first 50 ms:\n\n",
           snr_db);
  else
    printf("\nIsolated strokes, velocities 30 60 90 120, no noise:\n\n");
  printf("| drum | strokes | missed | extra | median ms | robust SD ms | 5..95 %% ms | class heard "
         "|\n|---|---|---|---|---|---|---|---|\n");
  for (size_t d = 0; d < sizeof drums / sizeof drums[0]; d++) {
    outcome o = {0};
    for (size_t v = 0; v < sizeof velocities / sizeof velocities[0]; v++) {
      dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 1 + v);
      if (kit == NULL)
        exit(1);
      one_run(kit, drums[d], velocities[v], snr_db, &rng, &o);
      dt_synthkit_free(kit);
    }
    print_outcome(dt_drum_name(drums[d]), &o);
    for (size_t i = 0; i < o.errors_ms.count; i++)
      times_add(&all.errors_ms, o.errors_ms.at[i], 0);
    all.strokes += o.strokes;
    all.missed += o.missed;
    all.extra += o.extra;
    all.right += o.right;
    times_clear(&o.errors_ms);
  }
  print_outcome("all", &all);
  times_clear(&all.errors_ms);
}

static void flams(dt_drum drum, double apart_s, double snr_db) {
  dt_rng rng = dt_rng_seeded(11, 1);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 3);
  size_t count = (size_t)((STROKES + 1) * FLAM_GAP * RATE);
  float* x = calloc(count, sizeof *x);
  if (kit == NULL || x == NULL)
    exit(1);
  times truth = {0};
  times found = {0};
  times heard_drums = {0};
  for (int i = 0; i < STROKES; i++) {
    dt_stroke grace = dt_stroke_at((i + 0.5) * FLAM_GAP + 0.01 * dt_rng_uniform(&rng), drum);
    dt_stroke main = dt_stroke_at(grace.time_s + apart_s, drum);
    grace.velocity = 55;
    main.velocity = 100;
    dt_synthkit_add(kit, &grace, x, count, 0);
    dt_synthkit_add(kit, &main, x, count, 0);
    times_add(&truth, grace.time_s, 0);
    times_add(&truth, main.time_s, 0);
  }
  add_noise(x, count, truth.at[1], snr_db, &rng);
  hear(x, count, &found, &heard_drums);
  size_t pair[2 * STROKES];
  size_t hits = match(&truth, &found, 0.005, 0, pair);
  int both = 0;
  for (int i = 0; i < STROKES; i++)
    both += pair[2 * i] != SIZE_MAX && pair[2 * i + 1] != SIZE_MAX;
  printf("| %s | %.0f | %d | %d | %zu |\n", dt_drum_name(drum), 1e3 * apart_s, STROKES, both,
         found.count - hits);
  times_clear(&truth);
  times_clear(&found);
  times_clear(&heard_drums);
  free(x);
  dt_synthkit_free(kit);
}

bool write_samples(const char* into) {
  for (size_t d = 0; d < sizeof drums / sizeof drums[0]; d++) {
    for (int velocity = 15; velocity < 128; velocity += 28) {
      dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 100 + (uint64_t)velocity);
      if (kit == NULL)
        return false;
      dt_stroke stroke = dt_stroke_at(0.0045, drums[d]);
      stroke.velocity = (float)velocity;
      size_t count = (size_t)dt_synthkit_length(kit, drums[d]) + RATE / 100;
      float* x = calloc(count, sizeof *x);
      if (x == NULL)
        exit(1);
      dt_synthkit_add(kit, &stroke, x, count, 0);
      char path[1024];
      snprintf(path, sizeof path, "%s/%s-%d.wav", into, dt_drum_name(drums[d]), velocity);
      SF_INFO info = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
      SNDFILE* file = sf_open(path, SFM_WRITE, &info);
      bool done = file != NULL && sf_write_float(file, x, (sf_count_t)count) == (sf_count_t)count;
      if (file != NULL)
        sf_close(file);
      free(x);
      dt_synthkit_free(kit);
      if (!done)
        return false;
    }
  }
  return true;
}

void score_renders(void) {
  printf("## Own renders (exact times)\n");
  isolated((double)INFINITY);
  isolated(20);
  isolated(10);
  printf(
      "\nFlams (velocities 55 and 100), noise 40 dB under the main stroke; both strokes found "
      "within 5 ms:\n\n| drum | apart ms | flams | both heard | extra |\n|---|---|---|---|---|\n");
  static const double apart_s[] = {0.020, 0.030, 0.040};
  for (size_t a = 0; a < 3; a++) {
    flams(DT_SNARE, apart_s[a], 40);
    flams(DT_TOM_HIGH, apart_s[a], 40);
    flams(DT_TOM_LOW, apart_s[a], 40);
    flams(DT_RIDE, apart_s[a], 40);
  }
}
