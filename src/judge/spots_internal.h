#ifndef DT_JUDGE_SPOTS_INTERNAL_H
#define DT_JUDGE_SPOTS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/marks.h"

/*
 * The main strokes that stand on the grid, in musical order, with the habit of each place taken
 * apart from the pulse around it.
 */
typedef struct dt__spot {
  double tick;
  double x_ms; /* own_ms; after dt__spots_fit less the local pulse and the habit: what is left */
  size_t mark; /* index into marks->items */
  dt_voice voice;
  int bar;
  int bar_tick;
  bool in_fill;
  int block; /* of bars next to each other that have strokes enough */
  int cell;  /* voice, bar_tick and in_fill: index into cells */
  int kind;  /* free for the caller, see dt__local_scatter */
} dt__spot;

enum { DT__RARE = -1 }; /* bar_tick of the cell of a voice's rare places */

/* A habit: what one voice does at one position of the bar, in fills apart from the groove. */
typedef struct dt__cell {
  dt_voice voice;
  int bar_tick;
  bool in_fill;
  size_t count;
  double offset_ms; /* against the blocks it is in; all spots average 0 */
} dt__cell;

typedef struct dt__spots {
  dt__spot* items; /* by tick, then voice, then mark */
  size_t count;
  dt__cell* cells; /* groove before fills, by bar_tick, then voice; the rare ones last */
  size_t cell_count;
  double* block_ms; /* mean of each block, habits taken out */
  size_t block_count;
  double* scratch; /* 2 * count */
  void* memory;
  size_t memory_size;
} dt__spots;

/* Gathers. Errors: DT_NO_MEMORY; *spots is then empty. */
dt_status dt__spots_make(dt__spots* spots, const dt_allocator* allocator,
                         const dt_marks* marks) DT_NODISCARD;
void dt__spots_clear(dt__spots* spots, const dt_allocator* allocator);

/* x = block + cell + rest by least squares, cells averaging 0 over the spots; x_ms becomes the
 * rest. */
void dt__spots_fit(dt__spots* spots);

/* The rest of a spot with the pulse around it still in. */
double dt__spot_with_pulse(const dt__spots* spots, size_t i);

/* A main stroke of a place that the music has. */
bool dt__on_grid(const dt_mark* mark);

#endif
