#include <math.h>
#include <stdio.h>

#include "dt/report_progress.h"
#include "html_internal.h"

/* The clean tempo over the days, each with the interval in which it lies. */

enum { LEFT = 46, WIDTH = 960, HEIGHT = 210, TOP = 12, BOTTOM = 26, DATES_MOST = 6 };

typedef struct axes {
  double first_day;
  double last_day;
  double low;
  double high;
} axes;

static double x_of(const axes* a, double day) {
  return LEFT + 8 + (day - a->first_day) / (a->last_day - a->first_day) * (WIDTH - LEFT - 60);
}

static double y_of(const axes* a, double bpm) {
  return TOP + (a->high - bpm) / (a->high - a->low) * (HEIGHT - TOP - BOTTOM);
}

/* Days of the proleptic Gregorian calendar (H. Hinnant's civil_from_days). */
static void date_text(int64_t day, char text[16]) {
  const int64_t shifted = day + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int64_t of_era = shifted - era * 146097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  const int64_t date = of_year - (153 * month + 2) / 5 + 1;
  const int64_t calendar_month = month < 10 ? month + 3 : month - 9;
  snprintf(text, 16, "%04d-%02d-%02d", (int)(year + era * 400 + (calendar_month <= 2)) % 10000,
           (int)calendar_month, (int)date);
}

static size_t known_days(const dt_report_exercise* e) {
  size_t known = 0;
  for (size_t i = 0; i < e->day_count; i++)
    known += e->days[i].bpm > 0;
  return known;
}

static axes axes_of(const dt_report_exercise* e) {
  axes a = {(double)INFINITY, -(double)INFINITY, (double)INFINITY, 0.0};
  for (size_t i = 0; i < e->day_count; i++) {
    const dt_report_day* d = &e->days[i];
    if (!(d->bpm > 0))
      continue;
    a.first_day = fmin(a.first_day, (double)d->day);
    a.last_day = fmax(a.last_day, (double)d->day);
    /* A day that hardly knew must not flatten the others. */
    a.low = fmin(a.low, fmax(d->low_bpm, 0.8 * d->bpm));
    a.high = fmax(a.high, fmin(d->high_bpm, 1.25 * d->bpm));
  }
  a.last_day = fmax(a.last_day, a.first_day + 1);
  a.low -= 2;
  a.high += 2;
  return a;
}

static double step_of(double range) {
  static const double STEPS[] = {1, 2, 5, 10, 20, 50, 100};
  for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
    if (range / STEPS[i] <= 7.0)
      return STEPS[i];
  return 200.0;
}

static void put_axes(dt__html* html, const axes* a) {
  const double step = step_of(a->high - a->low);
  for (double bpm = ceil(a->low / step) * step; bpm <= a->high; bpm += step)
    dt__put(&html->page,
            "<path class=\"g\" d=\"M%d %.1fH%d\"/><text x=\"0\" y=\"%.1f\">%.0f</text>\n", LEFT,
            y_of(a, bpm), WIDTH - 8, y_of(a, bpm) + 4.0, bpm);
  const double every = fmax(1.0, ceil((a->last_day - a->first_day) / DATES_MOST));
  for (double day = a->first_day; day <= a->last_day; day += every) {
    char date[16];
    date_text((int64_t)day, date);
    dt__put(&html->page,
            "<path class=\"g\" d=\"M%.1f %dv%d\"/><text x=\"%.1f\" y=\"%d\">%s</text>\n",
            x_of(a, day), TOP, HEIGHT - TOP - BOTTOM, x_of(a, day) + 2.0, HEIGHT - 12, date + 5);
  }
  dt__put(&html->page, "<text x=\"0\" y=\"%d\">bpm</text>\n", HEIGHT - 12);
}

static double within(const axes* a, double bpm) {
  return fmin(fmax(bpm, a->low), a->high);
}

static void put_days(dt__html* html, const axes* a, const dt_report_exercise* e) {
  bool is_first = true;
  for (size_t i = 0; i < e->day_count; i++) {
    const dt_report_day* d = &e->days[i];
    if (d->bpm > 0)
      dt__put(&html->page,
              "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"%.1f\"/>\n",
              x_of(a, (double)d->day) - 4, y_of(a, within(a, d->high_bpm)),
              fmax(1.0, y_of(a, within(a, d->low_bpm)) - y_of(a, within(a, d->high_bpm))));
  }
  dt__put(&html->page, "<path class=\"line\" d=\"");
  for (size_t i = 0; i < e->day_count; i++) {
    const dt_report_day* d = &e->days[i];
    if (!(d->bpm > 0))
      continue;
    dt__put(&html->page, "%s%.1f %.1f", is_first ? "M" : "L", x_of(a, (double)d->day),
            y_of(a, within(a, d->bpm)));
    is_first = false;
  }
  dt__put(&html->page, "\"/>\n");
  for (size_t i = 0; i < e->day_count; i++)
    if (e->days[i].bpm > 0)
      dt__put(&html->page, "<circle class=\"o\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n",
              x_of(a, (double)e->days[i].day), y_of(a, within(a, e->days[i].bpm)));
}

static void put_picture(dt__html* html, const dt_report_exercise* e) {
  if (known_days(e) < 2)
    return;
  const axes a = axes_of(e);
  dt__html_wide(html, "Clean tempo over the days");
  dt__put(&html->page,
          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Clean tempo over the days; the "
          "table below has its numbers\">\n",
          WIDTH, HEIGHT);
  put_axes(html, &a);
  put_days(html, &a, e);
  dt__put(&html->page, "</svg>\n");
  dt__html_wide_end(html);
}

static void put_table(dt__html* html, const dt_report_exercise* e) {
  dt__html_table(html, "Day by day", "day|clean tempo, bpm|cold test");
  for (size_t i = 0; i < e->day_count; i++) {
    const dt_report_day* d = &e->days[i];
    char date[16];
    date_text(d->day, date);
    dt__put(&html->page, "<tr><th scope=\"row\">%s</th><td class=\"n\">", date);
    if (d->bpm > 0)
      dt__put(&html->page, "%.0f <small>(%.0f to %.0f)</small>", d->bpm, d->low_bpm, d->high_bpm);
    else
      dt__put(&html->page, "<small>not known</small>");
    dt__put(&html->page, "</td><td>");
    if (d->cold_bpm > 0)
      dt__put(&html->page, "%.0f bpm: %s", d->cold_bpm, d->cold_kept ? "kept" : "lost");
    dt__put(&html->page, "</td></tr>\n");
  }
  dt__html_table_end(html);
}

/* The names of what is practised are the player's own. */
static void put_exercise(dt__html* html, const dt_report_exercise* e, size_t number,
                         const char* how) {
  dt__put(&html->page, "<section aria-labelledby=\"progress%zu\">\n<h2 id=\"progress%zu\">", number,
          number);
  dt__html_text(html, e->name);
  dt__put(&html->page, ": clean tempo over the days</h2>\n");
  if (how)
    dt__put(&html->page, "<p class=\"soft\">%s</p>\n", how);
  put_picture(html, e);
  put_table(html, e);
  dt__html_panel_end(html);
}

static const char how_to_read[] =
    "The fastest tempo that is played cleanly in 85 of 100 takes, by the coach\u2019s estimate; "
    "the "
    "bar is where it really lies with 95 % certainty. A cold test is the first take of a day at an "
    "old tempo: what stayed.";

void dt__html_progress(dt__html* html) {
  const dt_report_exercise* e = html->options->progress;
  if (e && e->day_count > 0)
    put_exercise(html, e, 1, how_to_read);
}

static void put_today(dt__html* html, const dt_report_progress* progress) {
  dt__html_panel(html, "today", "Today", NULL);
  if (progress->today_count > 0)
    dt__put(&html->page, "<ol class=\"todo\">\n");
  for (size_t i = 0; i < progress->today_count; i++) {
    dt__put(&html->page, "<li>");
    dt__html_text(html, progress->today[i]);
    dt__put(&html->page, "</li>\n");
  }
  if (progress->today_count > 0)
    dt__put(&html->page, "</ol>\n");
  dt__put(&html->page, "<p>%.0f minutes played so far.</p>\n", progress->played_min);
  dt__html_panel_end(html);
}

dt_status dt_report_progress_html(const dt_report_progress* progress, const char* version,
                                  dt_sink sink) {
  dt__html html = {.page = {sink, DT_OK}};
  dt__html_begin(&html);
  dt__put(&html.page, "Progress");
  dt__html_begin_body(&html);
  dt__put(&html.page, "<header>\n<h1>Progress</h1>\n</header>\n<main>\n");
  put_today(&html, progress);
  for (size_t i = 0; i < progress->exercise_count; i++)
    put_exercise(&html, &progress->exercises[i], i + 1, i == 0 ? how_to_read : NULL);
  dt__put(&html.page, "</main>\n");
  dt__html_end(&html, version, "");
  return html.page.status;
}
