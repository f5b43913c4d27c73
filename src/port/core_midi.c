#include <string.h>

#include "port_internal.h"

#include "dt/rt_poison.h" /* last: see there */

bool dt_port_put(dt_port_midi_list* list, uint32_t frame_offset, const uint8_t* bytes, int size) {
  if (size < 1 || size > 3 || list->count >= list->capacity) {
    ++list->refused;
    return false;
  }
  /* Nearly always the last place is the right one. */
  int at = list->count++;
  while (at > 0 && list->items[at - 1].frame_offset > frame_offset) {
    list->items[at] = list->items[at - 1];
    --at;
  }
  list->items[at] = (dt_port_midi){.frame_offset = frame_offset, .size = (uint8_t)size};
  memcpy(list->items[at].bytes, bytes, (size_t)size);
  return true;
}

/* By the bits that say the kind; 0: not of a fixed size, or not defined. */
static const uint8_t size_by_channel_kind[8] = {3, 3, 3, 3, 2, 2, 3, 0};
static const uint8_t size_by_system_kind[16] = {0, 2, 3, 2, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1};

/* How many bytes a message that begins with status has; 0: no message of 1..3 bytes. */
static size_t message_size(uint8_t status) {
  if (status < 0x80)
    return 0;
  return status < 0xF0 ? size_by_channel_kind[(status >> 4) & 7] : size_by_system_kind[status & 15];
}

static bool is_message(const uint8_t* bytes, size_t size) {
  if (message_size(bytes[0]) != size)
    return false;
  for (size_t i = 1; i < size; ++i)
    if (bytes[i] > 0x7F)
      return false;
  return true;
}

void dt__core_midi(dt__core* core, int64_t frame_offset, const uint8_t* bytes, size_t size) {
  if (size == 0 || bytes[0] < 0x80)
    return; /* the rest of a long sysex */
  if (bytes[0] == 0xF0 || bytes[0] == 0xF7) {
    dt__count(&core->counters.sysex_skipped, 1);
    return;
  }
  if (!is_message(bytes, size)) {
    dt__count(&core->counters.midi_in_dropped, 1);
    return;
  }
  if (frame_offset < 0) {
    dt__count(&core->counters.midi_in_late, 1);
    frame_offset = 0;
  }
  (void)dt_port_put(&core->midi_in, (uint32_t)frame_offset, bytes, (int)size);
}
