#include "dt/tempo.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DEFAULT_US_PER_QUARTER 500000.0
#define US_PER_QUARTER_MIN     1.0
#define US_PER_QUARTER_MAX     6e8
#define TICK_MAX               ((dt_tick)1 << 53) /* from there a double no longer counts by one */

static const dt_tempo_change default_tempo = {.us_per_quarter = DEFAULT_US_PER_QUARTER};
static const dt_meter_change default_meter = {.meter = {4, 4}};

static bool is_tick(dt_tick tick) {
  return tick >= 0 && tick <= TICK_MAX;
}

/* A map knows its counts only; the room in its arrays is the power of two from there. */
static size_t room_for(size_t count) {
  size_t room = 0;
  while (room < count)
    room = room == 0 ? 4 : room * 2;
  return room;
}

/* The array with room for new_count items; NULL when there is no memory. */
static void* make_room(const dt_allocator* allocator, void* items, size_t count, size_t new_count,
                       size_t item_size) {
  const size_t old_room = room_for(count);
  const size_t new_room = room_for(new_count);
  if (new_room == old_room)
    return items;
  if (new_room > SIZE_MAX / item_size)
    return NULL;
  return dt_resize(allocator, items, old_room * item_size, new_room * item_size);
}

/* Number of changes at or before tick. */
static size_t tempi_until(const dt_tempo_map* map, double tick) {
  size_t low = 0;
  size_t high = map->tempo_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if ((double)map->tempi[at].tick <= tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

static size_t meters_until(const dt_tempo_map* map, double tick) {
  size_t low = 0;
  size_t high = map->meter_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if ((double)map->meters[at].tick <= tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

static void sum_from(dt_tempo_map* map, size_t first) {
  for (size_t i = first; i < map->tempo_count; ++i) {
    if (i == 0) {
      map->tempi[i].tick_us = 0.0;
      continue;
    }
    const dt_tempo_change* last = &map->tempi[i - 1];
    map->tempi[i].tick_us =
        last->tick_us + (double)(map->tempi[i].tick - last->tick) * last->us_per_quarter;
  }
}

dt_status dt_tempo_map_set_tempo(dt_tempo_map* map, const dt_allocator* allocator, dt_tick tick,
                                 double us_per_quarter) {
  if (!is_tick(tick) ||
      !(us_per_quarter >= US_PER_QUARTER_MIN && us_per_quarter <= US_PER_QUARTER_MAX))
    return DT_BAD_ARGUMENT;
  size_t at = tempi_until(map, (double)tick);
  if (at > 0 && map->tempi[at - 1].tick == tick) {
    map->tempi[at - 1].us_per_quarter = us_per_quarter;
    sum_from(map, at);
    return DT_OK;
  }
  const bool needs_first = map->tempo_count == 0 && tick > 0;
  const size_t count = map->tempo_count + (needs_first ? 2 : 1);
  dt_tempo_change* tempi = make_room(allocator, map->tempi, map->tempo_count, count, sizeof *tempi);
  if (tempi == NULL)
    return DT_NO_MEMORY;
  map->tempi = tempi;
  if (needs_first)
    tempi[at++] = default_tempo;
  else
    memmove(tempi + at + 1, tempi + at, (map->tempo_count - at) * sizeof *tempi);
  tempi[at] = (dt_tempo_change){.tick = tick, .us_per_quarter = us_per_quarter};
  map->tempo_count = count;
  sum_from(map, at);
  return DT_OK;
}

static bool is_meter(dt_meter meter) {
  const int d = meter.denominator;
  return meter.numerator >= 1 && meter.numerator <= 64 && d >= 1 && d <= 64 && (d & (d - 1)) == 0;
}

dt_status dt_tempo_map_set_meter(dt_tempo_map* map, const dt_allocator* allocator, dt_tick tick,
                                 dt_meter meter) {
  if (!is_tick(tick) || !is_meter(meter))
    return DT_BAD_ARGUMENT;
  size_t at = meters_until(map, (double)tick);
  if (at > 0 && map->meters[at - 1].tick == tick) {
    map->meters[at - 1].meter = meter;
    return DT_OK;
  }
  const bool needs_first = map->meter_count == 0 && tick > 0;
  const size_t count = map->meter_count + (needs_first ? 2 : 1);
  dt_meter_change* meters =
      make_room(allocator, map->meters, map->meter_count, count, sizeof *meters);
  if (meters == NULL)
    return DT_NO_MEMORY;
  map->meters = meters;
  if (needs_first)
    meters[at++] = default_meter;
  else
    memmove(meters + at + 1, meters + at, (map->meter_count - at) * sizeof *meters);
  meters[at] = (dt_meter_change){tick, meter};
  map->meter_count = count;
  return DT_OK;
}

void dt_tempo_map_clear(dt_tempo_map* map, const dt_allocator* allocator) {
  dt_release(allocator, map->tempi, room_for(map->tempo_count) * sizeof *map->tempi);
  dt_release(allocator, map->meters, room_for(map->meter_count) * sizeof *map->meters);
  *map = (dt_tempo_map){.ticks_per_quarter = map->ticks_per_quarter};
}

/* The tempo in force at a tick; before the start, the first one. */
static const dt_tempo_change* tempo_at(const dt_tempo_map* map, double tick) {
  if (map->tempo_count == 0)
    return &default_tempo;
  const size_t until = tempi_until(map, tick);
  return &map->tempi[until > 0 ? until - 1 : 0];
}

double dt_tempo_map_seconds(const dt_tempo_map* map, double tick) {
  assert(map->ticks_per_quarter >= 1);
  const dt_tempo_change* tempo = tempo_at(map, tick);
  const double tick_us = tempo->tick_us + (tick - (double)tempo->tick) * tempo->us_per_quarter;
  return tick_us / (1e6 * map->ticks_per_quarter);
}

double dt_tempo_map_ticks(const dt_tempo_map* map, double time_s) {
  assert(map->ticks_per_quarter >= 1);
  const double tick_us = time_s * (1e6 * map->ticks_per_quarter);
  if (map->tempo_count == 0)
    return tick_us / DEFAULT_US_PER_QUARTER;
  size_t low = 1; /* The first holds before the start as well. */
  size_t high = map->tempo_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (map->tempi[at].tick_us <= tick_us)
      low = at + 1;
    else
      high = at;
  }
  const dt_tempo_change* tempo = &map->tempi[low - 1];
  return (double)tempo->tick + (tick_us - tempo->tick_us) / tempo->us_per_quarter;
}

double dt_tempo_map_bpm(const dt_tempo_map* map, double tick) {
  return 6e7 / tempo_at(map, tick)->us_per_quarter;
}

dt_meter dt_tempo_map_meter(const dt_tempo_map* map, double tick) {
  if (map->meter_count == 0)
    return default_meter.meter;
  const size_t until = meters_until(map, tick);
  return map->meters[until > 0 ? until - 1 : 0].meter;
}
