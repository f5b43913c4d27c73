/* Isolated strokes: when, which drum, how hard; dry and in rooms, in noise. */
#include "renders.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/codec.h"
#include "ear_hear.h"
#include "ear_scene.h"
#include "takes.h"

#define SPACING_S  1.5 /* cymbals still ring */
#define REPEATS    3
#define NEAR_S     0.010
#define POOL_S     0.020
#define VELOCITIES 6

static const double velocities[VELOCITIES] = {20, 40, 60, 80, 100, 120};

typedef struct outcome {
  values errors_ms;
  values true_velocity;
  values heard_velocity;
  size_t strokes;
  size_t missed;
  size_t extra; /* blows that were none */
  size_t right; /* the class is among those heard at that time */
  size_t right_drum;
  size_t others; /* drums of other classes heard with it */
} outcome;

static void outcome_clear(outcome* o) {
  values_clear(&o->errors_ms);
  values_clear(&o->true_velocity);
  values_clear(&o->heard_velocity);
  memset(o, 0, sizeof *o);
}

static void values_join(values* into, const values* from) {
  for (size_t i = 0; i < from->count; i++)
    values_add(into, from->items[i]);
}

static void outcome_join(outcome* into, const outcome* from) {
  values_join(&into->errors_ms, &from->errors_ms);
  into->strokes += from->strokes;
  into->missed += from->missed;
  into->extra += from->extra;
  into->right += from->right;
  into->right_drum += from->right_drum;
  into->others += from->others;
}

/* What was heard of one stroke: the one of its class where there is one, else the surest. */
static void judge_stroke(outcome* o, const hit* truth, double at_s, const hits* found) {
  const hit* best = NULL;
  bool is_right_drum = false;
  for (size_t i = 0; i < found->count; i++) {
    const hit* h = &found->items[i];
    if (fabs(h->at_s - at_s) > NEAR_S)
      continue;
    bool is_right = class_of(h->drum) == class_of(truth->drum);
    bool is_best_right = best != NULL && class_of(best->drum) == class_of(truth->drum);
    is_right_drum |= twelve_of(h->drum) == twelve_of(truth->drum);
    o->others += !is_right;
    if (best == NULL || (is_right && !is_best_right) ||
        (is_right == is_best_right && h->confidence > best->confidence))
      best = h;
  }
  o->strokes++;
  o->missed += best == NULL;
  if (best == NULL)
    return;
  values_add(&o->errors_ms, 1e3 * (best->at_s - at_s));
  values_add(&o->true_velocity, truth->velocity);
  values_add(&o->heard_velocity, best->velocity);
  o->right += class_of(best->drum) == class_of(truth->drum);
  o->right_drum += is_right_drum;
}

static void judge_scene(outcome* o, const scene* s, double offset_s) {
  heard found = {0};
  hits blows = {0};
  hear_samples(s->samples, s->count, s->rate_hz, 4096, &found);
  for (size_t i = 0; i < s->truth.count; i++)
    judge_stroke(o, &s->truth.items[i], s->truth.items[i].at_s + offset_s, &found.strokes);
  hits_pool(&found.strokes, POOL_S, &blows);
  o->extra += blows.count - match(&s->truth, &blows, 2 * NEAR_S, offset_s, NULL);
  hits_clear(&blows);
  heard_clear(&found);
}

/* One drum at rising velocities, again and again. */
static scene strokes_of(dt_drum drum, int repeats, double spacing_s, const dt_synthkit* kit,
                        dt_rng* rng) {
  scene s = scene_new((repeats * VELOCITIES + 1) * spacing_s, SCENE_RATE);
  for (int i = 0; i < repeats * VELOCITIES; i++)
    scene_stroke(&s, kit, drum, (i + 0.5) * spacing_s + 0.1 * dt_rng_uniform(rng),
                 velocities[i % VELOCITIES]);
  scene_end(&s);
  return s;
}

static double share(size_t part, size_t whole) {
  return whole > 0 ? 100.0 * (double)part / (double)whole : (double)NAN;
}

static void print_outcome(FILE* out, const char* name, const outcome* o) {
  size_t heard_count = o->errors_ms.count;
  fprintf(out, "| %s | %zu | %zu | %zu |", name, o->strokes, o->missed, o->extra);
  cell(out, "%+.3f", values_quantile(&o->errors_ms, 0.5));
  cell(out, "%.3f", values_robust_sd(&o->errors_ms));
  cell(out, "%+.3f", values_quantile(&o->errors_ms, 0.05));
  cell(out, "%+.3f", values_quantile(&o->errors_ms, 0.95));
  cell(out, "%.0f %%", share(o->right, heard_count));
  cell(out, "%.0f %%", share(o->right_drum, heard_count));
  cell(out, "%.0f %%", share(o->others, heard_count));
  cell(out, "%.2f", values_spearman(&o->true_velocity, &o->heard_velocity));
  fputc('\n', out);
}

static const char* const outcome_head =
    "strokes | missed | extra | median ms | robust SD ms | 5 % ms | 95 % ms | class heard | drum "
    "heard | other classes too | velocity rank correlation |\n| --- | --- | --- | --- | --- | --- "
    "| --- | --- | --- | --- | --- | --- |\n";

/* Returns the worst drum's velocity correlation. */
static double isolated(const render_options* o, double snr_db, outcome* all) {
  dt_rng rng = dt_rng_seeded(o->seed, 1);
  dt_synthkit* kit = kit_new(SCENE_RATE, o->seed);
  double worst = 1;
  if (isfinite(snr_db))
    fprintf(o->out, "\nDry, white noise %.0f dB under each stroke's first 50 ms:\n\n", snr_db);
  else
    fprintf(o->out, "\nDry, no noise:\n\n");
  fprintf(o->out, "| drum | ");
  fputs(outcome_head, o->out);
  for (int d = 0; d < SCENE_DRUMS; d++) {
    outcome one = {0};
    scene s = strokes_of(scene_drums[d], REPEATS, SPACING_S, kit, &rng);
    float* unit = noise_new(s.count, &rng);
    scene_noise_under_strokes(&s, snr_db, 0, unit);
    free(unit);
    judge_scene(&one, &s, 0);
    print_outcome(o->out, dt_drum_name(scene_drums[d]), &one);
    worst = fmin(worst, values_spearman(&one.true_velocity, &one.heard_velocity));
    outcome_join(all, &one);
    outcome_clear(&one);
    scene_clear(&s);
  }
  print_outcome(o->out, "all", all);
  dt_synthkit_free(kit);
  return worst;
}

void score_isolated(const render_options* o) {
  fprintf(o->out,
          "\n## Isolated strokes\n\nEvery drum of the own kit alone, velocities 20 40 60 80 100 "
          "120, %d times each, %.1f s apart. A stroke counts as heard within 10 ms; its error is "
          "that of the heard stroke of its class, else of the surest. *Extra*: blows where there "
          "was none. *Other classes too*: strokes of other classes at the same time, per stroke.\n",
          REPEATS, SPACING_S);
  static const double snrs_db[] = {(double)INFINITY, 20, 10};
  for (int i = 0; i < 3; i++) {
    outcome all = {0};
    double worst = isolated(o, snrs_db[i], &all);
    if (i == 1) {
      summary_add(o->goals, "renders, 20 dB: median time error, absolute",
                  fabs(values_quantile(&all.errors_ms, 0.5)), GOAL_BELOW, 0.2, 3, " ms", "");
      summary_add(o->goals, "renders, 20 dB: robust SD of time", values_robust_sd(&all.errors_ms),
                  GOAL_BELOW, 0.3, 3, " ms", "");
      summary_add(o->goals, "renders, 20 dB: velocity rank correlation, worst drum", worst,
                  GOAL_AT_LEAST, 0.8, 2, "", "");
    }
    if (i == 2)
      summary_add(o->goals, "renders, 10 dB: robust SD of time", values_robust_sd(&all.errors_ms),
                  GOAL_BELOW, 1, 3, " ms", "");
    outcome_clear(&all);
  }
}

#define ROOM_SPACING_S 1.2

/* The dry strokes of every drum, and what they become in a room. */
typedef struct in_rooms {
  scene dry[SCENE_DRUMS];
  scene wet[SCENE_DRUMS]; /* with the truth of the dry */
  scene noisy;
  float* unit[SCENE_DRUMS]; /* noise */
  convolver* convolver;
} in_rooms;

static void in_rooms_start(in_rooms* r, uint64_t seed) {
  dt_rng rng = dt_rng_seeded(seed, 2);
  dt_synthkit* kit = kit_new(SCENE_RATE, seed);
  for (int d = 0; d < SCENE_DRUMS; d++) {
    r->dry[d] = strokes_of(scene_drums[d], 1, ROOM_SPACING_S, kit, &rng);
    r->wet[d] = scene_new((double)r->dry[d].count / SCENE_RATE, SCENE_RATE);
    r->wet[d].count = r->dry[d].count;
    r->wet[d].truth = r->dry[d].truth;
    r->unit[d] = noise_new(r->dry[d].count, &rng);
  }
  r->noisy = scene_new((double)r->dry[0].count / SCENE_RATE + 1, SCENE_RATE);
  r->convolver = convolver_new(r->dry[0].count);
  dt_synthkit_free(kit);
}

static void in_rooms_end(in_rooms* r) {
  for (int d = 0; d < SCENE_DRUMS; d++) {
    scene_clear(&r->dry[d]);
    free(r->wet[d].samples);
    free(r->unit[d]);
  }
  scene_clear(&r->noisy);
  convolver_free(r->convolver);
}

static void enter_room(in_rooms* r, const room* where) {
  convolver_room(r->convolver, where);
  for (int d = 0; d < SCENE_DRUMS; d += 2) {
    bool has_second = d + 1 < SCENE_DRUMS;
    convolver_run(r->convolver, r->dry[d].samples, r->wet[d].samples,
                  has_second ? r->dry[d + 1].samples : NULL,
                  has_second ? r->wet[d + 1].samples : NULL, r->dry[d].count);
  }
}

static void hear_room(in_rooms* r, const room* where, double snr_db, outcome* all) {
  for (int d = 0; d < SCENE_DRUMS; d++) {
    scene noisy = r->wet[d];
    noisy.samples = r->noisy.samples;
    memcpy(noisy.samples, r->wet[d].samples, noisy.count * sizeof *noisy.samples);
    scene_noise_under_strokes(&noisy, snr_db, where->direct_s, r->unit[d]);
    judge_scene(all, &noisy, where->direct_s);
  }
}

void score_rooms(const render_options* o) {
  rooms all_rooms = rooms_read(o->data);
  if (all_rooms.count == 0) {
    fprintf(o->out, "\nRooms: skipped, there is no DATA/rooms.\n");
    return;
  }
  fprintf(o->out,
          "\n## Isolated strokes in rooms\n\nThe same strokes, once each, %.1f s apart, through "
          "each impulse response of DATA/rooms (cut to 3 s), noise under the sound as it arrives. "
          "Errors against the stroke and the room's direct way (`direct_s` in rooms.csv, from an "
          "envelope): the median is also the distance of two conventions, the spread is the "
          "ear's.\n\n| room, noise | ",
          ROOM_SPACING_S);
  fputs(outcome_head, o->out);
  static in_rooms r;
  in_rooms_start(&r, o->seed);
  static const double snrs_db[2] = {20, 10};
  double worst[2] = {0, 0};
  size_t below[2] = {0, 0};
  for (size_t i = 0; i < all_rooms.count; i++) {
    enter_room(&r, &all_rooms.items[i]);
    for (int n = 0; n < 2; n++) {
      outcome one = {0};
      char name[100];
      hear_room(&r, &all_rooms.items[i], snrs_db[n], &one);
      snprintf(name, sizeof name, "%s, %.0f dB", all_rooms.items[i].name, snrs_db[n]);
      print_outcome(o->out, name, &one);
      double spread = values_robust_sd(&one.errors_ms);
      worst[n] = fmax(worst[n], spread);
      below[n] += spread < 1;
      outcome_clear(&one);
    }
  }
  fprintf(o->out, "\nRooms with a robust SD below 1 ms: %zu of %zu at 20 dB, %zu at 10 dB.\n",
          below[0], all_rooms.count, below[1]);
  summary_add(o->goals, "renders in the worst room, 20 dB: robust SD of time", worst[0], GOAL_BELOW,
              1, 3, " ms", "");
  summary_add(o->goals, "renders in the worst room, 10 dB: robust SD of time", worst[1], GOAL_BELOW,
              1, 3, " ms", "");
  in_rooms_end(&r);
  rooms_clear(&all_rooms);
}

static bool copy_samples(void* ctx, float* samples, size_t frame_count, dt_frame position) {
  const scene* s = ctx;
  memcpy(samples, s->samples + position, frame_count * sizeof *samples);
  return true;
}

bool write_samples(const char* into, uint64_t seed) {
  bool is_written = true;
  for (int d = 0; d < SCENE_DRUMS && is_written; d++)
    for (int velocity = 15; velocity < 128 && is_written; velocity += 28) {
      dt_synthkit* kit = kit_new(SCENE_RATE, seed + 99 + (uint64_t)velocity);
      double length_s = (double)dt_synthkit_length(kit, scene_drums[d]) / SCENE_RATE + 0.01;
      scene s = scene_new(length_s, SCENE_RATE);
      scene_stroke(&s, kit, scene_drums[d], 0.0045, velocity);
      char path[1200];
      dt_error error = {0};
      snprintf(path, sizeof path, "%s/%s-%d.wav", into, dt_drum_name(scene_drums[d]), velocity);
      is_written =
          dt_sound_write(path, SCENE_RATE, (dt_frame)s.count, copy_samples, &s, &error) == DT_OK;
      if (!is_written)
        fprintf(stderr, "%s: %s\n", path, error.sentence);
      scene_clear(&s);
      dt_synthkit_free(kit);
    }
  return is_written;
}
