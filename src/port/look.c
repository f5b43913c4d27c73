#include <math.h>
#include <string.h>

#include "port_internal.h"

void dt__core_init(dt__core* core, const dt_port_info* info) {
  memset(core, 0, sizeof *core);
  core->rate_hz = info->rate_hz;
  core->period_frames = info->period_frames;
  core->block_frames_max = info->block_frames_max;
  core->in_count = info->in_channels;
  core->out_count = info->out_channels;
  core->midi_in = (dt_port_midi_list){core->in_items, 0, DT_PORT_MIDI_MAX, 0};
  core->midi_out = (dt_port_midi_list){core->out_items, 0, DT_PORT_MIDI_MAX, 0};
  dt__counters* counters = &core->counters;
  atomic_init(&counters->condition, DT_PORT_READY);
  atomic_init(&counters->sentence, "");
  atomic_init(&counters->measured_rate_hz, (double)NAN);
  atomic_init(&counters->device_rate_hz, info->rate_hz);
}

void dt__core_condition(dt__core* core, dt_port_condition condition, const char* sentence) {
  atomic_store(&core->counters.sentence, sentence);
  atomic_store(&core->counters.condition, (int)condition);
}

void dt_port_look(const dt_port* port, dt_port_state* state) {
  const dt__counters* c = &port->core.counters;
  const int64_t last_us = atomic_load(&c->last_us);
  const int64_t silent_us = last_us > 0 ? dt__now_us() - last_us : 0;
  *state = (dt_port_state){
      .condition = (dt_port_condition)atomic_load(&c->condition),
      .sentence = atomic_load(&c->sentence),
      .position = atomic_load(&c->position),
      .silent_us = silent_us > 0 ? silent_us : 0,
      .measured_rate_hz = atomic_load(&c->measured_rate_hz),
      .blocks = atomic_load(&c->blocks),
      .xruns = atomic_load(&c->xruns),
      .gaps = atomic_load(&c->gaps),
      .gap_frames = atomic_load(&c->gap_frames),
      .backwards = atomic_load(&c->backwards),
      .device_offset = atomic_load(&c->device_offset),
      .by_clock_frames = atomic_load(&c->by_clock_frames),
      .ahead_frames = atomic_load(&c->ahead_frames),
      .late = atomic_load(&c->late),
      .busiest_us = atomic_load(&c->busiest_us),
      .midi_in = atomic_load(&c->midi_in),
      .midi_in_dropped = atomic_load(&c->midi_in_dropped),
      .midi_in_late = atomic_load(&c->midi_in_late),
      .midi_out = atomic_load(&c->midi_out),
      .midi_out_dropped = atomic_load(&c->midi_out_dropped),
      .sysex_skipped = atomic_load(&c->sysex_skipped),
      .is_midi_gone = atomic_load(&c->is_midi_gone),
      .returns = atomic_load(&c->returns),
      .device_rate_hz = atomic_load(&c->device_rate_hz),
  };
}
