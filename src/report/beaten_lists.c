#include <math.h>

#include "beaten_internal.h"
#include "report_internal.h"

/* Beats for other programs: CSV and Audacity's labels. */

static void put_fixed(dt__page* page, const char* before, double value, int decimals) {
  char text[40];
  dt__put(page, "%s%s", before,
          isfinite(value) ? dt__fixed(text, sizeof text, value, decimals, false) : "");
}

static void put_live(dt__page* page, const dt_beat_call* call, double latency_s) {
  put_fixed(page, ",", call->made_s + latency_s, 6);
  put_fixed(page, ",", call->confidence, 3);
  dt__put(page, ",%d\n", call->is_locked ? 1 : 0);
}

static void put_smoothed(dt__page* page, const dt_beat* beat) {
  put_fixed(page, ",", beat->bpm_sd, 4);
  put_fixed(page, ",", 1e3 * beat->time_sd_s, 3);
  dt__put(page, ",%d", beat->is_fill ? 1 : 0);
  put_fixed(page, ",", (double)beat->strength, 3);
  dt__put(page, "\n");
}

dt_status dt_beaten_csv(const dt_beaten* beaten, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  const dt_beat_track* track = beaten->track;
  dt__put(&page, "time_s,beat_in_bar,bar,bpm,%s\n",
          beaten->live != NULL ? "made_s,confidence,locked" : "bpm_sd,time_sd_ms,fill,strength");
  for (size_t k = 0; k < track->beat_count && page.status == DT_OK; ++k) {
    const dt_beat* beat = &track->beats[k];
    put_fixed(&page, "", beat->time_s, 6);
    dt__put(&page, ",%d,%d", beat->in_bar, dt__beaten_bar(track, k));
    put_fixed(&page, ",", beat->bpm, 4);
    if (beaten->live != NULL)
      put_live(&page, &beaten->live->calls[k], beaten->live->latency_s);
    else
      put_smoothed(&page, beat);
  }
  return page.status;
}

static void put_label(dt__page* page, double from_s, double to_s) {
  put_fixed(page, "", from_s, 6);
  put_fixed(page, "\t", to_s, 6);
  dt__put(page, "\t");
}

/* Points for beats and regions for fills, by where they begin. */
dt_status dt_beaten_labels(const dt_beaten* beaten, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  const dt_beat_track* track = beaten->track;
  size_t fill = 0;
  size_t end = dt_beaten_next_fill(track, 0, &fill);
  for (size_t k = 0; k < track->beat_count && page.status == DT_OK; ++k) {
    if (end > 0 && k == fill) {
      put_label(&page, track->beats[k].time_s, dt__beaten_end_s(track, end));
      dt__put(&page, "fill\n");
      end = dt_beaten_next_fill(track, end, &fill);
    }
    put_label(&page, track->beats[k].time_s, track->beats[k].time_s);
    dt__put(&page, "%d.%d\n", dt__beaten_bar(track, k), track->beats[k].in_bar);
  }
  return page.status;
}
