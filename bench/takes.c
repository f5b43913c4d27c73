#include "takes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char* const class_names[CLASS_COUNT] = {"kick", "snare", "hihat", "toms", "cymbals"};

static int by_name(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

bool folder_read(folder* f, const char* path) {
  memset(f, 0, sizeof *f);
  DIR* dir = opendir(path);
  if (dir == NULL)
    return false;
  for (struct dirent* entry; (entry = readdir(dir)) != NULL;) {
    const char* end = strstr(entry->d_name, ".flac");
    if (end == NULL || end[5] != '\0')
      continue;
    size_t size = strlen(path) + strlen(entry->d_name) + 2;
    char* full = malloc(size);
    char** paths = realloc(f->paths, (f->count + 1) * sizeof *paths);
    if (full == NULL || paths == NULL)
      exit(1);
    snprintf(full, size, "%s/%s", path, entry->d_name);
    f->paths = paths;
    f->paths[f->count++] = full;
  }
  closedir(dir);
  if (f->count > 0)
    qsort(f->paths, f->count, sizeof *f->paths, by_name);
  return f->count > 0;
}

void folder_clear(folder* f) {
  for (size_t i = 0; i < f->count; i++)
    free(f->paths[i]);
  free(f->paths);
  memset(f, 0, sizeof *f);
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

void heard_add(heard* h, double time_s, dt_drum drum, double velocity) {
  times_add(&h->any, time_s, velocity);
  int class = class_of(drum);
  if (class < CLASS_COUNT)
    times_add(&h->by_class[class], time_s, velocity);
}

void heard_sort(heard* h) {
  times_sort(&h->any);
  for (int c = 0; c < CLASS_COUNT; c++)
    times_sort(&h->by_class[c]);
}

void heard_clear(heard* h) {
  times_clear(&h->any);
  for (int c = 0; c < CLASS_COUNT; c++)
    times_clear(&h->by_class[c]);
}

bool truth_read(heard* truth, const char* sound_path) {
  char path[1024];
  snprintf(path, sizeof path, "%.*s.strokes.csv", (int)strlen(sound_path) - 5, sound_path);
  FILE* file = fopen(path, "r");
  if (file == NULL)
    return false;
  memset(truth, 0, sizeof *truth);
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    char* rest = NULL;
    double time_s = strtod(line, &rest);
    if (rest == line || *rest != ',')
      continue; /* the heading */
    char* name = rest + 1;
    char* end = name + strcspn(name, ",\r\n");
    double velocity = *end == ',' ? strtod(end + 1, NULL) : 0;
    *end = '\0';
    heard_add(truth, time_s, dt_drum_from_name(name), velocity);
  }
  fclose(file);
  heard_sort(truth);
  return true;
}
