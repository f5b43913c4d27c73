#include <math.h>

#include "track.h"

dt_status dt__smooth(dt_beat* beats, const bool* is_new, size_t count, const dt_stroke* strokes,
                     size_t stroke_count, const dt_allocator* allocator) {
  (void)is_new; (void)strokes; (void)stroke_count; (void)allocator;
  for (size_t k = 0; k < count; ++k) {
    const size_t a = k > 0 ? k - 1 : 0, b = k + 1 < count ? k + 1 : k;
    beats[k].bpm = b > a ? 60.0 * (double)(b - a) / (beats[b].time_s - beats[a].time_s) : 0;
  }
  return DT_OK;
}
