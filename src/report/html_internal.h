#ifndef DT_HTML_INTERNAL_H
#define DT_HTML_INTERNAL_H

#include "dt/study.h"
#include "report_internal.h"

/*
 * The report page, panel by panel. Every panel writes itself, or nothing where there is nothing to
 * show. Colours are classes (html_style.c), so that light, dark and print are one page.
 */
typedef struct dt__html {
  dt__page page;
  const dt_take* take;
  const dt_verdict* verdict;
  const dt_study* study;
  const dt_report_options* options;
  bool against_click; /* placements are told against the click, else against the own pulse */
  bool draw_own;      /* strokes are drawn against the own pulse, else against the click: who keeps
                         a steady distance from the click would be all late, or all early */
} dt__html;

extern const char* const dt__html_style[]; /* NULL-terminated: pieces of the style sheet */

/* Up to the title's text, from behind it to the body, and behind the last panel. */
void dt__html_begin(dt__html* html);
void dt__html_begin_body(dt__html* html);
void dt__html_end(dt__html* html, const char* version, const char* more);

/* As it is, of any length. */
void dt__html_raw(dt__html* html, const char* text);

/* Text with & < > " escaped. */
void dt__html_text(dt__html* html, const char* text);

/* Opens and closes a panel: a section with a heading and a line that says how to read it. */
void dt__html_panel(dt__html* html, const char* id, const char* title, const char* how);
void dt__html_panel_end(dt__html* html);

/* A box that scrolls sideways where the screen is narrower than what is in it. */
void dt__html_wide(dt__html* html, const char* label);
void dt__html_wide_end(dt__html* html);

/* "8.3 ms (7.1 to 9.9)", "can't tell yet", "not testable". unit may be "". */
void dt__html_estimate(dt__html* html, const dt_estimate* e, int decimals, bool plus,
                       const char* unit);

/* A table: head is the column titles, separated by '|'. Rows by hand. */
void dt__html_table(dt__html* html, const char* caption, const char* head);
void dt__html_table_end(dt__html* html);
void dt__html_cell(dt__html* html, const dt_estimate* e, int decimals, bool plus, const char* unit);

/* One table row: a name and an estimate, and what it means. Nothing where not testable. */
void dt__html_row(dt__html* html, const char* name, const dt_estimate* e, int decimals, bool plus,
                  const char* unit, const char* meaning);

/* Smaller than this is "on": nobody hears it (Friberg & Sundberg 1995, displacement of 6 ms). */
#define DT__HTML_ON_MS 6.0

/* A number for a path: at most one decimal, none where it is whole. */
void dt__html_number(dt__html* html, double x);

/* The panels. */
void dt__html_verdict(dt__html* html);
void dt__html_practise(dt__html* html);
void dt__html_numbers(dt__html* html);
void dt__html_lanes(dt__html* html);
void dt__html_histograms(dt__html* html);
void dt__html_tempo(dt__html* html);
void dt__html_places(dt__html* html);
void dt__html_fills(dt__html* html);
void dt__html_swing(dt__html* html);
void dt__html_together(dt__html* html);
void dt__html_rolls(dt__html* html);
void dt__html_dynamics(dt__html* html);
void dt__html_fatigue(dt__html* html);
void dt__html_timekeeper(dt__html* html);
void dt__html_progress(dt__html* html);
void dt__html_how(dt__html* html);

#endif
