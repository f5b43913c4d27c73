#include "spots_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/arena.h"

enum { BLOCK_MIN = 6, CELL_MIN = 4, SWEEPS_MAX = 60 };

bool dt__on_grid(const dt_mark* mark) {
  return mark->label == DT_LABEL_HIT && mark->order == 0 && isfinite(mark->tick) &&
         mark->bar_tick >= 0.0;
}

static int compare_size(size_t a, size_t b) {
  return (a > b) - (a < b);
}

static int by_tick(const void* a, const void* b) {
  const dt__spot* x = a;
  const dt__spot* y = b;
  if (x->tick != y->tick) {
    return x->tick < y->tick ? -1 : 1;
  }
  if (x->voice != y->voice) {
    return x->voice < y->voice ? -1 : 1;
  }
  return compare_size(x->mark, y->mark);
}

static int by_cell(const void* a, const void* b) {
  const dt__spot* x = a;
  const dt__spot* y = b;
  if (x->in_fill != y->in_fill) {
    return x->in_fill ? 1 : -1;
  }
  if (x->bar_tick != y->bar_tick) {
    return x->bar_tick < y->bar_tick ? -1 : 1;
  }
  if (x->voice != y->voice) {
    return x->voice < y->voice ? -1 : 1;
  }
  return by_tick(a, b);
}

static void gather(dt__spots* spots, const dt_marks* marks) {
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (!dt__on_grid(mark) || !isfinite(mark->own_ms)) {
      continue;
    }
    dt__spot* spot = &spots->items[spots->count++];
    memset(spot, 0, sizeof(*spot));
    spot->tick = floor(mark->tick + 0.5);
    spot->x_ms = mark->own_ms;
    spot->mark = i;
    spot->voice = mark->voice;
    spot->bar = mark->bar;
    spot->in_fill = mark->fill >= 0;
    spot->bar_tick = (int)floor(mark->bar_tick + 0.5);
  }
}

static void add_cell(dt__spots* spots, dt_voice voice, int bar_tick, bool in_fill) {
  dt__cell* cell = &spots->cells[spots->cell_count++];
  memset(cell, 0, sizeof(*cell));
  cell->voice = voice;
  cell->bar_tick = bar_tick;
  cell->in_fill = in_fill;
}

static size_t place_end(const dt__spots* spots, size_t first) {
  const dt__spot* place = &spots->items[first];
  size_t end = first + 1;
  while (end < spots->count && spots->items[end].voice == place->voice &&
         spots->items[end].bar_tick == place->bar_tick &&
         spots->items[end].in_fill == place->in_fill) {
    ++end;
  }
  return end;
}

/* Places by bar_tick, then voice; then one cell for all of a voice's rare places: what was played
 * once or twice is no habit, and its own mean would hide its scatter. */
static void number_cells(dt__spots* spots) {
  int rare[DT_VOICE_COUNT][2];
  bool is_rare[DT_VOICE_COUNT][2] = {{false}};
  qsort(spots->items, spots->count, sizeof(*spots->items), by_cell);
  for (size_t first = 0, end; first < spots->count; first = end) {
    const dt__spot* place = &spots->items[first];
    end = place_end(spots, first);
    const bool habit = end - first >= CELL_MIN;
    if (habit) {
      add_cell(spots, place->voice, place->bar_tick, place->in_fill);
    } else {
      is_rare[place->voice][place->in_fill] = true;
    }
    for (size_t i = first; i < end; ++i) {
      spots->items[i].cell = habit ? (int)spots->cell_count - 1 : -1;
    }
  }
  for (int k = 0; k < 2 * DT_VOICE_COUNT; ++k) {
    if (is_rare[k / 2][k % 2]) {
      rare[k / 2][k % 2] = (int)spots->cell_count;
      add_cell(spots, (dt_voice)(k / 2), DT__RARE, k % 2 != 0);
    }
  }
  for (size_t i = 0; i < spots->count; ++i) {
    dt__spot* spot = &spots->items[i];
    spot->cell = spot->cell < 0 ? rare[spot->voice][spot->in_fill] : spot->cell;
    ++spots->cells[spot->cell].count;
  }
}

/* Bars, joined with the next until they hold strokes enough to be a pulse. */
static void number_blocks(dt__spots* spots) {
  qsort(spots->items, spots->count, sizeof(*spots->items), by_tick);
  size_t in_block = 0;
  for (size_t i = 0; i < spots->count; ++i) {
    const bool new_bar = i > 0 && spots->items[i].bar != spots->items[i - 1].bar;
    if (i == 0 || (new_bar && in_block >= BLOCK_MIN)) {
      ++spots->block_count;
      in_block = 0;
    }
    ++in_block;
    spots->items[i].block = (int)spots->block_count - 1;
  }
  if (in_block < BLOCK_MIN && spots->block_count > 1) {
    --spots->block_count;
    for (size_t i = spots->count - in_block; i < spots->count; ++i) {
      spots->items[i].block = (int)spots->block_count - 1;
    }
  }
}

static void layout(dt__spots* spots, dt_arena* arena, size_t count) {
  spots->items = dt_arena_take(arena, count, sizeof(*spots->items));
  spots->cells = dt_arena_take(arena, count + 2 * DT_VOICE_COUNT, sizeof(*spots->cells));
  spots->block_ms = dt_arena_take(arena, count, sizeof(*spots->block_ms));
  spots->scratch = dt_arena_take(arena, 2 * (count + DT_VOICE_COUNT), sizeof(*spots->scratch));
}

dt_status dt__spots_make(dt__spots* spots, const dt_allocator* allocator, const dt_marks* marks) {
  memset(spots, 0, sizeof(*spots));
  if (marks->count == 0) {
    return DT_OK;
  }
  dt_arena arena = dt_arena_measure();
  layout(spots, &arena, marks->count);
  spots->memory_size = arena.used;
  spots->memory = dt_alloc(allocator, spots->memory_size);
  if (!spots->memory) {
    memset(spots, 0, sizeof(*spots));
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(spots->memory, spots->memory_size);
  layout(spots, &arena, marks->count);
  gather(spots, marks);
  if (spots->count > 0) {
    number_cells(spots);
    number_blocks(spots);
  }
  return DT_OK;
}

void dt__spots_clear(dt__spots* spots, const dt_allocator* allocator) {
  dt_release(allocator, spots->memory, spots->memory_size);
  memset(spots, 0, sizeof(*spots));
}

/* Means of x less the cells, by block. */
static void sweep_blocks(dt__spots* spots) {
  size_t first = 0;
  for (size_t b = 0; b < spots->block_count; ++b) {
    double sum = 0.0;
    size_t end = first;
    for (; end < spots->count && spots->items[end].block == (int)b; ++end) {
      const dt__spot* spot = &spots->items[end];
      sum += spot->x_ms - spots->cells[spot->cell].offset_ms;
    }
    spots->block_ms[b] = sum / (double)(end - first);
    first = end;
  }
}

/* Means of x less the blocks, by cell, centred; the largest step. */
static double sweep_cells(dt__spots* spots, double* sum) {
  double mean = 0.0;
  double step = 0.0;
  memset(sum, 0, spots->cell_count * sizeof(*sum));
  for (size_t i = 0; i < spots->count; ++i) {
    const dt__spot* spot = &spots->items[i];
    const double away = spot->x_ms - spots->block_ms[spot->block];
    sum[spot->cell] += away;
    mean += away;
  }
  mean /= (double)spots->count;
  for (size_t c = 0; c < spots->cell_count; ++c) {
    const double now = sum[c] / (double)spots->cells[c].count - mean;
    step = fmax(step, fabs(now - spots->cells[c].offset_ms));
    spots->cells[c].offset_ms = now;
  }
  return step;
}

void dt__spots_fit(dt__spots* spots) {
  if (spots->count == 0) {
    return;
  }
  for (int sweep = 0; sweep < SWEEPS_MAX; ++sweep) {
    sweep_blocks(spots);
    if (sweep_cells(spots, spots->scratch) < 1e-9) {
      break;
    }
  }
  sweep_blocks(spots);
  for (size_t i = 0; i < spots->count; ++i) {
    dt__spot* spot = &spots->items[i];
    spot->x_ms -= spots->block_ms[spot->block] + spots->cells[spot->cell].offset_ms;
  }
}

double dt__spot_with_pulse(const dt__spots* spots, size_t i) {
  const dt__spot* spot = &spots->items[i];
  return spot->x_ms + spots->block_ms[spot->block];
}
