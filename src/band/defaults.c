#include "dt/band.h"

dt_band_config dt_band_config_default(int rate_hz) {
  dt_band_config config = {.rate_hz = rate_hz,
                           .channel_count = 1,
                           .commands = 256,
                           .voices = 24,
                           .events = 1024,
                           .has_kit = true,
                           .seed = 1};
  for (int bus = 0; bus < DT_BAND_BUS_COUNT; bus++)
    for (int c = 0; c < DT_BAND_CHANNELS_MAX; c++)
      config.route[bus][c] = 1;
  return config;
}

dt_band_click dt_band_click_default(void) {
  dt_band_click click = {.sound = DT_BAND_BEEP, .accents = 1, .divide_db = -12, .swing = 0.5};
  for (int b = 1; b < DT_BAND_BEATS_MAX; b++)
    click.beat_db[b] = -6;
  return click;
}

dt_band_command dt_band_command_of(dt_band_command_kind kind, dt_frame at) {
  dt_band_command command = {.at = at, .bar = DT_BAND_NOW, .kind = kind};
  switch (kind) {
  case DT_BAND_START:
    command.start = (dt_band_start){.times = 1, .bpm = 120, .meter = {4, 4}};
    break;
  case DT_BAND_TEMPO:
    command.tempo.bpm = 120;
    break;
  case DT_BAND_METER:
    command.meter = (dt_meter){4, 4};
    break;
  case DT_BAND_CLICK:
    command.click = dt_band_click_default();
    break;
  case DT_BAND_BARS:
    command.bars.bars = (dt_band_bars){.on = 1};
    break;
  case DT_BAND_MIDI:
    command.midi_clock = true;
    break;
  case DT_BAND_STOP:
  case DT_BAND_LEVEL:
  case DT_BAND_KIT:
  case DT_BAND_COMMAND_COUNT:
    break;
  }
  return command;
}
