#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api_internal.h"
#include "dt/align.h"
#include "dt/home_charts.h"
#include "dt/report.h"
#include "dt/study.h"

/* ---- a take as one page ---- */

typedef struct judgement {
  dt_chart chart;
  dt_alignment alignment;
  dt_judge_config config;
  dt_verdict verdict;
  dt_study study;
} judgement;

static void clear(judgement* j) {
  dt_study_clear(&j->study, NULL);
  dt_verdict_clear(&j->verdict, NULL);
  dt_alignment_clear(&j->alignment, NULL);
  dt_chart_clear(&j->chart, NULL);
}

/* The chart that the take was judged against, where it is still the same: what was played may have
 * been a piece of it, or it was edited since, and then the counts differ. */
static bool find_chart(const dt__api* api, const dt_record* record, judgement* j) {
  dt_error err = {0};
  if (!record->chart || record->summary.missed_count < 0 ||
      dt_home_chart_load(&j->chart, api->home, record->chart, NULL, &err) != DT_OK)
    return false;
  if (dt_align(&j->alignment, NULL, &record->take, &record->config, &j->chart, &err) == DT_OK &&
      (int64_t)j->alignment.missed_count == record->summary.missed_count &&
      (int64_t)j->alignment.extra_count == record->summary.extra_count &&
      (int64_t)j->alignment.wrong_count == record->summary.wrong_drum_count)
    return true;
  dt_alignment_clear(&j->alignment, NULL);
  dt_chart_clear(&j->chart, NULL);
  return false;
}

static dt_status judge_again(const dt__api* api, const dt_record* record, judgement* j,
                             dt_error* err) {
  memset(j, 0, sizeof *j);
  const bool has_chart = find_chart(api, record, j);
  j->config = record->config;
  j->config.chart = has_chart ? &j->chart : NULL;
  j->config.alignment = has_chart ? &j->alignment : NULL;
  dt_status status = dt_judge(&j->verdict, NULL, &record->take, &j->config, err);
  if (status == DT_OK)
    status = dt_study_make(&j->study, NULL, &record->take, &j->verdict, j->config.alignment,
                           j->config.chart);
  return status;
}

void dt__answer_page(dt__api* api, const dt__request* request, const dt__parts* parts,
                     dt__reply* reply) {
  dt_record record;
  judgement j;
  dt_error err = {0};
  int64_t download = 0;
  if (!dt__query_int(request, "download", 0, 1, 0, &download, reply) ||
      !dt__api_load(api, parts->at[0], &record, reply))
    return;
  dt_status status = judge_again(api, &record, &j, &err);
  const dt_report_options options = {.utf8 = true,
                                     .file = record.file,
                                     .version = DT__VERSION,
                                     .config = &j.config,
                                     .study = &j.study};
  if (status == DT_OK)
    status =
        dt_report_html(&record.take, &j.verdict, &j.study, &options, dt_buffer_sink(&reply->body));
  clear(&j);
  reply->status = 200;
  reply->type = "text/html; charset=utf-8";
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  else if (download)
    dt__reply_download(reply, "doubletime-take-%lld.html", (long long)record.number);
  dt_record_clear(&record, NULL);
}

/* ---- two takes ---- */

typedef struct side {
  char name[40];
  dt_record record;
  dt_verdict verdict;
} side;

/* Judged again, so that both are judged by the same program. */
static bool load_side(dt__api* api, int64_t number, side* s, dt__reply* reply) {
  char text[24];
  dt_error err = {0};
  snprintf(text, sizeof text, "%" PRId64, number);
  snprintf(s->name, sizeof s->name, "take %" PRId64, number);
  if (!dt__api_load(api, text, &s->record, reply))
    return false;
  const dt_status status = dt_judge(&s->verdict, NULL, &s->record.take, &s->record.config, &err);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  return status == DT_OK;
}

void dt__answer_compare(dt__api* api, const dt__request* request, const dt__parts* parts,
                        dt__reply* reply) {
  const int64_t most = INT64_C(999999999999999999);
  int64_t numbers[2];
  int64_t seed = 1;
  side sides[2];
  dt_comparison comparison;
  (void)parts;
  memset(sides, 0, sizeof sides);
  if (!dt__query_has(request, "a") || !dt__query_has(request, "b")) {
    dt__refuse(reply, 422, "Two takes are compared: name their numbers, as in ?a=12&b=31");
    return;
  }
  if (!dt__query_int(request, "a", 1, most, 0, &numbers[0], reply) ||
      !dt__query_int(request, "b", 1, most, 0, &numbers[1], reply) ||
      !dt__query_int(request, "seed", 0, most, 1, &seed, reply))
    return;
  bool is_there = true;
  for (int i = 0; i < 2 && is_there; i++)
    is_there = load_side(api, numbers[i], &sides[i], reply);
  if (is_there) {
    dt_compare(&comparison, &sides[0].record.take, &sides[0].verdict, &sides[1].record.take,
               &sides[1].verdict, (uint64_t)seed);
    const dt_compared a = {sides[0].name, &sides[0].verdict};
    const dt_compared b = {sides[1].name, &sides[1].verdict};
    reply->status = 200;
    if (dt_report_compare_json(&comparison, &a, &b, DT__VERSION, dt_buffer_sink(&reply->body)) !=
        DT_OK)
      dt__reply_full(reply);
  }
  for (int i = 0; i < 2; i++) {
    dt_verdict_clear(&sides[i].verdict, NULL);
    dt_record_clear(&sides[i].record, NULL);
  }
}
