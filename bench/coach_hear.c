#include "coach_hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void must(dt_status status, const char* what) {
  if (status != DT_OK) {
    fprintf(stderr, "%s: %s\n", what, dt_status_sentence(status));
    exit(EXIT_FAILURE);
  }
}

dt_take beginning(const dt_take* take, double until_s) {
  dt_take part = *take;
  while (part.strokes.count > 0 && part.strokes.items[part.strokes.count - 1].time_s >= until_s)
    --part.strokes.count;
  part.duration_s = until_s;
  return part;
}

void hear_bars(judged* j, const dt_take* take, const asked* a, int done) {
  dt_error err = {.sentence = ""};
  dt_judge_config config = dt_judge_default(take);
  config.level = a->level;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_marks marks;
  must(dt_align(&alignment, NULL, take, &config, a->chart, &err), "align");
  config.chart = a->chart;
  config.alignment = &alignment;
  must(dt_judge(&verdict, NULL, take, &config, &err), "judge");
  memset(&marks, 0, sizeof marks);
  must(dt_marks_make(&marks, NULL, take, &verdict, &alignment, a->chart), "marks");
  j->count = dt_bars_heard(j->bars, HEAR_BARS, take, &marks, &alignment, a->part, a->start, done);
  j->shown = dt_shown_of(&verdict, NULL, j->bars, j->count, a->bpm, HEAR_BARS);
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
}
