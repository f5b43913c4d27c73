#include <math.h>
#include <stdio.h>
#include <string.h>

#include "practice.h"

#define EDGE_MS   60.0
#define BAR_LEAST 11
#define BAR_MOST  61 /* of the strokes' bar, the middle included */
#define AROUND    16 /* columns beside it: two, "early", "late", and one that stays free */
#define ROWS_BIG  21 /* with letters five rows high */
/* All rows but the sentences', the empty one at the end too. */
#define ROWS_ELSE_BIG   19
#define ROWS_ELSE_SMALL 6

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

/* Columns of UTF-8 text, one a character. */
static int columns_of(const char* text, size_t size) {
  int columns = 0;
  for (size_t i = 0; i < size; i++)
    columns += ((unsigned char)text[i] & 0xC0) != 0x80;
  return columns;
}

/* As much of the text as there are columns, two in front. */
static void print_cut(const char* text, int columns) {
  size_t size = 0;
  while (text[size] && columns_of(text, size + 1) <= columns - 3)
    size++;
  while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
    size--;
  printf("  %.*s\033[K\n", (int)size, text);
}

/* A sentence, broken between words, in as many lines as it takes and there are; how many. */
static int print_sentence(const char* text, int columns, int most) {
  int lines = 0;
  while (*text && lines < most) {
    size_t size = 0;
    for (size_t at = 0; columns_of(text, at) <= columns - 3; at++) {
      if (text[at] == ' ' || text[at] == '\0')
        size = at;
      if (text[at] == '\0')
        break;
    }
    if (size == 0) { /* a word that is longer than the line */
      print_cut(text, columns);
      return lines + 1;
    }
    printf("  %.*s\033[K\n", (int)size, text);
    lines++;
    text += text[size] ? size + 1 : size;
  }
  return lines;
}

/* Early strokes on the left of the middle, late ones on the right; the newest is the largest. */
static void draw_strokes(const dt__screen* screen) {
  const int room = screen->columns - AROUND;
  const int most = room < BAR_MOST ? room : BAR_MOST;
  const int half = (most < BAR_LEAST ? BAR_LEAST : most) / 2;
  const char* signs[BAR_MOST] = {NULL};
  const int shown =
      screen->stroke_count < DT__SCREEN_STROKES ? screen->stroke_count : DT__SCREEN_STROKES;
  for (int i = shown; i-- > 0;) {
    const double ms = screen->strokes_ms[(screen->stroke_count - 1 - i) % DT__SCREEN_STROKES];
    if (isnan(ms))
      continue;
    const double at = fmax(-1, fmin(1, ms / EDGE_MS)) * half;
    const char* sign = i == 0         ? screen->utf8 ? "\xe2\x97\x86" : "O"
                       : screen->utf8 ? "\xe2\x80\xa2"
                                      : "o";
    signs[half + (int)lround(at)] = sign;
  }
  printf("  early ");
  for (int i = 0; i <= 2 * half; i++) {
    const char* plain = i == half ? "|" : screen->utf8 ? "\xc2\xb7" : "-";
    const char* tint = !screen->color || !signs[i] ? ""
                       : 6 * (half - i) > half     ? "\033[33m"
                       : 6 * (i - half) > half     ? "\033[34m"
                                                   : "\033[32m";
    printf("%s%s%s", tint, signs[i] ? signs[i] : plain, tint[0] ? "\033[0m" : "");
  }
  printf(" late\033[K\n");
}

/* In large letters where they fit, else in plain ones. */
static void draw_word(const dt__screen* screen, const char* word, const char* tint, bool big) {
  const char* plain = screen->color && tint[0] ? "\033[0m" : "";
  if (!big || 2 + 6 * (int)strlen(word) > screen->columns) {
    printf("  %s%.*s%s\033[K\n", tint, screen->columns > 3 ? screen->columns - 3 : 0, word, plain);
    return;
  }
  char row[512];
  for (int line = 0; line < 5; line++) {
    dt__big_row(word, line, screen->utf8, row, sizeof row);
    printf("  %s%s%s\033[K\n", tint, row, plain);
  }
}

/* Never more rows than there are: what is above would be pushed out. */
void dt__screen_draw(dt__screen* screen, dt_frame heard) {
  pthread_mutex_lock(&screen->lock);
  char number[24];
  char head[192];
  snprintf(number, sizeof number, "%s", screen->number);
  if (screen->showing == DT_LEAD_REST) {
    const dt_frame left = screen->rest_until - heard;
    snprintf(number, sizeof number, "%lld", (long long)(left > 0 ? left / screen->rate_hz + 1 : 0));
  }
  snprintf(head, sizeof head, "%s   %s", screen->chart, screen->head);
  const bool big = screen->rows >= ROWS_BIG;
  const char* gap = big ? "\033[K\n" : "";
  printf("\033[H%s", gap);
  print_cut(head, screen->columns);
  printf("%s", gap);
  draw_word(screen, screen->word, tint_of(screen), big);
  printf("%s", gap);
  draw_word(screen, number, "", big);
  printf("%s", gap);
  draw_strokes(screen);
  printf("%s", gap);
  const int room = screen->rows - (big ? ROWS_ELSE_BIG : ROWS_ELSE_SMALL);
  const int said = print_sentence(screen->say, screen->columns, room > 1 ? room : 1);
  if (screen->warning[0]) {
    printf("%s", screen->color ? "\033[31m" : "");
    (void)print_sentence(screen->warning, screen->columns, room - said);
    printf("%s", screen->color ? "\033[0m" : "");
  }
  print_cut("space pause   a again   n next   i numbers   q finish", screen->columns);
  printf("\033[J");
  fflush(stdout);
  pthread_mutex_unlock(&screen->lock);
}
