#include <math.h>
#include <stdio.h>
#include <string.h>

#include "practice.h"

#define STROKES 16
#define WIDTH   61 /* of the strokes' bar, the middle included */
#define EDGE_MS 60.0

void dt__screen_begin(dt__screen* screen, const dt__globals* globals, bool numbers, int rate_hz) {
  memset(screen, 0, sizeof *screen);
  pthread_mutex_init(&screen->lock, NULL);
  screen->color = dt__wants_color(globals);
  screen->utf8 = dt__speaks_utf8();
  screen->numbers = numbers;
  screen->rate_hz = rate_hz;
  screen->tint = 2;
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
  screen->strokes_ms[screen->stroke_count++ % STROKES] = asynchrony_ms;
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

static const char* tint_of(const dt__screen* screen) {
  if (!screen->color)
    return "";
  switch (screen->tint) {
  case -1:
    return "\033[1;33m"; /* amber: early, and left, as on every page */
  case 1:
    return "\033[1;34m"; /* blue: late, and right */
  case 0:
    return "\033[1;32m";
  case 3:
    return "\033[1;31m";
  default:
    return "\033[1m";
  }
}

/* Early strokes on the left of the middle, late ones on the right; the newest is the largest. */
static void draw_strokes(const dt__screen* screen) {
  const char* signs[WIDTH] = {NULL};
  const int shown = screen->stroke_count < STROKES ? screen->stroke_count : STROKES;
  for (int i = shown; i-- > 0;) {
    const double ms = screen->strokes_ms[(screen->stroke_count - 1 - i) % STROKES];
    if (isnan(ms))
      continue;
    const double at = fmax(-1, fmin(1, ms / EDGE_MS)) * (WIDTH / 2);
    const char* sign = i == 0         ? screen->utf8 ? "\xe2\x97\x86" : "O"
                       : screen->utf8 ? "\xe2\x80\xa2"
                                      : "o";
    signs[WIDTH / 2 + (int)lround(at)] = sign;
  }
  printf("  early ");
  for (int i = 0; i < WIDTH; i++) {
    const char* plain = i == WIDTH / 2 ? "|" : screen->utf8 ? "\xc2\xb7" : "-";
    const char* tint = !screen->color || !signs[i] ? ""
                       : i < WIDTH / 2 - 5         ? "\033[33m"
                       : i > WIDTH / 2 + 5         ? "\033[34m"
                                                   : "\033[32m";
    printf("%s%s%s", tint, signs[i] ? signs[i] : plain, tint[0] ? "\033[0m" : "");
  }
  printf(" late\033[K\n");
}

void dt__screen_draw(dt__screen* screen, dt_frame heard) {
  pthread_mutex_lock(&screen->lock);
  char number[24];
  snprintf(number, sizeof number, "%s", screen->number);
  if (screen->showing == DT_LEAD_REST) {
    const dt_frame left = screen->rest_until - heard;
    snprintf(number, sizeof number, "%lld", (long long)(left > 0 ? left / screen->rate_hz + 1 : 0));
  }
  char row[512];
  printf("\033[H\n  %s   %s\033[K\n\033[K\n", screen->chart, screen->head);
  for (int line = 0; line < 5; line++) {
    dt__big_row(screen->word, line, screen->utf8, row, sizeof row);
    printf("  %s%s%s\033[K\n", tint_of(screen), row, screen->color ? "\033[0m" : "");
  }
  printf("\033[K\n");
  for (int line = 0; line < 5; line++) {
    dt__big_row(number, line, screen->utf8, row, sizeof row);
    printf("  %s\033[K\n", row);
  }
  printf("\033[K\n");
  draw_strokes(screen);
  printf("\033[K\n  %s\033[K\n  %s%s%s\033[K\n", screen->say, screen->color ? "\033[31m" : "",
         screen->warning, screen->color ? "\033[0m" : "");
  printf("  space pause   a again   n next   i numbers   q finish\033[K\n\033[J");
  fflush(stdout);
  pthread_mutex_unlock(&screen->lock);
}
