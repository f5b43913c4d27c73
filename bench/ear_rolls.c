/* Strokes close together: rolls, flams, and drums struck nearly at once. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ear_hear.h"
#include "ear_scene.h"
#include "renders.h"
#include "takes.h"

#define FLOOR_RMS 0.001 /* noise of a quiet room, 60 dB under full scale */

static const dt_drum rolled[] = {DT_SNARE, DT_TOM_HIGH, DT_TOM_MID, DT_TOM_LOW};
#define ROLLED (sizeof rolled / sizeof rolled[0])

/* ---- rolls ---- */

#define ROLL_S       3.0
#define ROLLS        4    /* of each drum and rate */
#define SCATTER      0.07 /* of an interval, SD */
#define SCATTER_MOST 0.005

typedef struct roll_score {
  tally any[3]; /* 20, 10 and 5 ms */
  tally class[3];
  values errors_ms;
} roll_score;

static const double roll_windows_s[3] = {0.020, 0.010, 0.005};

/* Doubles: each hand plays two, the second softer and a little late. */
static void add_roll(scene* s, const dt_synthkit* kit, dt_drum drum, double start_s, double rate,
                     bool is_double, dt_rng* rng) {
  double interval_s = 1 / rate;
  double scatter_s = fmin(SCATTER * interval_s, SCATTER_MOST);
  double base = 60 + 40 * dt_rng_uniform(rng);
  for (int i = 0; i * interval_s < ROLL_S; i++) {
    bool is_second = is_double && i % 2 == 1;
    double at_s = start_s + i * interval_s + (is_second ? 0.05 * interval_s : 0);
    double late_s = fmin(fmax(dt_rng_normal(rng), -2.5), 2.5) * scatter_s;
    double velocity = base * (is_second ? 0.8 : 1) + 6 * dt_rng_normal(rng);
    scene_stroke(s, kit, drum, at_s + late_s, fmax(velocity, 20));
  }
}

static void score_scene(const scene* s, roll_score* score) {
  heard found = {0};
  hear_samples(s->samples, s->count, s->rate_hz, 4096, &found);
  int class = class_of(s->truth.items[0].drum);
  hits same = {0};
  hits_of_class(&found.strokes, class, &same);
  for (int w = 0; w < 3; w++) {
    tally_add(&score->any[w], (tally){match(&s->truth, &found.strokes, roll_windows_s[w], 0, NULL),
                                      s->truth.count, found.strokes.count});
    tally_add(
        &score->class [w], (tally) {
          match(&s->truth, &same, roll_windows_s[w], 0, NULL), s->truth.count, same.count
        });
  }
  size_t* pair = malloc((s->truth.count + 1) * sizeof *pair);
  if (pair == NULL)
    exit(1);
  match(&s->truth, &same, roll_windows_s[1], 0, pair);
  for (size_t i = 0; i < s->truth.count; i++)
    if (pair[i] != SIZE_MAX)
      values_add(&score->errors_ms, 1e3 * (same.items[pair[i]].at_s - s->truth.items[i].at_s));
  free(pair);
  hits_clear(&same);
  heard_clear(&found);
}

static roll_score roll_of(const render_options* o, const dt_synthkit* kit, dt_drum drum,
                          double rate, bool is_double) {
  roll_score score = {0};
  dt_rng rng = dt_rng_seeded(o->seed, (uint64_t)(1000 + 10 * rate + (is_double ? 1 : 0)));
  scene s = scene_new(ROLLS * (ROLL_S + 1) + 1, SCENE_RATE);
  for (int r = 0; r < ROLLS; r++)
    add_roll(&s, kit, drum, 0.5 + r * (ROLL_S + 1), rate, is_double, &rng);
  scene_end(&s);
  scene_noise(&s, FLOOR_RMS, &rng);
  score_scene(&s, &score);
  scene_clear(&s);
  return score;
}

static void print_roll(FILE* out, const char* kind, double rate, const char* drum,
                       const roll_score* score) {
  fprintf(out, "| %s | %.0f | %s | %zu |", kind, rate, drum, score->class[0].references);
  for (int w = 0; w < 3; w++)
    cell(out, "%.3f", tally_f(score->class[w]));
  cell(out, "%.3f", tally_precision(score->class[0]));
  cell(out, "%.3f", tally_recall(score->class[0]));
  cell(out, "%.3f", tally_f(score->any[0]));
  cell(out, "%+.2f", values_quantile(&score->errors_ms, 0.5));
  cell(out, "%.2f", values_robust_sd(&score->errors_ms));
  fputc('\n', out);
}

void score_rolls(const render_options* o) {
  dt_synthkit* kit = kit_new(SCENE_RATE, o->seed + 1);
  fprintf(o->out,
          "\n## Rolls\n\n%d rolls of %.0f s of each drum and rate; each stroke early or late by "
          "%.0f %% of the interval (SD, at most %.0f ms), velocities 60 to 100 by roll, SD 6; of "
          "doubles the second stroke is softer (0.8) and 5 %% of the interval late. Noise %.0f dB "
          "under full scale. F with the right class; *any*: whatever the drum.\n\n"
          "| strokes | a second | drum | strokes | F 20 ms | F 10 ms | F 5 ms | P 20 | R 20 | any, "
          "F 20 ms | median ms | robust SD ms |\n| --- | --- | --- | --- | --- | --- | --- | --- | "
          "--- | --- | --- | --- |\n",
          ROLLS, ROLL_S, 100 * SCATTER, 1e3 * SCATTER_MOST, -20 * log10(FLOOR_RMS));
  static const double rates[2][5] = {{8, 12, 16, 18, 20}, {8, 10, 12, 14, 16}};
  static const char* const kinds[2] = {"single", "double"};
  for (int k = 0; k < 2; k++)
    for (int r = 0; r < 5; r++) {
      tally sum = {0};
      for (size_t d = 0; d < ROLLED; d++) {
        roll_score score = roll_of(o, kit, rolled[d], rates[k][r], k == 1);
        print_roll(o->out, kinds[k], rates[k][r], dt_drum_name(rolled[d]), &score);
        tally_add(&sum, score.class[0]);
        values_clear(&score.errors_ms);
      }
      if (r == 4)
        summary_add(o->goals,
                    k == 0 ? "rolls, single strokes at 20 a second: F 20 ms"
                           : "rolls, double strokes at 16 a second: F 20 ms",
                    tally_f(sum), GOAL_ABOVE, 0.95, 3, "", "");
    }
  dt_synthkit_free(kit);
}

/* ---- flams ---- */

#define FLAMS       30
#define FLAM_GAP_S  1.0
#define FLAM_NEAR_S 0.005

static void flams_of(const render_options* o, const dt_synthkit* kit, dt_drum drum, double apart_s,
                     tally* sum) {
  dt_rng rng = dt_rng_seeded(o->seed, (uint64_t)(2000 + 1e3 * apart_s));
  scene s = scene_new((FLAMS + 1) * FLAM_GAP_S, SCENE_RATE);
  for (int i = 0; i < FLAMS; i++) {
    double at_s = (i + 0.5) * FLAM_GAP_S + 0.01 * dt_rng_uniform(&rng);
    scene_stroke(&s, kit, drum, at_s, 55 + 10 * dt_rng_normal(&rng));
    scene_stroke(&s, kit, drum, at_s + apart_s, 100 + 8 * dt_rng_normal(&rng));
  }
  scene_end(&s);
  scene_noise(&s, FLOOR_RMS, &rng);
  heard found = {0};
  hits same = {0};
  hear_samples(s.samples, s.count, s.rate_hz, 4096, &found);
  hits_of_class(&found.strokes, class_of(drum), &same);
  size_t pair[2 * FLAMS];
  tally any = {match(&s.truth, &found.strokes, FLAM_NEAR_S, 0, NULL), s.truth.count,
               found.strokes.count};
  tally right = {match(&s.truth, &same, FLAM_NEAR_S, 0, pair), s.truth.count, same.count};
  int both = 0;
  for (int i = 0; i < FLAMS; i++)
    both += pair[2 * i] != SIZE_MAX && pair[2 * i + 1] != SIZE_MAX;
  fprintf(o->out, "| %.0f | %s | %d | %d |", 1e3 * apart_s, dt_drum_name(drum), FLAMS, both);
  cell(o->out, "%.3f", tally_f(right));
  cell(o->out, "%.3f", tally_precision(right));
  cell(o->out, "%.3f", tally_recall(right));
  cell(o->out, "%.3f", tally_f(any));
  fputc('\n', o->out);
  tally_add(sum, right);
  hits_clear(&same);
  heard_clear(&found);
  scene_clear(&s);
}

void score_flams(const render_options* o) {
  dt_synthkit* kit = kit_new(SCENE_RATE, o->seed + 2);
  static const double apart_s[] = {0.010, 0.015, 0.020, 0.030, 0.040, 0.060};
  fprintf(o->out,
          "\n## Flams\n\n%d of each, grace note about 55, main note about 100, noise as above. F "
          "at %.0f ms with the right class; *both*: flams of which both strokes were heard.\n\n"
          "| apart ms | drum | flams | both | F 5 ms | P | R | any, F 5 ms |\n| --- | --- | --- | "
          "--- | --- | --- | --- | --- |\n",
          FLAMS, 1e3 * FLAM_NEAR_S);
  for (size_t a = 0; a < sizeof apart_s / sizeof apart_s[0]; a++) {
    tally sum = {0};
    for (size_t d = 0; d < ROLLED; d++)
      flams_of(o, kit, rolled[d], apart_s[a], &sum);
    char what[64];
    snprintf(what, sizeof what, "flams %.0f ms apart: F 5 ms", 1e3 * apart_s[a]);
    if (apart_s[a] >= 0.015)
      summary_add(o->goals, what, tally_f(sum), GOAL_ABOVE, 0.9, 3, "", "");
  }
  dt_synthkit_free(kit);
}

/* ---- chords ---- */

#define CHORDS     12 /* of each pair, distance and order */
#define CHORD_S    1.2
#define CHORD_NEAR 0.030

static const dt_drum chords[][2] = {
    {DT_KICK, DT_HIHAT_CLOSED}, {DT_KICK, DT_RIDE},          {DT_KICK, DT_CRASH},
    {DT_KICK, DT_SNARE},        {DT_SNARE, DT_HIHAT_CLOSED}, {DT_SNARE, DT_CRASH},
    {DT_SNARE, DT_RIDE},        {DT_TOM_LOW, DT_KICK},       {DT_HIHAT_PEDAL, DT_RIDE}};
static const double chord_gaps_s[] = {0, 0.002, 0.005, 0.010, 0.015, 0.020, 0.025};
#define PAIRS (sizeof chords / sizeof chords[0])
#define GAPS  (sizeof chord_gaps_s / sizeof chord_gaps_s[0])

typedef struct chord_score {
  values errors_ms[2]; /* of the first and the second drum of the pair, or struck */
  tally drums[2];
  size_t shared;
  size_t extra;
} chord_score;

static void chord_score_clear(chord_score* c) {
  values_clear(&c->errors_ms[0]);
  values_clear(&c->errors_ms[1]);
}

static void judge_drum(const scene* s, const heard* found, dt_drum drum, bool by_order,
                       chord_score* c, int which) {
  hits truth = {0};
  hits same = {0};
  hits_of_class(&s->truth, class_of(drum), &truth);
  hits_of_class(&found->strokes, class_of(drum), &same);
  size_t* pair = malloc((truth.count + 1) * sizeof *pair);
  if (pair == NULL)
    exit(1);
  size_t matched = match(&truth, &same, CHORD_NEAR, 0, pair);
  for (size_t i = 0; i < truth.count; i++) {
    /* Orders alternate from chord to chord: which was struck first? */
    int slot = by_order ? (which + (int)i) % 2 : which;
    c->drums[slot].references++;
    if (pair[i] == SIZE_MAX)
      continue;
    const hit* h = &same.items[pair[i]];
    c->drums[slot].matched++;
    c->shared += h->is_shared;
    values_add(&c->errors_ms[slot], 1e3 * (h->at_s - truth.items[i].at_s));
  }
  c->extra += same.count - matched;
  free(pair);
  hits_clear(&truth);
  hits_clear(&same);
}

static void chords_of(const render_options* o, const dt_synthkit* kit, const dt_drum* drums,
                      double gap_s, chord_score* by_pair, chord_score* by_gap) {
  dt_rng rng = dt_rng_seeded(o->seed, (uint64_t)(3000 + 1e3 * gap_s));
  scene s = scene_new((2 * CHORDS + 1) * CHORD_S, SCENE_RATE);
  for (int i = 0; i < 2 * CHORDS; i++) {
    double at_s = (i + 0.5) * CHORD_S + 0.01 * dt_rng_uniform(&rng);
    for (int d = 0; d < 2; d++) {
      bool is_second = d != i % 2;
      scene_stroke(&s, kit, drums[d], at_s + (is_second ? gap_s : 0),
                   85 + 15 * dt_rng_normal(&rng));
    }
  }
  scene_end(&s);
  scene_noise(&s, FLOOR_RMS, &rng);
  heard found = {0};
  hear_samples(s.samples, s.count, s.rate_hz, 4096, &found);
  for (int d = 0; d < 2; d++) {
    judge_drum(&s, &found, drums[d], false, by_pair, d);
    judge_drum(&s, &found, drums[d], true, by_gap, d);
  }
  heard_clear(&found);
  scene_clear(&s);
}

static void print_chord(FILE* out, const char* name, const chord_score* c) {
  fprintf(out, "| %s | %zu |", name, c->drums[0].references);
  for (int d = 0; d < 2; d++) {
    cell(out, "%.0f %%", 100 * tally_recall(c->drums[d]));
    cell(out, "%+.2f", values_quantile(&c->errors_ms[d], 0.5));
    cell(out, "%.2f", values_robust_sd(&c->errors_ms[d]));
    cell(out, "%+.2f", values_quantile(&c->errors_ms[d], 0.05));
    cell(out, "%+.2f", values_quantile(&c->errors_ms[d], 0.95));
  }
  size_t matched = c->drums[0].matched + c->drums[1].matched;
  cell(out, "%.0f %%", matched > 0 ? 100 * (double)c->shared / (double)matched : (double)NAN);
  fprintf(out, " %zu |\n", c->extra);
}

void score_chords(const render_options* o) {
  dt_synthkit* kit = kit_new(SCENE_RATE, o->seed + 3);
  static chord_score by_pair[PAIRS];
  static chord_score by_gap[GAPS];
  memset(by_pair, 0, sizeof by_pair);
  memset(by_gap, 0, sizeof by_gap);
  for (size_t p = 0; p < PAIRS; p++)
    for (size_t g = 0; g < GAPS; g++)
      chords_of(o, kit, chords[p], chord_gaps_s[g], &by_pair[p], &by_gap[g]);
  fprintf(
      o->out,
      "\n## Two drums nearly at once\n\n%d chords of each pair and distance, each order half "
      "of them, velocities 85, SD 15. *Found*: heard with the right class within %.0f ms. "
      "*Shared*: strokes that the ear says have the time of the blow. *Extra*: of the two "
      "classes.\n\n| distance ms | chords | first found | median ms | robust SD ms | 5 %% ms | "
      "95 %% ms | second found | median ms | robust SD ms | 5 %% ms | 95 %% ms | shared | extra "
      "|\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- "
      "|\n",
      2 * CHORDS, 1e3 * CHORD_NEAR);
  char name[80];
  for (size_t g = 0; g < GAPS; g++) {
    snprintf(name, sizeof name, "%.0f", 1e3 * chord_gaps_s[g]);
    print_chord(o->out, name, &by_gap[g]);
    chord_score_clear(&by_gap[g]);
  }
  fprintf(
      o->out,
      "\nBy pair, all distances:\n\n| pair | chords | first drum found | median ms | robust SD "
      "ms | 5 %% ms | 95 %% ms | second drum found | median ms | robust SD ms | 5 %% ms | 95 %% "
      "ms | shared | extra |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | "
      "--- | --- | --- | --- |\n");
  for (size_t p = 0; p < PAIRS; p++) {
    snprintf(name, sizeof name, "%s, %s", dt_drum_name(chords[p][0]), dt_drum_name(chords[p][1]));
    print_chord(o->out, name, &by_pair[p]);
    chord_score_clear(&by_pair[p]);
  }
  dt_synthkit_free(kit);
}
