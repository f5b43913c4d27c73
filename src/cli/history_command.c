#include <math.h>
#include <string.h>

#include "command.h"
#include "dt/home.h"
#include "dt/home_keep.h"
#include "dt/json.h"
#include "keep.h"
#include "output.h"
#include "paper.h"

typedef struct history_values {
  dt__which which;
  const char* db;
  const char* json;
} history_values;

#define AT(field) offsetof(history_values, field)

enum { LINES = 20 };

const dt__option dt__history_options[] = {
    DT__WHICH_OPTIONS(AT),
    {'j', "json", "FILE", "Write the list as JSON", DT__FILE_OUT, AT(json), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_IN, AT(db), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct history_job {
  history_values values;
  dt_filter filter;
  dt_store* store; /* NULL: none yet */
  dt__paper paper;
  dt_json json;
  size_t matching;
  size_t shown;
  dt_error err; /* of the store */
} history_job;

/* At most `width` letters of a name, and spaces up to it; a letter is a UTF-8 sequence. */
static void put_name(dt__paper* paper, const char* name, int width) {
  const char* end = name ? name : "-";
  name = end;
  int letters = 0;
  for (; *end && letters < width; ++letters)
    do
      ++end;
    while (((unsigned char)*end & 0xC0) == 0x80);
  dt__write(paper, "%.*s%*s ", (int)(end - name), name, width - letters, "");
}

static void put_number(dt__paper* paper, int width, int decimals, bool sign, double value) {
  if (isnan(value))
    dt__write(paper, "%*s ", width, "?");
  else
    dt__write(paper, sign ? "%+*.*f " : "%*.*f ", width, decimals, value + 0.0);
}

static void put_estimate(dt__paper* paper, int width, int decimals, bool sign, dt_estimate e) {
  if (e.known == DT_NOT_TESTABLE)
    dt__write(paper, "%*s ", width, "-");
  else
    put_number(paper, width, decimals, sign, e.value);
}

static bool put_line(void* context, const dt_listed* listed) {
  history_job* job = context;
  char day[16];
  const dt_summary* s = &listed->summary;
  dt__paper* paper = &job->paper;
  if (job->shown++ == 0)
    dt__write(paper, "%6s %-10s %-9s %-9s %-13s %5s %6s %6s %7s\n", "take", "day", "player",
              "chart", "verdict", "bpm", "place", "drift", "scatter");
  dt_home_write_day(listed->taken_at_s, day, sizeof day);
  dt__write(paper, "%6lld %-10s ", (long long)listed->number, day);
  put_name(paper, listed->player, 9);
  put_name(paper, listed->chart, 9);
  dt__write(paper, "%-13s ", dt_word_text(s->word));
  put_number(paper, 5, 1, false, s->tempo_bpm);
  put_estimate(paper, 6, 1, true, s->placement_ms);
  put_estimate(paper, 6, 2, true, s->drift_bpm_per_min);
  put_estimate(paper, 7, 1, false, s->scatter_ms);
  dt__write(paper, "\n");
  return paper->status == DT_OK;
}

static dt_status write_text(void* context, dt_sink sink) {
  history_job* job = context;
  job->paper = (dt__paper){sink, DT_OK};
  job->shown = 0;
  if (job->store) {
    const dt_status status =
        dt_store_list(job->store, &job->filter, put_line, job, &job->matching, &job->err);
    if (status != DT_OK)
      return status;
  }
  const dt_filter all = dt_filter_all();
  const bool filtered = job->filter.player || job->filter.chart || job->filter.word >= 0 ||
                        job->filter.drum >= 0 || job->filter.since_s != all.since_s ||
                        job->filter.until_s != all.until_s;
  if (job->shown > 0)
    dt__write(&job->paper,
              "\n%zu of %zu takes. place: ms, negative is early; drift: bpm a minute; scatter: "
              "ms.\n",
              job->shown, job->matching);
  else
    dt__write(&job->paper, "%s\n",
              filtered ? "No take is like that." : "No takes yet: doubletime judge FILE --save");
  return job->paper.status;
}

static bool json_take(void* context, const dt_listed* listed) {
  history_job* job = context;
  dt_json* json = &job->json;
  dt_json_begin_object(json, NULL);
  dt_listed_json(json, listed);
  dt_json_end_object(json);
  return !json->failed;
}

static dt_status write_json(void* context, dt_sink sink) {
  history_job* job = context;
  job->json = (dt_json){.sink = sink};
  dt_status status = DT_OK;
  dt_json_begin_object(&job->json, NULL);
  dt_json_string(&job->json, "schema", "doubletime.history/1");
  dt_json_string(&job->json, "version", DT__VERSION);
  dt_json_begin_array(&job->json, "takes");
  if (job->store)
    status = dt_store_list(job->store, &job->filter, json_take, job, &job->matching, &job->err);
  dt_json_end_array(&job->json);
  dt_json_int(&job->json, "matching", (int64_t)job->matching);
  dt_json_end_object(&job->json);
  const dt_status written = dt_json_finish(&job->json);
  return status == DT_OK ? written : status;
}

int dt__history_command(int argc, char** argv, dt__globals* globals) {
  history_job job;
  const char* operand = NULL;
  int status = DT__DONE;
  memset(&job, 0, sizeof job);
  job.values.which = (dt__which){.word = -1, .drum = -1, .limit = LINES};
  if (!dt__command_begin("history", &job.values, globals, argc, argv, &operand, &status))
    return status;
  status = dt__which_filter("history", &job.values.which, &job.filter);
  if (status == DT__DONE)
    status = dt__store_open(&job.store, job.values.db, false);
  if (status != DT__DONE)
    return status;
  const dt__output outputs[] = {{"--json", job.values.json, write_json, &job}};
  status = dt__outputs_write(outputs, 1);
  if (status == DT__DONE && !dt__outputs_silence_text(outputs, 1, globals))
    status = dt__print(write_text, &job);
  dt_store_close(job.store);
  return status;
}
