#include <string.h>

#include "cable.h"

#include "dt/rt_poison.h" /* last: see there */

static void tell_counters(dt__cable* cable, dt__core* core) {
  const uint64_t sysex = atomic_load_explicit(&cable->sysex, memory_order_relaxed);
  dt__count(&core->counters.sysex_skipped, sysex - cable->sysex_told);
  cable->sysex_told = sysex;
  const uint64_t lost = atomic_load_explicit(&cable->damaged, memory_order_relaxed) +
                        dt_ring_overflows(cable->received);
  dt__count(&core->counters.midi_in_dropped, lost - cable->lost_told);
  cable->lost_told = lost;
}

void dt__cable_receive(dt__cable* cable, dt__core* core, int64_t from_us, int frame_count) {
  if (cable->received == NULL)
    return;
  tell_counters(cable, core);
  for (;;) {
    if (!cable->has_next)
      cable->has_next = dt_ring_read(cable->received, &cable->next);
    if (!cable->has_next)
      return;
    const dt_frame offset = dt__frames_of_us(cable->next.at_us - from_us, core->rate_hz);
    if (offset >= frame_count)
      return;
    dt__core_midi(core, offset, cable->next.bytes, cable->next.size);
    cable->has_next = false;
  }
}

void dt__cable_send(dt__cable* cable, dt__core* core, int64_t at_us) {
  if (cable->to_send == NULL)
    return;
  for (int i = 0; i < core->midi_out.count; ++i) {
    const dt_port_midi* m = &core->midi_out.items[i];
    dt__timed_midi timed = {
        .at_us = at_us + (int64_t)((double)m->frame_offset * 1e6 / (double)core->rate_hz),
        .size = m->size,
    };
    memcpy(timed.bytes, m->bytes, sizeof timed.bytes);
    if (!dt_ring_write(cable->to_send, &timed))
      dt__count(&core->counters.midi_out_dropped, 1);
  }
}
