#include <string.h>

#include "store_internal.h"

void dt_record_clear(dt_record* record, const dt_allocator* allocator) {
  dt_take_clear(&record->take, allocator);
  dt_release(allocator, record->judged, record->judged_count * sizeof(dt_judged));
  dt_release(allocator, record->texts, record->texts_size);
  memset(record, 0, sizeof(*record));
}

dt_summary dt_summary_of(const dt_verdict* verdict) {
  const dt_estimate tempo = verdict->all.tempo_bpm;
  return (dt_summary){
      .word = verdict->word,
      .tempo_bpm = tempo.value,
      .bpm_change = verdict->bpm_change,
      .bars = verdict->bars,
      .stroke_count = (int64_t)verdict->all.stroke_count,
      .placement_ms = verdict->all.placement_ms,
      .drift_bpm_per_min = verdict->all.drift_bpm_per_min,
      .scatter_ms = verdict->all.scatter_ms,
      .missed_count = -1,
      .extra_count = -1,
      .wrong_drum_count = -1,
  };
}

dt_filter dt_filter_all(void) {
  return (dt_filter){.word = -1, .drum = -1, .since_s = INT64_MIN, .until_s = INT64_MAX};
}
