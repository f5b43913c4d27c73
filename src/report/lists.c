#include <math.h>

#include "dt/heard.h"
#include "report_internal.h"

/* The stroke lists that other programs read: CSV, Audacity labels, Sonic Visualiser layers. */

static void put_fixed(dt__page* page, double value, int decimals) {
  char text[40];
  dt__put(page, "%s", dt__fixed(text, sizeof text, value, decimals, false));
}

/* time_s,drum,velocity,note */
static void put_csv_stroke(dt__page* page, const dt_stroke* stroke) {
  put_fixed(page, stroke->time_s, 6);
  dt__put(page, ",%s,", dt_drum_name(stroke->drum));
  /* MIDI velocities are whole numbers and stay so; the ear's have a tenth. */
  const double tenths = round((double)stroke->velocity * 10);
  if (tenths > 0)
    put_fixed(page, tenths / 10, fmod(tenths, 10) == 0 ? 0 : 1);
  dt__put(page, ",");
  if (stroke->note >= 0)
    dt__put(page, "%d", stroke->note);
}

static void put_csv_row(dt__page* page, const dt_stroke* stroke, const dt_judged* judged,
                        bool with_verdict) {
  put_csv_stroke(page, stroke);
  if (with_verdict && judged) {
    const double values[] = {judged->beat, judged->grid_time_s, judged->asynchrony_ms,
                             judged->residual_ms};
    const int decimals[] = {6, 6, 3, 3};
    for (int i = 0; i < 4; i++) {
      dt__put(page, ",");
      if (isfinite(values[i]))
        put_fixed(page, values[i], decimals[i]);
    }
    dt__put(page, ",%d,%d", judged->outlier ? 1 : 0, judged->ornament ? 1 : 0);
  } else if (with_verdict) {
    dt__put(page, ",,,,,,");
  }
  dt__put(page, "\n");
}

dt_status dt_report_csv(const dt_take* take, const dt_verdict* verdict, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  size_t cursor = 0;
  dt__put(&page, "time_s,drum,velocity,note%s\n",
          verdict ? ",beat,grid_time_s,asynchrony_ms,residual_ms,outlier,ornament" : "");
  for (size_t i = 0; i < take->strokes.count && page.status == DT_OK; i++)
    put_csv_row(&page, &take->strokes.items[i], dt__judged_next(verdict, &cursor, i), verdict);
  return page.status;
}

dt_status dt_heard_csv(const dt_take* take, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  dt__put(&page, "time_s,drum,velocity,note,confidence\n");
  for (size_t i = 0; i < take->strokes.count && page.status == DT_OK; i++) {
    put_csv_stroke(&page, &take->strokes.items[i]);
    dt__put(&page, ",");
    put_fixed(&page, (double)take->strokes.items[i].confidence, 3);
    dt__put(&page, "\n");
  }
  return page.status;
}

/* "snare 12.3 ms late" */
static void put_label(dt__page* page, const dt_stroke* stroke, const dt_judged* judged) {
  dt__put(page, "%s", dt_drum_name(stroke->drum));
  if (judged && judged->outlier)
    dt__put(page, " off the grid");
  else if (judged && judged->ornament)
    dt__put(page, " grace stroke");
  else if (judged && isfinite(judged->asynchrony_ms))
    dt__put(page, " %.1f ms %s", fabs(judged->asynchrony_ms),
            judged->asynchrony_ms < 0 ? "early" : "late");
}

dt_status dt_report_audacity(const dt_take* take, const dt_verdict* verdict, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  size_t cursor = 0;
  for (size_t i = 0; i < take->strokes.count && page.status == DT_OK; i++) {
    const dt_stroke* stroke = &take->strokes.items[i];
    put_fixed(&page, stroke->time_s, 6);
    dt__put(&page, "\t");
    put_fixed(&page, stroke->time_s, 6);
    dt__put(&page, "\t");
    put_label(&page, stroke, dt__judged_next(verdict, &cursor, i));
    dt__put(&page, "\n");
  }
  return page.status;
}

dt_status dt_report_sonic_visualiser(const dt_take* take, const dt_verdict* verdict, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  size_t cursor = 0;
  for (size_t i = 0; i < take->strokes.count && page.status == DT_OK; i++) {
    const dt_stroke* stroke = &take->strokes.items[i];
    const dt_judged* judged = dt__judged_next(verdict, &cursor, i);
    if (verdict && !(judged && isfinite(judged->asynchrony_ms)))
      continue;
    put_fixed(&page, stroke->time_s, 9);
    if (judged) {
      dt__put(&page, ",");
      put_fixed(&page, judged->asynchrony_ms, 3);
    }
    dt__put(&page, ",%s\n", dt_drum_name(stroke->drum));
  }
  return page.status;
}
