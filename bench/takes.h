#ifndef DT_BENCH_TAKES_H
#define DT_BENCH_TAKES_H

#include <stdbool.h>

#include "dt/error.h"
#include "score.h"

/*
 * Folders in the takes format: NAME.flac (or .wav) with NAME.strokes.csv.
 */
typedef struct folder {
  char** names;  /* of the takes, sorted: without folder and ending */
  char** sounds; /* paths; NULL where there is only a list of strokes */
  char** truths; /* paths */
  size_t count;
} folder;

/* False when it cannot be opened or holds no list of strokes. */
bool folder_read(folder* f, const char* path);
void folder_clear(folder* f);

/* A list of strokes in the takes format, sorted. On failure false, and error says why. */
bool strokes_read(hits* list, const char* path, dt_error* error);
/* FOLDER/NAME.strokes.csv, times to the nanosecond; false when it cannot be written. */
bool strokes_write(const hits* list, const char* folder_path, const char* name);

/* The five classes that are scored. The first three are those of idmt. */
enum { CLASS_KICK, CLASS_SNARE, CLASS_HIHAT, CLASS_TOMS, CLASS_CYMBALS, CLASS_COUNT };
extern const char* const class_names[CLASS_COUNT];

/* CLASS_COUNT for a drum outside the five (cowbell, tambourine, clap, other). */
int class_of(dt_drum drum);

/* The twelve drums that the ear names, by the names of twelve_names: rimshots and brushes are
 * snare, splash and china crash. TWELVE for one that is none of them, as a hi-hat of which the
 * truth does not say whether it is open. */
#define TWELVE 12
extern const char* const twelve_names[TWELVE];
int twelve_of(dt_drum drum);

/* Those of a class; those of the twelve. Both keep the order. */
void hits_of_class(const hits* list, int class, hits* out);
void hits_of_twelve(const hits* list, int drum, hits* out);

#endif
