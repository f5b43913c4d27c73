#include <math.h>

#include "band_internal.h"
#include "dt/meter.h"

#include "dt/rt_poison.h" /* last: see there */

/* Comparisons that a NAN fails. */
static bool is_within(double x, double low, double high) {
  return x >= low && x <= high;
}

static bool is_bpm(double bpm) {
  return is_within(bpm, DT_BAND_BPM_MIN, DT_BAND_BPM_MAX);
}

static bool is_db(float db) {
  return is_within((double)db, (double)DT_BAND_SILENT_DB, (double)DT_BAND_LOUDEST_DB);
}

static bool is_meter(dt_meter m) {
  const int d = m.denominator;
  return m.numerator >= 1 && m.numerator <= 64 && d >= 1 && d <= 64 && (d & (d - 1)) == 0;
}

static bool is_start(const dt_band* band, const dt_band_start* s) {
  if (s->count_in_bars < 0 || s->count_in_bars > 2 || s->times < 0 ||
      (unsigned)s->count_style > DT_BAND_COUNT_CLASSIC)
    return false;
  if (!s->song)
    return is_bpm(s->bpm) && is_meter(s->meter);
  const int bars = dt_band_song_bars(s->song);
  if (s->first_bar < 0 || s->first_bar >= bars || s->bar_count < 0 ||
      s->bar_count > bars - s->first_bar)
    return false;
  if (s->bpm != 0 && !is_bpm(s->bpm))
    return false;
  return band->kit || dt_band_song_strokes(s->song) == 0;
}

static bool is_click(const dt_band_click* c) {
  if ((unsigned)c->sound >= DT_BAND_SOUND_COUNT || c->divide < 0 || c->divide > 16 ||
      !is_db(c->divide_db) || !is_within(c->swing, 0.5, 0.8) || !is_within(c->drop, 0, 1))
    return false;
  if (c->divide % 2 == 1 && c->swing != 0.5)
    return false;
  if (c->swing_over < 0 || c->swing_over > 16 || c->swing_over % 2 == 1 || c->sub_only < 0)
    return false;
  if (c->group_count < 0 || c->group_count > DT_BAND_GROUPS_MAX)
    return false;
  for (int i = 0; i < c->group_count; i++)
    if (c->groups[i] < 1 || c->groups[i] > 64)
      return false;
  for (int i = 0; i < DT_BAND_BEATS_MAX; i++)
    if (!is_db(c->beat_db[i]))
      return false;
  return true;
}

static bool is_bars(const dt_band_bars* b) {
  const int most = 10000;
  if (b->on < 1 || b->on > most || b->off < 0 || b->off > most || b->off_step < 0 ||
      b->off_step > most)
    return false;
  return b->off_max == 0 || (b->off_max >= b->off && b->off_max <= most);
}

static bool is_kit(const dt_band_command* c) {
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    if (!is_db(c->kit.db[d]))
      return false;
  return true;
}

static bool says_something(const dt_band* band, const dt_band_command* c) {
  switch (c->kind) {
  case DT_BAND_START:
    return is_start(band, &c->start);
  case DT_BAND_TEMPO:
    return is_bpm(c->tempo.bpm) && c->tempo.ramp_bars >= 0 && c->tempo.ramp_bars <= 1000;
  case DT_BAND_METER:
    return is_meter(c->meter);
  case DT_BAND_CLICK:
    return is_click(&c->click);
  case DT_BAND_BARS:
    return (c->bars.bus == DT_BAND_CLICKS || c->bars.bus == DT_BAND_DRUMS) &&
           is_bars(&c->bars.bars);
  case DT_BAND_LEVEL:
    return (unsigned)c->level.bus < DT_BAND_BUS_COUNT && is_db(c->level.db) &&
           is_within((double)c->level.ramp_ms, 0, 600000);
  case DT_BAND_KIT:
    return is_kit(c);
  case DT_BAND_STOP:
  case DT_BAND_MIDI:
    return true;
  case DT_BAND_COMMAND_COUNT:
    break;
  }
  return false;
}

bool dt__command_fits(const dt_band* band, const dt_band_command* command) {
  const dt_frame furthest = (dt_frame)1 << 53;
  return command->at >= -furthest && command->at <= furthest && command->bar >= DT_BAND_NEXT_BAR &&
         says_something(band, command);
}

bool dt__config_fits(const dt_band_config* c) {
  for (int bus = 0; bus < DT_BAND_BUS_COUNT; bus++)
    for (int i = 0; i < DT_BAND_CHANNELS_MAX; i++) {
      const double gain = (double)c->route[bus][i];
      if (gain != 0 && !is_within(gain, 1e-6, 4))
        return false;
    }
  return c->rate_hz >= 8000 && c->rate_hz <= 192000 && c->channel_count >= 1 &&
         c->channel_count <= DT_BAND_CHANNELS_MAX && c->commands >= 1 && c->commands <= 65536 &&
         c->voices >= 1 && c->voices <= 64 && c->events >= 16 && c->events <= 65536;
}
