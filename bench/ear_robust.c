/* Sound that is no drum, broken sound, and sound of all shapes. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "ear_hear.h"
#include "ear_scene.h"
#include "renders.h"
#include "takes.h"

#define SURE 0.5 /* a stroke of that confidence is claimed */

static void* must(void* block) {
  if (block == NULL)
    exit(1);
  return block;
}

/* ---- what should not be heard ---- */

static size_t sure_strokes(const heard* found) {
  size_t sure = 0;
  for (size_t i = 0; i < found->strokes.count; i++)
    sure += found->strokes.items[i].confidence >= SURE;
  return sure;
}

/* Returns strokes a minute. */
static double print_empty(FILE* out, const char* name, const heard* found) {
  double minutes = found->length_s / 60;
  double per_minute = (double)found->strokes.count / minutes;
  double sum = 0;
  for (size_t i = 0; i < found->strokes.count; i++)
    sum += found->strokes.items[i].confidence;
  fprintf(out, "| %s | %.0f | %zu | %.1f | %.1f |", name, found->length_s, found->strokes.count,
          per_minute, (double)sure_strokes(found) / minutes);
  cell(out, "%.2f", found->strokes.count > 0 ? sum / (double)found->strokes.count : (double)NAN);
  cell(out, "%.1f", found->events > 0 ? (double)found->flags / minutes : (double)NAN);
  fprintf(out, " %s |\n", found->has_no_finite_time ? "**not finite**" : "finite");
  return per_minute;
}

static const char* const empty_head =
    "sound | s | strokes | a minute | surer than 0.5, a minute | mean confidence | flags a minute "
    "| numbers |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";

static double hear_and_print(FILE* out, const char* name, const scene* s) {
  heard found = {0};
  hear_samples(s->samples, s->count, s->rate_hz, 4096, &found);
  double per_minute = print_empty(out, name, &found);
  heard_clear(&found);
  return per_minute;
}

typedef void (*filler)(scene* s, dt_rng* rng);

static void fill_silence(scene* s, dt_rng* rng) {
  (void)s;
  (void)rng;
}

static void fill_dc(scene* s, dt_rng* rng) {
  (void)rng;
  for (size_t n = 0; n < s->count; n++)
    s->samples[n] = 0.5f;
}

static void fill_white(scene* s, dt_rng* rng) {
  scene_noise(s, 0.05, rng);
}
static void fill_loud_white(scene* s, dt_rng* rng) {
  scene_noise(s, 0.5, rng);
}
static void fill_quiet_white(scene* s, dt_rng* rng) {
  scene_noise(s, 0.00003, rng);
}

/* Three leaky sums of white noise: about -3 dB an octave. */
static void fill_pink(scene* s, dt_rng* rng) {
  static const double keep[3] = {0.997, 0.96, 0.6};
  static const double gain[3] = {0.05, 0.15, 0.5};
  double state[3] = {0};
  for (size_t n = 0; n < s->count; n++) {
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      state[k] = keep[k] * state[k] + gain[k] * dt_rng_normal(rng);
      sum += state[k];
    }
    s->samples[n] = (float)(0.05 * sum);
  }
}

static void fill_brown(scene* s, dt_rng* rng) {
  double state = 0;
  for (size_t n = 0; n < s->count; n++) {
    state = 0.999 * state + dt_rng_normal(rng);
    s->samples[n] = (float)(0.005 * state);
  }
}

static void fill_hum(scene* s, dt_rng* rng) {
  scene_noise(s, 0.001, rng);
  for (size_t n = 0; n < s->count; n++)
    for (int k = 1; k <= 9; k += 2)
      s->samples[n] += (float)(0.1 / k * sin(2 * DT_PI * 50 * k * (double)n / s->rate_hz));
}

static void fill_swelling(scene* s, dt_rng* rng) {
  for (size_t n = 0; n < s->count; n++)
    s->samples[n] = (float)(0.05 * (1 + 0.9 * sin(2 * DT_PI * 0.5 * (double)n / s->rate_hz)) *
                            dt_rng_normal(rng));
}

/* One note of partials with a plucked or a bowed beginning. */
static void add_note(scene* s, double at_s, double length_s, double hz, double loud, double rise_s,
                     double decay_s) {
  size_t first = (size_t)(at_s * s->rate_hz);
  size_t end = first + (size_t)(length_s * s->rate_hz);
  for (size_t n = first; n < end && n < s->count; n++) {
    double t = (double)(n - first) / s->rate_hz;
    double left = length_s - t;
    double level = loud * (1 - exp(-t / rise_s)) * exp(-t / decay_s) * fmin(1, left / 0.03);
    double sum = 0;
    for (int k = 1; k <= 8 && k * hz < 0.45 * s->rate_hz; k++)
      sum += sin(2 * DT_PI * k * hz * t + k) * exp(-t * k / (2 * decay_s)) / (k * k);
    s->samples[n] += (float)(level * sum);
  }
}

static double note_hz(int key) {
  return 440 * pow(2, (key - 69) / 12.0);
}

static void fill_bowed(scene* s, dt_rng* rng) {
  static const int scale[7] = {0, 2, 4, 5, 7, 9, 11};
  for (double at_s = 0.2; at_s < (double)s->count / s->rate_hz; at_s += 0.6)
    for (int voice = 0; voice < 3; voice++)
      add_note(s, at_s, 0.65, note_hz(48 + 12 * voice + scale[dt_rng_below(rng, 7)]), 0.1, 0.05, 2);
}

static void fill_plucked(scene* s, dt_rng* rng) {
  static const int scale[7] = {0, 2, 3, 5, 7, 8, 10};
  for (double at_s = 0.2; at_s < (double)s->count / s->rate_hz; at_s += 0.25) {
    add_note(s, at_s, 0.8, note_hz(57 + scale[dt_rng_below(rng, 7)]), 0.15, 0.003, 0.4);
    if (dt_rng_below(rng, 4) == 0)
      add_note(s, at_s, 1, note_hz(33 + scale[dt_rng_below(rng, 7)]), 0.25, 0.005, 0.6);
  }
}

/* Speech by espeak-ng, where it is installed, as a WAV of its own rate. */
static void hear_speech(const render_options* o) {
  static const char command[] =
      "espeak-ng --stdout -v en 'You are rushing. Play it again, from bar seventeen, and listen to "
      "the bass. Good players hear the room before they hear themselves. Count four beats and keep "
      "the time even when the music stops. Slower, please; now twice as fast; and once more, all "
      "together.' 2>/dev/null";
  FILE* pipe = system("command -v espeak-ng >/dev/null 2>&1") == 0 ? popen(command, "r") : NULL;
  if (pipe == NULL) {
    fputs("| speech: skipped, espeak-ng is not installed | | | | | | | |\n", o->out);
    return;
  }
  size_t capacity = (size_t)16 << 20;
  char* bytes = must(malloc(capacity));
  size_t size = fread(bytes, 1, capacity, pipe);
  pclose(pipe);
  heard found = {0};
  dt_error error = {0};
  if (hear_bytes(bytes, size, 4096, &found, &error))
    print_empty(o->out, "speech (espeak-ng)", &found);
  else
    fprintf(o->out, "| speech: %s | | | | | | | |\n", error.sentence);
  heard_clear(&found);
  free(bytes);
}

/* The recordings of DATA/noise, by kind. */
static void hear_noises(const render_options* o) {
  char path[1200];
  snprintf(path, sizeof path, "%s/noise/noise.csv", o->data != NULL ? o->data : "");
  FILE* file = o->data != NULL ? fopen(path, "r") : NULL;
  if (file == NULL) {
    fputs("| recorded noise: skipped, there is no DATA/noise | | | | | | | |\n", o->out);
    return;
  }
  char line[1024];
  char kind[64] = "";
  heard kind_sum = {0};
  for (bool has_line = true; has_line;) {
    char name[128] = "";
    char its_kind[64] = "";
    has_line = fgets(line, sizeof line, file) != NULL;
    if (has_line &&
        (sscanf(line, "%127[^,],%63[^,]", name, its_kind) != 2 || strcmp(name, "file") == 0))
      continue;
    if (strcmp(kind, its_kind) != 0) {
      if (kind_sum.length_s > 0)
        print_empty(o->out, kind, &kind_sum);
      heard_clear(&kind_sum);
      memcpy(kind, its_kind, sizeof kind);
    }
    if (!has_line)
      break;
    snprintf(path, sizeof path, "%s/noise/%s", o->data, name);
    double before_s = kind_sum.length_s;
    if (!hear_file(path, 4096, &kind_sum, NULL))
      fprintf(stderr, "%s: cannot be read\n", path);
    kind_sum.length_s += before_s;
  }
  heard_clear(&kind_sum);
  fclose(file);
}

/* An ear that has heard noise for long, and how far it has come. */
typedef struct tired {
  dt_ear* ear;
  dt_frame at;
} tired;

static void take_strokes(tired* t, heard* found) {
  dt_stroke stroke;
  dt_ear_event event;
  while (dt_ear_next(t->ear, &stroke))
    hits_add(&found->strokes, (hit){.at_s = stroke.time_s,
                                    .drum = stroke.drum,
                                    .velocity = (double)stroke.velocity,
                                    .confidence = (double)stroke.confidence});
  while (dt_ear_next_event(t->ear, &event)) {
    found->flags += event.stage == DT_EAR_FLAG;
    found->events++;
  }
}

/* Noise without end, made block by block. */
static tired tired_of_noise(double seconds, uint64_t seed, heard* found) {
  dt_rng rng = dt_rng_seeded(seed, 5001);
  tired t = {.ear = hear_new(NULL, SCENE_RATE, NULL)};
  if (t.ear == NULL)
    exit(1);
  float* block = must(malloc(DT_EAR_BLOCK_MAX * sizeof *block));
  const dt_frame total = (dt_frame)(seconds * SCENE_RATE);
  while (t.at < total) {
    for (size_t n = 0; n < DT_EAR_BLOCK_MAX; n++) /* uniform: this is long */
      block[n] = (float)(0.1 * (dt_rng_bits(&rng) / 4294967296.0 - 0.5));
    dt_ear_process(t.ear, block, DT_EAR_BLOCK_MAX, t.at);
    t.at += DT_EAR_BLOCK_MAX;
    take_strokes(&t, found);
  }
  free(block);
  found->length_s = seconds;
  return t;
}

static tired hear_long_noise(const render_options* o) {
  heard found = {0};
  tired t = tired_of_noise(o->noise_hours * 3600, o->seed, &found);
  char name[80];
  snprintf(name, sizeof name, "steady noise, %.2f h", o->noise_hours);
  print_empty(o->out, name, &found);
  heard_clear(&found);
  return t;
}

static tired score_empty(const render_options* o) {
  static const struct {
    const char* name;
    filler fill;
    bool is_steady;
  } sounds[] = {
      {"silence", fill_silence, true},
      {"direct current 0.5", fill_dc, true},
      {"white noise, -26 dB", fill_white, true},
      {"white noise, -6 dB", fill_loud_white, true},
      {"white noise, -90 dB", fill_quiet_white, true},
      {"pink noise", fill_pink, true},
      {"brown noise", fill_brown, true},
      {"hum of 50 Hz", fill_hum, true},
      {"noise that swells every 2 s", fill_swelling, true},
      {"music: bowed chords", fill_bowed, false},
      {"music: plucked melody and bass", fill_plucked, false},
  };
  fputs("\n## Sound without drums\n\nWhat is heard where nobody struck a drum.\n\n| ", o->out);
  fputs(empty_head, o->out);
  double most = 0;
  for (size_t i = 0; i < sizeof sounds / sizeof sounds[0]; i++) {
    dt_rng rng = dt_rng_seeded(o->seed, 4000 + i);
    scene s = scene_new(60, SCENE_RATE);
    sounds[i].fill(&s, &rng);
    double per_minute = hear_and_print(o->out, sounds[i].name, &s);
    if (sounds[i].is_steady)
      most = fmax(most, per_minute);
    scene_clear(&s);
  }
  hear_speech(o);
  hear_noises(o);
  tired after = hear_long_noise(o);
  summary_add(o->goals, "steady sounds without drums: most strokes a minute (own limit)", most,
              GOAL_AT_MOST, 6, 1, "", "0");
  return after;
}

/* ---- what should still be heard ---- */

#define GROOVE_S 16.0

static void print_groove(const render_options* o, const char* name, const heard* found,
                         const hits* truth) {
  tally any = {0};
  tally classes = {0};
  values errors_ms = {0};
  hits reference = {0};
  hits blows = {0};
  hits_pool(truth, 0.020, &reference);
  hits_pool(&found->strokes, 0.020, &blows);
  any = (tally){match(&reference, &blows, 0.025, 0, NULL), reference.count, blows.count};
  for (int c = 0; c < CLASS_COUNT; c++) {
    hits a = {0};
    hits b = {0};
    hits_of_class(truth, c, &a);
    hits_of_class(&found->strokes, c, &b);
    size_t* pair = must(malloc((a.count + 1) * sizeof *pair));
    tally_add(&classes, (tally){match(&a, &b, 0.020, 0, pair), a.count, b.count});
    for (size_t i = 0; i < a.count; i++)
      if (pair[i] != SIZE_MAX)
        values_add(&errors_ms, 1e3 * (b.items[pair[i]].at_s - a.items[i].at_s));
    free(pair);
    hits_clear(&a);
    hits_clear(&b);
  }
  fprintf(o->out, "| %s | %zu | %zu |", name, truth->count, found->strokes.count);
  cell(o->out, "%.3f", tally_f(any));
  cell(o->out, "%.3f", tally_f(classes));
  cell(o->out, "%+.2f", values_quantile(&errors_ms, 0.5));
  cell(o->out, "%.2f", values_robust_sd(&errors_ms));
  fprintf(o->out, " %s |\n", found->has_no_finite_time ? "**not finite**" : "finite");
  values_clear(&errors_ms);
  hits_clear(&reference);
  hits_clear(&blows);
}

static scene groove_at(const render_options* o, int rate_hz, double start_s) {
  dt_rng rng = dt_rng_seeded(o->seed, 6000);
  dt_rng noise = dt_rng_seeded(o->seed, 6001);
  dt_synthkit* kit = kit_new(rate_hz, o->seed + 4);
  scene s = scene_new(start_s + GROOVE_S + 1, rate_hz);
  scene_groove(&s, kit, start_s + 0.5, GROOVE_S, 110, &rng);
  scene_noise(&s, 0.001, &noise);
  dt_synthkit_free(kit);
  return s;
}

static void hear_groove(const render_options* o, const char* name, const scene* s) {
  heard found = {0};
  hear_samples(s->samples, s->count, s->rate_hz, 4096, &found);
  print_groove(o, name, &found, &s->truth);
  heard_clear(&found);
}

/* A WAV in memory, of 32-bit floats: mono, or the scene in one of several channels, or in all. */
static void hear_channels(const render_options* o, const scene* s, uint32_t channels,
                          bool is_in_all) {
  uint32_t data_size = (uint32_t)s->count * channels * 4;
  uint8_t* bytes = must(malloc(44 + data_size));
  uint32_t rate = (uint32_t)s->rate_hz;
  uint32_t fields[11] = {0x46464952,
                         36 + data_size,
                         0x45564157,
                         0x20746D66,
                         16,
                         3 | channels << 16,
                         rate,
                         rate * channels * 4,
                         (channels * 4) | 32u << 16,
                         0x61746164,
                         data_size};
  for (int f = 0; f < 11; f++)
    for (int b = 0; b < 4; b++)
      bytes[4 * f + b] = (uint8_t)(fields[f] >> (8 * b));
  for (size_t n = 0; n < s->count; n++)
    for (uint32_t c = 0; c < channels; c++) {
      float value = is_in_all || c == channels - 1 ? s->samples[n] : 0;
      uint32_t bits = 0;
      memcpy(&bits, &value, 4);
      for (int b = 0; b < 4; b++)
        bytes[44 + 4 * (n * channels + c) + (size_t)b] = (uint8_t)(bits >> (8 * b));
    }
  heard found = {0};
  dt_error error = {0};
  char name[80];
  snprintf(name, sizeof name, "%u channels, %s", channels, is_in_all ? "in all" : "in the last");
  if (hear_bytes(bytes, 44 + data_size, 4096, &found, &error))
    print_groove(o, name, &found, &s->truth);
  else
    fprintf(o->out, "| %s: %s | | | | | | |\n", name, error.sentence);
  heard_clear(&found);
  free(bytes);
}

static void scale_and_clip(scene* s, float gain) {
  for (size_t n = 0; n < s->count; n++)
    s->samples[n] = fminf(fmaxf(gain * s->samples[n], -1), 1);
}

/* Two seconds of broken numbers, which end three and a half before the groove. */
static void break_numbers(scene* s, const float* broken, size_t count) {
  for (size_t n = 0; n < 2 * (size_t)s->rate_hz; n++)
    s->samples[n] = broken[n % count];
}

/* The groove after the noise, as if it followed at once: what the noise has left in the ear. */
static void hear_groove_after(const render_options* o, const char* name, tired* t) {
  scene s = groove_at(o, SCENE_RATE, 0);
  heard found = {0};
  const double start_s = (double)t->at / SCENE_RATE;
  for (size_t n = 0; n < s.count; n += DT_EAR_BLOCK_MAX) {
    size_t part = s.count - n < DT_EAR_BLOCK_MAX ? s.count - n : DT_EAR_BLOCK_MAX;
    dt_ear_process(t->ear, s.samples + n, part, t->at);
    t->at += (dt_frame)part;
    take_strokes(t, &found);
  }
  dt_ear_finish(t->ear);
  take_strokes(t, &found);
  for (size_t i = 0; i < found.strokes.count; i++)
    found.strokes.items[i].at_s -= start_s;
  hits_sort(&found.strokes);
  print_groove(o, name, &found, &s.truth);
  heard_clear(&found);
  scene_clear(&s);
  dt_ear_free(t->ear);
}

static void score_shapes(const render_options* o, tired* after) {
  fprintf(o->out,
          "\n## One groove in all shapes\n\nThe same %.0f s of the own kit (kick, snare with "
          "ghost notes, hi-hat, toms, crash).\n\n| sound | strokes | heard | any, F 25 ms | "
          "classes, F 20 ms | median ms | robust SD ms | numbers |\n| --- | --- | --- | --- "
          "| --- | --- | --- | --- |\n",
          GROOVE_S);
  static const int rates_hz[] = {8000,  11025, 16000, 22050, 32000,
                                 44100, 48000, 88200, 96000, 192000};
  for (size_t r = 0; r < sizeof rates_hz / sizeof rates_hz[0]; r++) {
    char name[40];
    scene s = groove_at(o, rates_hz[r], 0);
    snprintf(name, sizeof name, "%d Hz", rates_hz[r]);
    hear_groove(o, name, &s);
    scene_clear(&s);
  }
  scene s = groove_at(o, SCENE_RATE, 0);
  for (uint32_t channels = 1; channels <= 8; channels *= 2)
    hear_channels(o, &s, channels, true);
  hear_channels(o, &s, 2, false);
  hear_channels(o, &s, 8, false);
  static const float gains[] = {0.01f, 0.1f, 4, 30};
  for (size_t g = 0; g < sizeof gains / sizeof gains[0]; g++) {
    char name[40];
    scene scaled = groove_at(o, SCENE_RATE, 0);
    scale_and_clip(&scaled, gains[g]);
    snprintf(name, sizeof name, "%+.0f dB, clipped at full scale", 20 * log10((double)gains[g]));
    hear_groove(o, name, &scaled);
    scene_clear(&scaled);
  }
  scene_clear(&s);
  s = groove_at(o, SCENE_RATE, 5);
  hear_groove(o, "after 5 s of quiet", &s);
  static const float no_numbers[] = {NAN, INFINITY, 0, -INFINITY};
  break_numbers(&s, no_numbers, 4);
  hear_groove(o, "after 2 s of NaN and infinity", &s);
  static const float huge[] = {FLT_MAX, -FLT_MAX, 1e30f, NAN, 0};
  break_numbers(&s, huge, 5);
  hear_groove(o, "after 2 s of 1e38, 1e30 and NaN", &s);
  scene_clear(&s);
  heard ignored = {0};
  tired rested = tired_of_noise(60, o->seed + 1, &ignored);
  heard_clear(&ignored);
  hear_groove_after(o, "after a minute of noise", &rested);
  char name[80];
  snprintf(name, sizeof name, "after %.2f h of noise", o->noise_hours);
  hear_groove_after(o, name, after);
}

void score_robustness(const render_options* o) {
  tired after = score_empty(o);
  score_shapes(o, &after);
}
