#ifndef DT_BENCH_TAKES_H
#define DT_BENCH_TAKES_H

#include <stdbool.h>

#include "dt/stroke.h"
#include "score.h"

/*
 * Folders in the takes format: NAME.flac with NAME.strokes.csv.
 */
typedef struct folder {
  char** paths; /* of the sounds, sorted */
  size_t count;
} folder;

bool folder_read(folder* f, const char* path);
void folder_clear(folder* f);

/* The five classes scored, and any stroke at all. */
enum { CLASS_KICK, CLASS_SNARE, CLASS_HIHAT, CLASS_TOMS, CLASS_CYMBALS, CLASS_COUNT };
extern const char* const class_names[CLASS_COUNT];

/* CLASS_COUNT for a drum outside the five (cowbell, tambourine, clap, other). */
int class_of(dt_drum drum);

/* Strokes by class, and all together (sorted). */
typedef struct heard {
  times any;
  times by_class[CLASS_COUNT];
} heard;

void heard_add(heard* h, double time_s, dt_drum drum, double velocity);
void heard_sort(heard* h);
void heard_clear(heard* h);

/* The truth beside a sound. */
bool truth_read(heard* truth, const char* sound_path);

#endif
