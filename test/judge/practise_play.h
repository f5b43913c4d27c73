#ifndef DT_TEST_PRACTISE_PLAY_H
#define DT_TEST_PRACTISE_PLAY_H

/* A virtual drummer with faults in words, on a chart, all the way to the study. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/study.h"

typedef struct dt__practice {
  dt_chart chart;
  dt_take take;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_judge_config config;
} dt__practice;

/* name: of the library, or else a chart as text. Judged at level player. */
static inline void dt__practice_make(dt__practice* p, const char* name, const char* words,
                                     uint64_t seed, bool with_chart) {
  dt_error err = {.sentence = ""};
  memset(p, 0, sizeof *p);
  const dt_chart_entry* entry = dt_chart_library_named(name);
  const char* text = entry != NULL ? entry->text : name;
  assert_int_equal(dt_chart_parse(&p->chart, NULL, text, strlen(text), &err), DT_OK);
  dt_drummer drummer = dt_drummer_default();
  drummer.bpm = 0.0;
  drummer.seed = seed;
  if (dt_drummer_parse(&drummer, words, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  dt_part part;
  dt_truths truths;
  assert_int_equal(dt_drummer_part(&drummer, &p->chart, NULL, &part), DT_OK);
  assert_int_equal(dt_drummer_play(&drummer, &part, NULL, &truths, &err), DT_OK);
  assert_int_equal(dt_take_from_truths(&p->take, NULL, &truths, &drummer, &part), DT_OK);
  p->take.duration_s += 1.0;
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  p->config = dt_judge_default(&p->take);
  if (with_chart) {
    assert_int_equal(dt_align(&p->alignment, NULL, &p->take, &p->config, &p->chart, &err), DT_OK);
    p->config.chart = &p->chart;
    p->config.alignment = &p->alignment;
  }
  assert_int_equal(dt_judge(&p->verdict, NULL, &p->take, &p->config, &err), DT_OK);
}

static inline dt_status dt__practice_study(const dt__practice* p, const dt_allocator* allocator,
                                           dt_study* study) {
  const bool with_chart = p->config.chart != NULL;
  return dt_study_make(study, allocator, &p->take, &p->verdict, with_chart ? &p->alignment : NULL,
                       with_chart ? &p->chart : NULL);
}

static inline void dt__practice_clear(dt__practice* p) {
  dt_verdict_clear(&p->verdict, NULL);
  dt_alignment_clear(&p->alignment, NULL);
  dt_take_clear(&p->take, NULL);
  dt_chart_clear(&p->chart, NULL);
}

#endif
