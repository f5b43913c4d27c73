#include "leader_internal.h"

const char* dt_leader_sync_name(dt_leader_sync sync) {
  static const char* const names[DT_SYNC_COUNT] = {"none", "midi-clock", "jack"};
  return sync >= 0 && sync < DT_SYNC_COUNT ? names[sync] : "";
}

void dt_leader_clock(dt_leader* leader, dt_frame at, uint8_t byte) {
  (void)leader, (void)at, (void)byte;
}

void dt_leader_transport(dt_leader* leader, dt_frame at, bool is_rolling, dt_frame frame,
                         double bpm) {
  (void)leader, (void)at, (void)is_rolling, (void)frame, (void)bpm;
}
