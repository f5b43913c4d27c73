#include <math.h>
#include <stdio.h>
#include <string.h>

#include "html_internal.h"

/* The page as a whole, and the small pieces that all panels are made of. */

void dt__html_raw(dt__html* html, const char* text) {
  if (html->page.status == DT_OK)
    html->page.status = dt_sink_write(html->page.sink, text, strlen(text));
}

void dt__html_text(dt__html* html, const char* text) {
  for (; *text; text++) {
    switch (*text) {
    case '&':
      dt__put(&html->page, "&amp;");
      break;
    case '<':
      dt__put(&html->page, "&lt;");
      break;
    case '>':
      dt__put(&html->page, "&gt;");
      break;
    case '"':
      dt__put(&html->page, "&quot;");
      break;
    default:
      /* Control characters are not allowed in HTML; bytes above ASCII are UTF-8 and pass. */
      dt__put(&html->page, "%c", (unsigned char)*text < ' ' ? ' ' : *text);
    }
  }
}

void dt__html_panel(dt__html* html, const char* id, const char* title, const char* how) {
  dt__put(&html->page, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
  if (how)
    dt__put(&html->page, "<p class=\"soft\">%s</p>\n", how);
}

void dt__html_panel_end(dt__html* html) {
  dt__put(&html->page, "</section>\n");
}

void dt__html_wide(dt__html* html, const char* label) {
  dt__put(&html->page, "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"%s\">\n",
          label);
}

void dt__html_wide_end(dt__html* html) {
  dt__put(&html->page, "</div>\n");
}

void dt__html_estimate(dt__html* html, const dt_estimate* e, int decimals, bool plus,
                       const char* unit) {
  if (e->known != DT_KNOWN) {
    dt__put(&html->page, "<small>%s</small>",
            e->known == DT_CANT_TELL ? "can\u2019t tell yet" : "not testable");
    return;
  }
  char value[32];
  char low[32];
  char high[32];
  dt__put(&html->page, "%s%s%s <small>(%s to %s)</small>",
          dt__fixed(value, sizeof value, e->value, decimals, plus), *unit ? "\u00a0" : "", unit,
          dt__fixed(low, sizeof low, e->low, decimals, plus),
          dt__fixed(high, sizeof high, e->high, decimals, plus));
}

void dt__html_table(dt__html* html, const char* caption, const char* head) {
  dt__html_wide(html, caption);
  dt__put(&html->page, "<table>\n<caption>%s</caption>\n<thead><tr>", caption);
  while (*head) {
    const size_t length = strcspn(head, "|");
    dt__put(&html->page, "<th scope=\"col\">%.*s</th>", (int)length, head);
    head += length + (head[length] == '|');
  }
  dt__put(&html->page, "</tr></thead>\n<tbody>\n");
}

void dt__html_table_end(dt__html* html) {
  dt__put(&html->page, "</tbody>\n</table>\n");
  dt__html_wide_end(html);
}

void dt__html_cell(dt__html* html, const dt_estimate* e, int decimals, bool plus,
                   const char* unit) {
  dt__put(&html->page, "<td class=\"n\">");
  dt__html_estimate(html, e, decimals, plus, unit);
  dt__put(&html->page, "</td>");
}

void dt__html_row(dt__html* html, const char* name, const dt_estimate* e, int decimals, bool plus,
                  const char* unit, const char* meaning) {
  if (e->known == DT_NOT_TESTABLE)
    return;
  dt__put(&html->page, "<tr><th scope=\"row\">%s</th>", name);
  dt__html_cell(html, e, decimals, plus, unit);
  dt__put(&html->page, "<td><small>%s</small></td></tr>\n", meaning);
}

void dt__html_number(dt__html* html, double x) {
  char text[32];
  dt__fixed(text, sizeof text, x, 1, false);
  const size_t length = strlen(text);
  if (length > 2 && strcmp(text + length - 2, ".0") == 0)
    text[length - 2] = '\0';
  dt__put(&html->page, "%s", text);
}

void dt__html_begin(dt__html* html) {
  dt__put(&html->page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>");
}

void dt__html_begin_body(dt__html* html) {
  dt__put(&html->page, "</title>\n<style>\n");
  for (size_t i = 0; dt__html_style[i]; i++)
    dt__html_raw(html, dt__html_style[i]);
  dt__put(&html->page, "</style>\n</head>\n<body>\n");
}

void dt__html_end(dt__html* html, const char* version, const char* more) {
  dt__put(&html->page,
          "<footer><p>Made by doubletime %s on your own computer.%s</p></footer>\n"
          "</body>\n</html>\n",
          version ? version : "", more);
}

static void put_head(dt__html* html) {
  const char* file = dt__base_name(html->options->file);
  dt__html_begin(html);
  char headline[96];
  dt_report_headline(html->verdict, headline, sizeof headline);
  dt__html_text(html, headline);
  if (file) {
    dt__put(&html->page, " \u2013 ");
    dt__html_text(html, file);
  }
  dt__html_begin_body(html);
}

static void put_foot(dt__html* html) {
  dt__html_end(html, html->options->version,
               html->options->progress
                   ? " The same take and practice log give the same page, byte for byte."
                   : " The same take gives the same page, byte for byte.");
}

/* A player who leaves the click is shown against his own pulse, else all is early or late. */
static bool keeps_to_click(const dt_verdict* verdict) {
  return verdict->phase_known && !verdict->ahead_of_click && !verdict->drift_found;
}

dt_status dt_report_html(const dt_take* take, const dt_verdict* verdict, const dt_study* study,
                         const dt_report_options* options, dt_sink sink) {
  const bool on_click = keeps_to_click(verdict);
  const double placement = verdict->all.placement_ms.value;
  const bool own = !on_click || !(fabs(placement) <= DT__HTML_ON_MS);
  dt__html html = {{sink, DT_OK}, take, verdict, study, options, on_click, own};
  put_head(&html);
  dt__html_verdict(&html);
  dt__put(&html.page, "<main>\n");
  dt__html_practise(&html);
  dt__html_numbers(&html);
  dt__html_tempo(&html);
  dt__html_histograms(&html);
  dt__html_places(&html);
  dt__html_fills(&html);
  dt__html_swing(&html);
  dt__html_together(&html);
  dt__html_rolls(&html);
  dt__html_dynamics(&html);
  dt__html_fatigue(&html);
  dt__html_timekeeper(&html);
  dt__html_lanes(&html);
  dt__html_progress(&html);
  dt__html_how(&html);
  dt__put(&html.page, "</main>\n");
  put_foot(&html);
  return html.page.status;
}
