#ifndef DT_TRACK_H
#define DT_TRACK_H

#include "lattice.h"
#include "reading.h"

/* A beat of the best path: what the smoother starts from. */
typedef struct dt__step {
  double frame;
  int segment;
  bool is_new; /* the tempo or the phase jumps here */
} dt__step;

/* The best path that ends in `last`, first beat first; the last one is the end of the segment that
 * goes on. *steps comes from the allocator, room for *capacity. */
dt_status dt__path(const dt__lattice* lattice, const dt__recorder* recorder, const dt__place* last,
                   const dt_allocator* allocator, dt__step** steps, size_t* count,
                   size_t* capacity) DT_NODISCARD;

/* Beats with their metre (index into dt_beat_meters). is_new: tempo or phase start afresh there. */
typedef struct dt__grid {
  dt_beat* beats;
  unsigned char* meter;
  bool* is_new;
  size_t count, capacity;
} dt__grid;

dt_status dt__grid_take(dt__grid* grid, size_t capacity,
                        const dt_allocator* allocator) DT_NODISCARD;
void dt__grid_release(dt__grid* grid, const dt_allocator* allocator);

/* How likely each octave and each place of "one" were found to be. */
typedef struct dt__choice {
  double octave_p[DT__READ_OCTAVES];
  int octave; /* the one that was taken, -2..2 */
  double one_p;
  bool is_known; /* the drums could be read */
  bool is_moved; /* beats stand elsewhere than before */
} dt__choice;

/* Reads the pulse anew where it is in four: at another octave, or with "one" elsewhere. The beats
 * have been placed by dt__smooth. */
dt_status dt__regroup(dt__grid* grid, const dt_beat_config* config, const dt_stroke* strokes,
                      size_t stroke_count, const dt_allocator* allocator,
                      dt__choice* choice) DT_NODISCARD;

/* Places the beats by the strokes: fills time_s, time_sd_s, bpm, bpm_sd of `count` beats, which
 * hold a first guess in time_s. is_new[k]: tempo and phase start afresh at beat k. */
dt_status dt__smooth(dt_beat* beats, const bool* is_new, size_t count, const dt_stroke* strokes,
                     size_t stroke_count, const dt_allocator* allocator) DT_NODISCARD;

/* Fills, feels and sections; meter[k] (index into dt_beat_meters), is_new[k] of every beat. */
dt_status dt__sections(dt_beat_track* track, const dt_allocator* allocator,
                       const unsigned char* meter, const bool* is_new, const dt_stroke* strokes,
                       size_t stroke_count) DT_NODISCARD;

#endif
