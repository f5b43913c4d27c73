#include <stdlib.h>
#include <string.h>

#include "beats.h"

static dt_status track_parts(dt__beats_found* found, dt__listen_heard* heard,
                             dt__beats_parts* parts) {
  dt_status status = DT_OK;
  for (size_t p = 0; p < parts->count && status == DT_OK; ++p) {
    dt__beats_part* part = &parts->items[p];
    const double end_s = part->strokes[part->count - 1].time_s;
    status =
        dt_beat_track_find(&part->track, NULL, part->strokes, part->count, end_s, &part->config);
    if (status == DT_OK &&
        !heard->news.tell(heard->news.context, heard->job, 1, heard->take.duration_s))
      status = DT_CANCELLED;
  }
  return status == DT_OK ? dt__beats_join(parts, &found->track) : status;
}

dt_status dt__beats_find(dt__beats_found* found, dt__listen_heard* heard) {
  const dt__beats_settings* settings = heard->settings->extra;
  const dt_strokes* strokes = &heard->take.strokes;
  dt__beats_parts parts;
  dt_status status = dt__beats_split(&parts, strokes, settings);
  if (status == DT_OK)
    status = settings->is_live ? dt__beats_follow(found, heard, &parts)
                               : track_parts(found, heard, &parts);
  dt__beats_parts_clear(&parts);
  if (status == DT_OK)
    status = dt_beat_swing_measure(&found->swing, NULL, strokes, &found->track,
                                   1e3 * heard->take.clock_jitter_s);
  heard->job->made_count = found->track.beat_count;
  return status;
}

void dt__beats_clear(dt__beats_found* found) {
  dt_beat_track_clear(&found->track, NULL);
  dt_beat_swing_clear(&found->swing, NULL);
  free(found->calls);
  memset(found, 0, sizeof *found);
}
