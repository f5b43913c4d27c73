#include <math.h>
#include <stdio.h>
#include <string.h>

#include "practice.h"

void dt__screen_begin(dt__screen* screen, const dt__globals* globals, bool numbers, int rate_hz) {
  memset(screen, 0, sizeof *screen);
  pthread_mutex_init(&screen->lock, NULL);
  screen->color = dt__wants_color(globals);
  screen->utf8 = dt__speaks_utf8();
  screen->numbers = numbers;
  screen->rate_hz = rate_hz;
  screen->tint = 2;
  screen->rows = 24;
  screen->columns = 80;
  snprintf(screen->word, sizeof screen->word, "READY");
}

void dt__screen_end(dt__screen* screen) {
  pthread_mutex_destroy(&screen->lock);
}

static void word_of(dt__screen* screen, const char* word, int tint) {
  snprintf(screen->word, sizeof screen->word, "%s", word);
  screen->tint = tint;
}

/* What was heard of a bar in one word: the middle of it, not each stroke. */
static void end_bar(dt__screen* screen, const dt_bar_heard* bar) {
  const double mean_ms = screen->in_bar > 0 ? screen->sum_ms / screen->in_bar : 0;
  screen->sum_ms = 0;
  screen->in_bar = 0;
  if (bar->missed > 0)
    word_of(screen, "MISSED", 3);
  else if (mean_ms < -12)
    word_of(screen, "EARLY", -1);
  else if (mean_ms > 12)
    word_of(screen, "LATE", 1);
  else
    word_of(screen, "GOOD", 0);
  if (screen->numbers)
    snprintf(screen->number, sizeof screen->number, "%+.0f MS", mean_ms);
}

static void judged(dt__screen* screen, const dt_lead_judged* judged) {
  const dt_verdict* verdict = judged->verdict;
  const bool is_clean = judged->clean.failed == DT_CLEAN && !judged->shown.abandoned;
  if (is_clean) {
    word_of(screen, "CLEAN", 0);
    snprintf(screen->number, sizeof screen->number, "%.4g", judged->shown.bpm);
    return;
  }
  switch (judged->clean.failed) {
  case DT_FAIL_MISSED:
    word_of(screen, "MISSED", 3);
    snprintf(screen->number, sizeof screen->number, "%d", judged->shown.missed);
    break;
  case DT_FAIL_SCATTER:
    word_of(screen, "LOOSE", 3);
    snprintf(screen->number, sizeof screen->number, "%.0f MS", verdict->all.scatter_ms.value);
    break;
  case DT_FAIL_DRIFT:
    word_of(screen, verdict->bpm_change > 0 ? "RUSHING" : "DRAGGING",
            verdict->bpm_change > 0 ? -1 : 1);
    snprintf(screen->number, sizeof screen->number, "%+.1f", verdict->bpm_change);
    break;
  case DT_FAIL_PLACEMENT:
    word_of(screen, "MOVED", 3);
    screen->number[0] = '\0';
    break;
  case DT_FAIL_DYNAMICS:
    word_of(screen, "LEVELS", 3);
    screen->number[0] = '\0';
    break;
  default:
    word_of(screen, "AGAIN", 2);
    screen->number[0] = '\0';
  }
}

static void begin_take(dt__screen* screen, const dt_lead* lead) {
  word_of(screen, "PLAY", 2);
  snprintf(screen->number, sizeof screen->number, "%.4g", lead->ask.bpm);
  snprintf(screen->head, sizeof screen->head, "%s   %d bars   quarter = %.4g",
           dt_mode_name(lead->ask.mode), lead->ask.bars, lead->ask.bpm);
  snprintf(screen->say, sizeof screen->say, "%s", lead->ask.say);
  screen->stroke_count = 0;
  screen->sum_ms = 0;
  screen->in_bar = 0;
}

static void add_stroke(dt__screen* screen, double asynchrony_ms) {
  screen->strokes_ms[screen->stroke_count++ % DT__SCREEN_STROKES] = asynchrony_ms;
  if (isnan(asynchrony_ms))
    return;
  screen->sum_ms += asynchrony_ms;
  screen->in_bar++;
}

/* One line for each thing that matters, where there is no terminal to draw on. */
static void print_line(const dt__screen* screen, const dt_lead* lead) {
  switch (lead->kind) {
  case DT_LEAD_TAKE:
    printf("%s\n", lead->ask.say);
    break;
  case DT_LEAD_JUDGED:
    if (lead->judged.shown.abandoned)
      return;
    printf("  take %d: %s %s%s", lead->judged.number, screen->word, screen->number,
           lead->judged.gap_frames > 0 ? "" : "\n");
    if (lead->judged.gap_frames > 0)
      printf(" (%.2f s of it were lost)\n", (double)lead->judged.gap_frames / screen->rate_hz);
    break;
  case DT_LEAD_STOP:
  case DT_LEAD_REST:
  case DT_LEAD_PAUSE:
  case DT_LEAD_DONE:
  case DT_LEAD_AWAY:
  case DT_LEAD_BACK:
  case DT_LEAD_TROUBLE:
    printf("%s%s\n", lead->kind == DT_LEAD_STOP ? "  " : "", lead->text);
    break;
  default:
    return;
  }
  fflush(stdout);
}

static void warn(dt__screen* screen, const char* text) {
  snprintf(screen->warning, sizeof screen->warning, "%s", text);
}

void dt__screen_warn(dt__screen* screen, const char* text) {
  pthread_mutex_lock(&screen->lock);
  warn(screen, text);
  if (!screen->is_terminal) {
    printf("%s\n", text);
    fflush(stdout);
  }
  pthread_mutex_unlock(&screen->lock);
}

void dt__screen_tell(dt__screen* screen, const dt_lead* lead) {
  pthread_mutex_lock(&screen->lock);
  switch (lead->kind) {
  case DT_LEAD_TAKE:
    begin_take(screen, lead);
    break;
  case DT_LEAD_STROKE:
    add_stroke(screen, lead->stroke.asynchrony_ms);
    break;
  case DT_LEAD_BAR:
    end_bar(screen, &lead->bar);
    break;
  case DT_LEAD_JUDGED:
    judged(screen, &lead->judged);
    break;
  case DT_LEAD_REST:
    word_of(screen, "REST", 2);
    screen->rest_until = lead->end;
    break;
  case DT_LEAD_PAUSE:
    word_of(screen, "PAUSE", 2);
    screen->number[0] = '\0';
    break;
  case DT_LEAD_AWAY:
    word_of(screen, "AWAY", 3);
    screen->number[0] = '\0';
    break;
  case DT_LEAD_BACK:
    word_of(screen, "BACK", 0);
    break;
  case DT_LEAD_TROUBLE:
    warn(screen, lead->text);
    break;
  default:
    break;
  }
  if (lead->text[0] && lead->kind != DT_LEAD_TROUBLE)
    snprintf(screen->say, sizeof screen->say, "%s", lead->text);
  if (lead->kind != DT_LEAD_BAND && lead->kind != DT_LEAD_STROKE && lead->kind != DT_LEAD_TROUBLE)
    screen->showing = lead->kind;
  if (!screen->is_terminal)
    print_line(screen, lead);
  pthread_mutex_unlock(&screen->lock);
}
