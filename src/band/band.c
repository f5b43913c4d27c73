#include "band_internal.h"
#include "dt/arena.h"

#include "dt/rt_poison.h" /* last: see there */

#define JUMP_MOST_S 2 /* a longer one is a new beginning of the device's count */

static uint32_t power_of_two_from(int count) {
  uint32_t power = 1;
  while (power < (uint32_t)count)
    power *= 2;
  return power;
}

static void take_voices(dt_arena* arena, dt__voices* voices, int limit) {
  voices->limit = limit;
  voices->slot_count = limit + DT__FADE_SLOTS;
  voices->slots = dt_arena_take(arena, (size_t)voices->slot_count, sizeof *voices->slots);
  voices->ahead = dt_arena_take(arena, (size_t)voices->slot_count, DT__AHEAD * sizeof(float));
}

static void clear_voices(dt__voices* voices) {
  for (int i = 0; i < voices->slot_count; i++)
    voices->slots[i] = (dt__voice){.ahead = voices->ahead + (size_t)i * DT__AHEAD};
}

static dt_band* lay_out(dt_arena* arena, dt_band* measured) {
  dt_band* block = dt_arena_take(arena, 1, sizeof *block);
  dt_band* band = block ? block : measured;
  if (block)
    *block = *measured;
  const size_t commands = (size_t)band->config.commands;
  const size_t events = (size_t)band->config.events;
  dt__commands* c = &band->commands;
  c->slots = dt_arena_take(arena, commands, sizeof *c->slots);
  c->unused = dt_arena_take(arena, commands, sizeof *c->unused);
  c->pending = dt_arena_take(arena, commands, sizeof *c->pending);
  c->waiting = dt_arena_take(arena, commands, sizeof *c->waiting);
  band->events = dt_arena_take(arena, events, sizeof *band->events);
  band->midi = dt_arena_take(arena, events, sizeof *band->midi);
  take_voices(arena, &band->click_voices, DT__CLICK_VOICES);
  take_voices(arena, &band->drum_voices, band->config.voices);
  dt__sounds_layout(&band->sounds, arena, band->config.rate_hz);
  return block;
}

static void set_up(dt_band* band) {
  const int rate_hz = band->config.rate_hz;
  const dt_band_bars always = {.on = 1};
  for (int i = 0; i < band->config.commands; i++)
    band->commands.unused[i] = band->config.commands - 1 - i;
  band->commands.unused_count = band->config.commands;
  clear_voices(&band->click_voices);
  clear_voices(&band->drum_voices);
  band->fade = (dt_frame)(DT__FADE_S * rate_hz);
  band->choke = (dt_frame)(DT__CHOKE_S * rate_hz);
  band->click = dt_band_click_default();
  band->click_turn = dt__turn_of(&always);
  band->drums_turn = dt__turn_of(&always);
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    band->drum_gain[d] = 1;
  for (int b = 0; b < DT_BAND_BUS_COUNT; b++)
    band->levels[b] = dt__level_at(0);
  dt__sounds_render(&band->sounds, rate_hz);
}

static void release(dt_band* band) {
  const dt_allocator own = band->allocator;
  dt_ring_free(band->ring);
  dt_synthkit_free(band->kit);
  dt_release(band->has_allocator ? &own : NULL, band, band->block_size);
}

dt_status dt_band_new(dt_band** band, const dt_allocator* allocator, const dt_band_config* config) {
  *band = NULL;
  if (!dt__config_fits(config))
    return DT_BAD_ARGUMENT;
  dt_band plan = {.has_allocator = allocator != NULL, .config = *config};
  if (allocator)
    plan.allocator = *allocator;
  plan.config.commands = (int)power_of_two_from(config->commands);
  dt_arena arena = dt_arena_measure();
  (void)lay_out(&arena, &plan);
  plan.block_size = arena.used;
  void* block = dt_alloc(allocator, plan.block_size);
  if (!block)
    return DT_NO_MEMORY;
  arena = dt_arena_over(block, plan.block_size);
  dt_band* made = lay_out(&arena, &plan);
  made->ring =
      dt_ring_new(allocator, (uint32_t)plan.config.commands, (uint32_t)sizeof(dt_band_command));
  made->kit = config->has_kit ? dt_synthkit_new(allocator, config->rate_hz, config->seed) : NULL;
  if (!made->ring || (config->has_kit && !made->kit)) {
    release(made);
    return DT_NO_MEMORY;
  }
  set_up(made);
  *band = made;
  return DT_OK;
}

void dt_band_free(dt_band* band) {
  if (band)
    release(band);
}

/* The music keeps its place in frames; what falls in between is told, not heard. */
static void skip_to(dt_band* band, dt_frame position) {
  band->skipping = true;
  for (;;) {
    const dt_frame next = dt__player_next(band);
    if (next >= position)
      break;
    dt__player_step(band);
  }
  band->skipping = false;
  band->now = position;
  dt__voices_sweep(&band->click_voices, position);
  dt__voices_sweep(&band->drum_voices, position);
}

static void shift_to(dt_band* band, dt_frame position) {
  const dt_frame by = position - band->now;
  band->music.clock.moment += dt__moment_of_frame(by);
  band->music.origin += by;
  for (int b = 0; b < DT_BAND_BUS_COUNT; b++) {
    band->levels[b].start += by;
    band->levels[b].cut += by;
  }
  dt__voices_shift(&band->click_voices, by);
  dt__voices_shift(&band->drum_voices, by);
  band->next_known = false;
  band->now = position;
}

static void meet(dt_band* band, dt_frame position) {
  if (!band->began) {
    band->began = true;
    band->now = position;
    return;
  }
  const dt_frame by = position - band->now;
  if (by == 0)
    return;
  band->counters.discontinuities++;
  if (by > 0 && by <= (dt_frame)JUMP_MOST_S * band->config.rate_hz)
    skip_to(band, position);
  else
    shift_to(band, position);
}

void dt_band_process(dt_band* band, dt_frame position, float* const* out, size_t frames) {
  const dt_frame end = position + (dt_frame)frames;
  band->event_count = 0;
  band->midi_count = 0;
  band->block_start = position;
  meet(band, position);
  dt__commands_collect(band);
  for (;;) {
    const dt_frame command = dt__commands_next(band);
    const dt_frame music = dt__player_next(band);
    const dt_frame next = command <= music ? command : music;
    if (next >= end)
      break;
    dt__sound_render(band, next, out);
    if (command <= music)
      dt__commands_run(band);
    else
      dt__player_step(band);
  }
  dt__sound_render(band, end, out);
}
