/*
 * The pulse as the lattice has it, before it is read: what train/fit_reading.py learns from.
 *
 *   bench_pulse_grid FILE...    MIDI, or strokes as CSV
 *
 * Of every file: "take PATH", for each stretch in four "run BEATS BEAT_S START END COUNT" and COUNT
 * lines "beat weight group" (beats of the stretch from its first on), and "beats COUNT" with their
 * times. This program has a dt__readings of its own in place of the one in src/pulse/reading.c: it
 * prints what it is given and reads nothing, so that the beats stay as they are.
 */
#include <stdio.h>
#include <string.h>

#include "../src/pulse/reading.h"
#include "dt/beats.h"
#include "dt/codec.h"
#include "dt/file.h"
#include "dt/strokes_csv.h"

size_t dt__readings(const dt__spot* spots, size_t count, const dt__read_span* span,
                    dt__reading* out) {
  (void)out;
  printf("run %.0f %.6f %d %d %zu\n", span->beats, span->beat_s, span->has_start, span->has_end,
         count);
  for (size_t k = 0; k < count; ++k) {
    printf("%.5f %.3f %d\n", spots[k].beat, (double)spots[k].weight, spots[k].group);
  }
  return 0;
}

static bool load(const char* path, dt_take* take, dt_error* err) {
  const char* end = strrchr(path, '.');
  memset(take, 0, sizeof(*take));
  if (!end || strcmp(end, ".csv") != 0) {
    return dt_take_load(take, NULL, path, NULL, err) == DT_OK;
  }
  dt_buffer text = {0};
  const bool ok = dt_file_read(&text, path, (size_t)16 << 20, err) == DT_OK &&
                  dt_strokes_parse_csv(&take->strokes, NULL, text.bytes, text.size, err) == DT_OK;
  dt_strokes_sort(&take->strokes);
  dt_buffer_clear(&text);
  return ok;
}

static int grid(const char* path) {
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track;
  dt_take take;
  dt_error err = {0};
  if (!load(path, &take, &err)) {
    fprintf(stderr, "bench_pulse_grid: %s: %s\n", path, err.sentence);
    return 1;
  }
  const dt_strokes* s = &take.strokes;
  const double end_s = s->count > 0 ? s->items[s->count - 1].time_s + 0.1 : 0.0;
  printf("take %s\n", path);
  if (dt_beat_track_find(&track, NULL, s->items, s->count, end_s, &config) != DT_OK) {
    fprintf(stderr, "bench_pulse_grid: %s: cannot be tracked\n", path);
    dt_take_clear(&take, NULL);
    return 1;
  }
  printf("beats %zu\n", track.beat_count);
  for (size_t k = 0; k < track.beat_count; ++k) {
    printf("%.4f\n", track.beats[k].time_s);
  }
  dt_beat_track_clear(&track, NULL);
  dt_take_clear(&take, NULL);
  return 0;
}

int main(int argc, char** argv) {
  int failed = argc < 2;
  if (failed) {
    fprintf(stderr, "bench_pulse_grid: FILE...\n");
  }
  for (int k = 1; k < argc; ++k) {
    failed |= grid(argv[k]);
  }
  return failed;
}
