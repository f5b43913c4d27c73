/*
 * The timing of every performance of the Groove MIDI Dataset, as a table: one line a take with at
 * least 64 judged strokes. scripts/groove_drummers.py asks it who played.
 *
 *   groove_drummers FOLDER > takes.csv      the data set, unpacked
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_field.h"
#include "dt/codec.h"
#include "dt/timekeeper.h"

enum { STROKES_MIN = 64, VOICE_MIN = 16 };

static void die(const char* what, const char* which) {
  fprintf(stderr, "groove_drummers: %s: %s\n", which, what);
  exit(1);
}

static void print_number(double x) {
  if (isfinite(x)) {
    printf(",%.4f", x);
  } else {
    printf(",");
  }
}

static void print_value(dt_estimate e) {
  print_number(e.known == DT_KNOWN ? e.value : (double)NAN);
}

static const dt_timing* timing_of(const dt_verdict* verdict, dt_voice voice) {
  for (size_t k = 0; k < verdict->voice_count; ++k) {
    if (verdict->voices[k].voice == voice) {
      return &verdict->voices[k].timing;
    }
  }
  return NULL;
}

/* How much later than its strokes on the beat a voice plays the eighths between, ms. */
static double between_beats_ms(const dt_take* take, const dt_verdict* verdict) {
  double sum[2] = {0};
  double count[2] = {0};
  const bool straight = verdict->subdivision.feel == DT_FEEL_STRAIGHT;
  for (size_t i = 0; straight && i < verdict->judged_count; ++i) {
    const dt_judged* judged = &verdict->judged[i];
    const dt_voice voice = dt_drum_voice(take->strokes.items[judged->stroke].drum);
    const double inside = judged->beat - floor(judged->beat);
    if (isnan(judged->asynchrony_ms) || (voice != DT_VOICE_HIHAT && voice != DT_VOICE_RIDE)) {
      continue;
    }
    const int which = fabs(inside - 0.5) < 0.01 ? 1 : inside < 0.01 || inside > 0.99 ? 0 : -1;
    if (which >= 0) {
      sum[which] += judged->asynchrony_ms;
      count[which] += 1.0;
    }
  }
  const bool enough = count[0] >= VOICE_MIN && count[1] >= VOICE_MIN;
  return enough ? sum[1] / count[1] - sum[0] / count[0] : (double)NAN;
}

static void print_take(const char* line, const dt_take* take, const dt_verdict* verdict) {
  char text[128];
  static const int FIELDS[] = {0, 1, 2, 3, 4, 6, 10};
  for (size_t k = 0; k < sizeof(FIELDS) / sizeof(FIELDS[0]); ++k) {
    csv_field(line, FIELDS[k], text, sizeof(text));
    printf("%s%s", k > 0 ? "," : "", text);
  }
  printf(",%zu", verdict->all.stroke_count);
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const dt_timing* timing = timing_of(verdict, (dt_voice)v);
    const bool enough = timing && timing->stroke_count >= VOICE_MIN;
    printf(",%zu", timing ? timing->stroke_count : 0);
    print_number(enough && timing->placement_ms.known == DT_KNOWN ? timing->placement_ms.value
                                                                  : (double)NAN);
    print_number(enough && timing->placement_ms.known == DT_KNOWN ? timing->placement_ms.low
                                                                  : (double)NAN);
    print_number(enough && timing->placement_ms.known == DT_KNOWN ? timing->placement_ms.high
                                                                  : (double)NAN);
    print_number(enough && timing->scatter_ms.known == DT_KNOWN ? timing->scatter_ms.value
                                                                : (double)NAN);
  }
  print_value(verdict->all.placement_ms);
  print_value(verdict->all.scatter_ms);
  print_value(verdict->all.drift_percent_per_min);
  print_number(verdict->slow_share);
  print_number(between_beats_ms(take, verdict));
  dt_beats beats;
  dt_timekeeper keeper;
  if (dt_beats_together(&beats, NULL, take, verdict) != DT_OK ||
      dt_timekeeper_click(&keeper, NULL, &beats) != DT_OK) {
    die("not enough memory", line);
  }
  print_value(keeper.correction);
  print_value(keeper.clock_ms);
  print_value(keeper.motor_ms);
  print_number(keeper.clock_ms.known == DT_NOT_TESTABLE ? 1.0 : 0.0);
  printf("\n");
  dt_beats_clear(&beats, NULL);
}

static void judge_file(const char* folder, const char* line) {
  char name[512];
  char path[1024];
  csv_field(line, 7, name, sizeof(name));
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  dt_take take;
  dt_error err;
  const dt_take_options options = {0};
  if (dt_take_load(&take, NULL, path, &options, &err) != DT_OK) {
    die(err.sentence, path);
  }
  const dt_judge_config config = dt_judge_default(&take);
  dt_verdict verdict;
  if (dt_judge(&verdict, NULL, &take, &config, &err) != DT_OK) {
    die(err.sentence, path);
  }
  if (verdict.all.stroke_count >= STROKES_MIN && verdict.all.placement_ms.known == DT_KNOWN) {
    print_take(line, &take, &verdict);
  }
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "groove_drummers: give the folder of the unpacked Groove MIDI Dataset\n");
    return 2;
  }
  char path[1024];
  snprintf(path, sizeof(path), "%s/info.csv", argv[1]);
  FILE* info = fopen(path, "r");
  if (!info) {
    die("no info.csv there", argv[1]);
  }
  printf("drummer,session,id,style,bpm,meter,split,strokes");
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const char* name = dt_voice_name((dt_voice)v);
    printf(",%s strokes,%s placement,%s low,%s high,%s scatter", name, name, name, name, name);
  }
  printf(",placement,scatter,drift,slow share,between beats,correction,clock,motor,not the "
         "model's\n");
  char line[2048];
  while (fgets(line, sizeof(line), info)) {
    if (strncmp(line, "drummer,", 8) != 0) {
      judge_file(argv[1], line);
    }
  }
  fclose(info);
  return 0;
}
