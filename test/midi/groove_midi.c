/* Reads the MIDI files named on standard input, one path a line, and prints what their notes are.
 * Fails when a file is refused or a note has no name. Run by groove_midi.sh. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/kitmap.h"

typedef struct totals {
  size_t files, refused, strokes, unnamed, clicks, chokes;
  size_t by_drum[DT_DRUM_COUNT];
  size_t by_kit[8];
  size_t openness_known;
  double seconds;
} totals;

static size_t kit_index(const dt_kitmap* map) {
  size_t index = 0;
  while (dt_kitmap_at(index) != map)
    ++index;
  return index;
}

static void add(totals* sum, const dt_take* take) {
  sum->strokes += take->strokes.count;
  sum->unnamed += take->ignored_notes;
  sum->clicks += take->has_click;
  sum->seconds += take->duration_s;
  for (size_t i = 0; i < take->strokes.count; ++i) {
    const dt_stroke* stroke = &take->strokes.items[i];
    ++sum->by_drum[stroke->drum];
    sum->openness_known += stroke->openness >= 0.0F;
    sum->chokes += stroke->choke_s > 0.0F;
  }
}

static bool read_whole(const char* path, dt_buffer* buffer) {
  FILE* file = fopen(path, "rb");
  if (file == NULL)
    return false;
  unsigned char block[65536];
  size_t count;
  bool ok = true;
  while (ok && (count = fread(block, 1, sizeof block, file)) > 0)
    ok = dt_sink_write(dt_buffer_sink(buffer), block, count) == DT_OK;
  fclose(file);
  return ok;
}

static void read_one(totals* sum, const char* path) {
  dt_buffer buffer = {.bytes = NULL};
  dt_smf smf = {.events = NULL};
  dt_take take = {.duration_s = 0.0};
  dt_error err = {.sentence = "cannot be read"};
  ++sum->files;
  if (!read_whole(path, &buffer) ||
      dt_smf_parse(&smf, NULL, buffer.bytes, buffer.size, &err) != DT_OK ||
      dt_take_from_smf(&take, NULL, &smf, dt_kitmap_guess(&smf)) != DT_OK) {
    ++sum->refused;
    fprintf(stderr, "%s: %s\n", path, err.sentence);
  } else {
    ++sum->by_kit[kit_index(dt_kitmap_guess(&smf))];
    add(sum, &take);
  }
  dt_take_clear(&take, NULL);
  dt_smf_clear(&smf, NULL);
  dt_buffer_clear(&buffer);
}

int main(void) {
  totals sum = {.files = 0};
  char path[4096];
  while (fgets(path, sizeof path, stdin) != NULL) {
    path[strcspn(path, "\n")] = '\0';
    read_one(&sum, path);
  }
  printf("files %zu, refused %zu, %.1f hours, with a click %zu\n", sum.files, sum.refused,
         sum.seconds / 3600, sum.clicks);
  printf("strokes %zu, without a name %zu, with hi-hat openness %zu, choked %zu\n", sum.strokes,
         sum.unnamed, sum.openness_known, sum.chokes);
  for (size_t i = 0; dt_kitmap_at(i) != NULL; ++i)
    printf("kit %-14s %6zu files\n", dt_kitmap_at(i)->name, sum.by_kit[i]);
  for (int drum = 0; drum < DT_DRUM_COUNT; ++drum)
    if (sum.by_drum[drum] > 0)
      printf("drum %-13s %6zu strokes\n", dt_drum_name((dt_drum)drum), sum.by_drum[drum]);
  return sum.files > 0 && sum.refused == 0 && sum.unnamed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
