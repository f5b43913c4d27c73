#include "ear_summary.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_met(double value, goal_side side, double goal) {
  switch (side) {
  case GOAL_ABOVE:
    return value > goal;
  case GOAL_AT_LEAST:
    return value >= goal;
  case GOAL_BELOW:
    return value < goal;
  default:
    return value <= goal;
  }
}

void summary_add(summary* s, const char* what, double value, goal_side side, double goal,
                 int decimals, const char* unit, const char* beyond) {
  static const char* const sides[] = {"above", "at least", "below", "at most"};
  if (isnan(value))
    return;
  if (s->rows == NULL)
    s->rows = open_memstream(&s->text, &s->size);
  if (s->rows == NULL)
    exit(1);
  bool met = is_met(value, side, goal);
  s->count++;
  s->missed += !met;
  fprintf(s->rows, "| %s | %.*f%s | %s %.*f | %s | %s |\n", what, decimals, value, unit,
          sides[side], decimals, goal, met ? "yes" : "**no**", beyond);
}

void summary_end(summary* s, FILE* out) {
  if (s->rows != NULL) {
    fclose(s->rows);
    fprintf(out, "| what | measured | goal | met | beyond |\n| --- | --- | --- | --- | --- |\n%s",
            s->text);
    fprintf(out, "\n%zu of %zu goals met.\n", s->count - s->missed, s->count);
    free(s->text);
  }
  memset(s, 0, sizeof *s);
}

void cell(FILE* out, const char* format, double value) {
  if (isnan(value)) {
    fputs(" - |", out);
    return;
  }
  fputc(' ', out);
  char text[64];
  snprintf(text, sizeof text, format, value);
  fputs(text, out);
  fputs(" |", out);
}
