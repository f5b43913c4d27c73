#include <string.h>

#include "band_internal.h"

#include "dt/rt_poison.h" /* last: see there */

dt_status dt_band_put(dt_band* band, const dt_band_command* command) {
  if (!dt__command_fits(band, command))
    return DT_BAD_ARGUMENT;
  return dt_ring_write(band->ring, command) ? DT_OK : DT_TOO_LARGE;
}

static const dt_band_command* command_of(const dt_band* band, int slot) {
  return &band->commands.slots[slot].command;
}

/* After all of the same frame: they came earlier. */
static void insert_pending(dt_band* band, int slot) {
  dt__commands* c = &band->commands;
  const dt_frame at = command_of(band, slot)->at;
  int i = c->pending_count++;
  for (; i > 0 && command_of(band, c->pending[i - 1])->at > at; i--)
    c->pending[i] = c->pending[i - 1];
  c->pending[i] = slot;
}

void dt__commands_collect(dt_band* band) {
  dt__commands* c = &band->commands;
  while (c->unused_count > 0) {
    const int slot = c->unused[c->unused_count - 1];
    if (!dt_ring_read(band->ring, &c->slots[slot].command))
      return;
    c->unused_count--;
    insert_pending(band, slot);
  }
}

static void give_slot_back(dt_band* band, int slot) {
  band->commands.unused[band->commands.unused_count++] = slot;
}

static void drop(dt_band* band, int slot) {
  const dt_band_command* c = command_of(band, slot);
  band->counters.dropped++;
  if (c->kind == DT_BAND_START && c->start.song) {
    dt_band_event event = dt__event_at(band, DT_BAND_RELEASED, dt__moment_of_frame(band->now));
    event.song = c->start.song;
    dt__tell(band, &event);
  }
  give_slot_back(band, slot);
}

void dt__commands_forget(dt_band* band) {
  for (int i = 0; i < band->commands.waiting_count; i++)
    drop(band, band->commands.waiting[i]);
  band->commands.waiting_count = 0;
}

static void set_bars(dt_band* band, const dt_band_command* c) {
  dt__turn* turn = c->bars.bus == DT_BAND_CLICKS ? &band->click_turn : &band->drums_turn;
  *turn = dt__turn_of(&c->bars.bars);
}

static void set_level(dt_band* band, const dt_band_command* c) {
  dt_frame length = (dt_frame)((double)c->level.ramp_ms * band->config.rate_hz / 1000);
  if (length < band->fade)
    length = band->fade;
  dt__level* level = &band->levels[c->level.bus];
  if (c->level.cut)
    dt__level_cut(level, band->now, (double)c->level.db, band->fade);
  else
    dt__level_move(level, band->now, (double)c->level.db, length);
}

static void set_kit(dt_band* band, const dt_band_command* c) {
  band->muted = c->kit.muted;
  band->solo = c->kit.solo;
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    band->drum_gain[d] = dt__gain_of_db((double)c->kit.db[d]);
  for (int i = 0; i < band->drum_voices.slot_count; i++) {
    dt__voice* v = &band->drum_voices.slots[i];
    if (v->used && !dt__drum_sounds(band, v->stroke.drum))
      dt__voice_fade(v, band->now, band->fade);
  }
}

static void execute(dt_band* band, const dt_band_command* c, dt__moment moment) {
  switch (c->kind) {
  case DT_BAND_START:
    dt__player_start(band, &c->start, moment);
    break;
  case DT_BAND_STOP:
    dt__player_stop(band, moment);
    break;
  case DT_BAND_TEMPO:
    dt__player_tempo(band, c->tempo.bpm, c->tempo.ramp_bars, moment);
    break;
  case DT_BAND_METER: /* is set already */
    break;
  case DT_BAND_CLICK:
    band->click = c->click;
    dt__player_click(band);
    break;
  case DT_BAND_BARS:
    set_bars(band, c);
    break;
  case DT_BAND_LEVEL:
    set_level(band, c);
    break;
  case DT_BAND_KIT:
    set_kit(band, c);
    break;
  case DT_BAND_MIDI:
    dt__player_midi(band, c->midi_clock);
    break;
  case DT_BAND_COMMAND_COUNT:
    break;
  }
}

static void take(dt_band* band, int slot, bool late, dt__moment moment) {
  const dt_band_command* c = command_of(band, slot);
  dt_band_event event = dt__event_at(band, DT_BAND_TOOK, moment);
  event.command = c->kind;
  event.late = late;
  band->counters.late += late;
  dt__tell(band, &event);
  execute(band, c, moment);
  give_slot_back(band, slot);
}

/* A command whose frame has come: does it wait for a bar as well? */
static bool waits(const dt_band* band, const dt_band_command* c) {
  if (!band->music.playing)
    return false;
  return c->bar != DT_BAND_NOW || c->kind == DT_BAND_METER || c->kind == DT_BAND_BARS;
}

/* Without music there is no tempo, no metre and no numbered bar. */
static bool means_nothing(const dt_band* band, const dt_band_command* c) {
  if (c->kind == DT_BAND_METER && band->music.playing)
    return band->music.start.song != NULL;
  if (band->music.playing)
    return false;
  return c->bar >= 0 || c->kind == DT_BAND_TEMPO || c->kind == DT_BAND_METER ||
         c->kind == DT_BAND_STOP;
}

static void meet_frame(dt_band* band, int slot) {
  dt__commands* list = &band->commands;
  const dt_band_command* c = command_of(band, slot);
  const bool late = c->at < band->now;
  if (means_nothing(band, c)) {
    drop(band, slot);
    return;
  }
  if (waits(band, c)) {
    list->slots[slot].late = late || (c->bar >= 0 && c->bar <= band->music.bar);
    list->waiting[list->waiting_count++] = slot;
    return;
  }
  if (c->kind == DT_BAND_START || c->kind == DT_BAND_STOP)
    dt__commands_forget(band);
  take(band, slot, late, dt__moment_of_frame(band->now));
}

dt_frame dt__commands_next(const dt_band* band) {
  const dt__commands* c = &band->commands;
  if (c->pending_count == 0)
    return INT64_MAX;
  const dt_frame at = command_of(band, c->pending[0])->at;
  return at > band->now ? at : band->now;
}

void dt__commands_run(dt_band* band) {
  dt__commands* c = &band->commands;
  int done = 0;
  while (done < c->pending_count && command_of(band, c->pending[done])->at <= band->now)
    meet_frame(band, c->pending[done++]);
  c->pending_count -= done;
  memmove(c->pending, c->pending + done, (size_t)c->pending_count * sizeof *c->pending);
}

static bool is_due(const dt_band* band, const dt_band_command* c) {
  const dt__music* m = &band->music;
  if (m->fresh || (c->kind == DT_BAND_METER && m->bar < 0))
    return false;
  return c->bar < 0 || c->bar <= m->bar;
}

/* First of all, so that a ramp that begins here counts the bars that begin here. */
static void set_meter(dt_band* band) {
  for (int i = 0; i < band->commands.waiting_count; i++) {
    const dt_band_command* c = command_of(band, band->commands.waiting[i]);
    if (c->kind == DT_BAND_METER && is_due(band, c) && !means_nothing(band, c))
      band->music.meter = c->meter;
  }
}

void dt__commands_at_bar(dt_band* band, dt__moment moment) {
  dt__commands* list = &band->commands;
  set_meter(band);
  int kept = 0;
  for (int i = 0; i < list->waiting_count; i++) {
    const int slot = list->waiting[i];
    const dt_band_command* c = command_of(band, slot);
    if (!is_due(band, c)) {
      list->waiting[kept++] = slot;
      continue;
    }
    if (means_nothing(band, c)) {
      drop(band, slot);
      continue;
    }
    if (c->kind == DT_BAND_START || c->kind == DT_BAND_STOP)
      while (kept > 0)
        drop(band, list->waiting[--kept]);
    take(band, slot, list->slots[slot].late, moment);
  }
  list->waiting_count = kept;
  if (!band->music.playing)
    dt__commands_forget(band);
}
