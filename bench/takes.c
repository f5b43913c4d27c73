#include "takes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/file.h"
#include "dt/strokes_csv.h"

#define TRUTH_END ".strokes.csv"
#define TRUTH_MAX ((size_t)64 << 20)

const char* const class_names[CLASS_COUNT] = {"kick", "snare", "hihat", "toms", "cymbals"};
const char* const twelve_names[TWELVE] = {
    "kick",     "snare",   "cross_stick", "hihat_closed", "hihat_open", "hihat_pedal",
    "tom_high", "tom_mid", "tom_low",     "ride",         "ride_bell",  "crash"};

static int by_name(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

static char* joined(const char* folder_path, const char* name, const char* end) {
  size_t size = strlen(folder_path) + strlen(name) + strlen(end) + 2;
  char* text = malloc(size);
  if (text == NULL)
    exit(1);
  snprintf(text, size, "%s/%s%s", folder_path, name, end);
  return text;
}

static char* sound_of(const char* folder_path, const char* name) {
  static const char* const ends[] = {".flac", ".wav"};
  for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
    char* path = joined(folder_path, name, ends[e]);
    FILE* file = fopen(path, "rb");
    if (file != NULL) {
      fclose(file);
      return path;
    }
    free(path);
  }
  return NULL;
}

bool folder_read(folder* f, const char* path) {
  memset(f, 0, sizeof *f);
  DIR* dir = opendir(path);
  if (dir == NULL)
    return false;
  for (struct dirent* entry; (entry = readdir(dir)) != NULL;) {
    char* end = strstr(entry->d_name, TRUTH_END);
    if (end == NULL || end[strlen(TRUTH_END)] != '\0')
      continue;
    *end = '\0';
    f->names = realloc(f->names, (f->count + 1) * sizeof *f->names);
    char* name = malloc(strlen(entry->d_name) + 1);
    if (f->names == NULL || name == NULL)
      exit(1);
    f->names[f->count++] = strcpy(name, entry->d_name);
  }
  closedir(dir);
  if (f->count == 0)
    return false;
  qsort(f->names, f->count, sizeof *f->names, by_name);
  f->sounds = calloc(f->count, sizeof *f->sounds);
  f->truths = calloc(f->count, sizeof *f->truths);
  if (f->sounds == NULL || f->truths == NULL)
    exit(1);
  for (size_t i = 0; i < f->count; i++) {
    f->sounds[i] = sound_of(path, f->names[i]);
    f->truths[i] = joined(path, f->names[i], TRUTH_END);
  }
  return true;
}

void folder_clear(folder* f) {
  for (size_t i = 0; i < f->count; i++) {
    free(f->names[i]);
    free(f->sounds[i]);
    free(f->truths[i]);
  }
  free(f->names);
  free(f->sounds);
  free(f->truths);
  memset(f, 0, sizeof *f);
}

bool strokes_read(hits* list, const char* path, dt_error* error) {
  dt_buffer text = {0};
  dt_strokes strokes = {0};
  memset(list, 0, sizeof *list);
  bool is_read = dt_file_read(&text, path, TRUTH_MAX, error) == DT_OK &&
                 dt_strokes_parse_csv(&strokes, NULL, text.bytes, text.size, error) == DT_OK;
  for (size_t i = 0; is_read && i < strokes.count; i++) {
    const dt_stroke* s = &strokes.items[i];
    hits_add(list, (hit){.at_s = s->time_s,
                         .drum = s->drum,
                         .velocity = (double)s->velocity,
                         .confidence = (double)s->confidence});
  }
  hits_sort(list);
  dt_strokes_clear(&strokes, NULL);
  dt_buffer_clear(&text);
  return is_read;
}

bool strokes_write(const hits* list, const char* folder_path, const char* name) {
  char* path = joined(folder_path, name, TRUTH_END);
  FILE* file = fopen(path, "w");
  free(path);
  if (file == NULL)
    return false;
  fputs("time_s,drum,velocity,note,confidence\n", file);
  for (size_t i = 0; i < list->count; i++) {
    const hit* h = &list->items[i];
    fprintf(file, "%.9f,%s,%.1f,%d,%.3f\n", h->at_s, dt_drum_name(h->drum), h->velocity,
            dt_drum_gm_note(h->drum), h->confidence);
  }
  return fclose(file) == 0;
}

int class_of(dt_drum drum) {
  switch (drum) {
  case DT_KICK:
    return CLASS_KICK;
  case DT_SNARE:
  case DT_CROSS_STICK:
  case DT_RIMSHOT:
  case DT_SNARE_BRUSH:
    return CLASS_SNARE;
  case DT_HIHAT:
  case DT_HIHAT_CLOSED:
  case DT_HIHAT_OPEN:
  case DT_HIHAT_PEDAL:
    return CLASS_HIHAT;
  case DT_TOM_HIGH:
  case DT_TOM_MID:
  case DT_TOM_LOW:
    return CLASS_TOMS;
  case DT_RIDE:
  case DT_RIDE_BELL:
  case DT_CRASH:
  case DT_SPLASH:
  case DT_CHINA:
    return CLASS_CYMBALS;
  default:
    return CLASS_COUNT;
  }
}

int twelve_of(dt_drum drum) {
  switch (drum) {
  case DT_RIMSHOT:
  case DT_SNARE_BRUSH:
    drum = DT_SNARE;
    break;
  case DT_SPLASH:
  case DT_CHINA:
    drum = DT_CRASH;
    break;
  default:
    break;
  }
  for (int d = 0; d < TWELVE; d++)
    if (dt_drum_from_name(twelve_names[d]) == drum)
      return d;
  return TWELVE;
}

void hits_of_class(const hits* list, int class, hits* out) {
  for (size_t i = 0; i < list->count; i++)
    if (class_of(list->items[i].drum) == class)
      hits_add(out, list->items[i]);
}

void hits_of_twelve(const hits* list, int drum, hits* out) {
  for (size_t i = 0; i < list->count; i++)
    if (twelve_of(list->items[i].drum) == drum)
      hits_add(out, list->items[i]);
}
