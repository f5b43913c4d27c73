#include "keep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "dt/report.h"

enum { PATH_SIZE = 4096 };

const char* dt__file_name(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

bool dt__store_default(char* path, size_t size) {
  const char* data = getenv("XDG_DATA_HOME");
  const char* home = getenv("HOME");
  int length = -1;
  if (data && data[0] == '/') /* the XDG rules: others count as not set */
    length = snprintf(path, size, "%s/doubletime/doubletime.db", data);
  else if (home && home[0])
    length = snprintf(path, size, "%s/.local/share/doubletime/doubletime.db", home);
  return length > 0 && (size_t)length < size;
}

bool dt__make_folders(const char* path) {
  char part[PATH_SIZE];
  snprintf(part, sizeof part, "%s", path);
  for (char* at = strchr(part + 1, '/'); at; at = strchr(at + 1, '/')) {
    *at = '\0';
    if (mkdir(part, 0700) != 0 && errno != EEXIST)
      return false;
    *at = '/';
  }
  return true;
}

int dt__store_error(const char* db, dt_status status, const dt_error* err) {
  char path[PATH_SIZE];
  if (!db && dt__store_default(path, sizeof path))
    db = path;
  return dt__world_error(db, status, err);
}

int dt__store_open(dt_store** store, const char* db, bool create) {
  char path[PATH_SIZE];
  dt_error err = {0};
  const dt_store_options options = {.create = create};
  *store = NULL;
  if (!db && !dt__store_default(path, sizeof path)) {
    dt__complain("there is no home folder for the database (HOME is not set); name one with --db");
    return DT__FAILED;
  }
  if (!db && create && !dt__make_folders(path)) {
    dt__complain("%s: cannot make this folder (%s); name another database with --db", path,
                 strerror(errno));
    return DT__FAILED;
  }
  const dt_status status = dt_store_open(store, db ? db : path, &options, &err);
  if (status == DT_OK || (status == DT_NOT_FOUND && !db))
    return DT__DONE;
  return dt__world_error(db ? db : path, status, &err);
}

/* Digits that must all be there; -1 when one is not. */
static int digits(const char** at, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i, ++*at) {
    if (**at < '0' || **at > '9')
      return -1;
    value = value * 10 + (**at - '0');
  }
  return value;
}

static bool skip(const char** at, char c) {
  const bool there = **at == c;
  *at += there;
  return there;
}

static bool read_clock(const char* at, struct tm* moment) {
  moment->tm_hour = digits(&at, 2);
  if (!skip(&at, ':'))
    return false;
  moment->tm_min = digits(&at, 2);
  moment->tm_sec = skip(&at, ':') ? digits(&at, 2) : 0;
  return *at == '\0' && moment->tm_hour >= 0 && moment->tm_hour <= 23 && moment->tm_min >= 0 &&
         moment->tm_min <= 59 && moment->tm_sec >= 0 && moment->tm_sec <= 59;
}

bool dt__read_moment(const char* text, bool last, int64_t* moment_s) {
  struct tm moment;
  const char* at = text;
  memset(&moment, 0, sizeof moment);
  const int year = digits(&at, 4);
  bool good = year >= 1000 && skip(&at, '-');
  const int month = good ? digits(&at, 2) : -1;
  good = good && month >= 1 && month <= 12 && skip(&at, '-');
  const int day = good ? digits(&at, 2) : -1;
  good = good && day >= 1 && day <= 31;
  moment.tm_year = year - 1900;
  moment.tm_mon = month - 1;
  moment.tm_mday = day;
  moment.tm_isdst = -1;
  if (good && *at == '\0' && last)
    moment.tm_hour = 23, moment.tm_min = 59, moment.tm_sec = 59;
  else if (good && *at != '\0')
    good = (skip(&at, ' ') || skip(&at, 'T')) && read_clock(at, &moment);
  if (!good)
    return false;
  const time_t when = mktime(&moment);
  *moment_s = (int64_t)when;
  return moment.tm_mday == day; /* 31 February has moved */
}

void dt__write_day(int64_t moment_s, char* day, size_t size) {
  const time_t when = (time_t)moment_s;
  struct tm moment;
  if (!localtime_r(&when, &moment) || strftime(day, size, "%Y-%m-%d", &moment) == 0)
    snprintf(day, size, "?");
}

static bool is_name(const char* name) {
  return !name || (name[0] && strlen(name) <= DT_STORE_NAME_MAX);
}

int dt__keep_check(const char* command, const dt__keep* keep) {
  int64_t moment_s = 0;
  if (!keep->save && (keep->player || keep->at || keep->db))
    return dt__usage_error(command, "--player, --at and --db need --save beside them");
  if (!is_name(keep->player) || !is_name(keep->chart))
    return dt__usage_error(command, "a name has at most %d bytes", DT_STORE_NAME_MAX);
  if (keep->at && !dt__read_moment(keep->at, false, &moment_s))
    return dt__usage_error(command,
                           "--at takes a day or a moment, as in 2026-03-01 or "
                           "'2026-03-01 18:30', not '%.40s'",
                           keep->at);
  return DT__DONE;
}

static dt_status report_of(const dt_record* record, const dt_verdict* verdict,
                           const dt_study* study, dt_buffer* text) {
  const dt_report_options options = {
      .file = record->file, .version = DT__VERSION, .config = &record->config, .study = study};
  dt_status status = dt_report_json(&record->take, verdict, &options, dt_buffer_sink(text));
  if (status == DT_OK)
    status = dt_sink_write(dt_buffer_sink(text), "", 1);
  return status;
}

int dt__keep_take(const dt__keep* keep, const dt_take* take, const dt_judge_config* config,
                  const dt_verdict* verdict, const dt_study* study, const char* file,
                  const dt__globals* globals) {
  dt_store* store = NULL;
  dt_buffer report = {0};
  dt_error err = {0};
  int64_t number = 0;
  bool known = false;
  dt_record record = {
      .taken_at_s = (int64_t)time(NULL),
      .player = keep->player,
      .chart = keep->chart,
      .file = dt__file_name(file),
      .program = DT__VERSION,
      .take = *take,
      .config = *config,
      .summary = dt_summary_of(verdict),
      .judged = verdict->judged,
      .judged_count = verdict->judged_count,
  };
  if (keep->at)
    (void)dt__read_moment(keep->at, false, &record.taken_at_s);
  int result = dt__store_open(&store, keep->db, true);
  if (result != DT__DONE)
    return result;
  if (study && study->alignment) {
    record.summary.missed_count = (int64_t)study->alignment->missed_count;
    record.summary.wrong_drum_count = (int64_t)study->alignment->wrong_count;
    record.summary.extra_count = (int64_t)study->alignment->extra_count;
  }
  dt_status status = report_of(&record, verdict, study, &report);
  record.report = (const char*)report.bytes;
  if (status == DT_OK)
    status = dt_store_save(store, &record, &number, &known, &err);
  if (status != DT_OK)
    result = dt__store_error(keep->db, status, &err);
  else if (known)
    dt__note(globals, "%s: is there already, as take %lld; not stored again", file,
             (long long)number);
  else /* said as soon as it is true: closing tidies up and takes as long again */
    dt__note(globals, "%s: saved as take %lld", file, (long long)number);
  dt_store_close(store);
  dt_buffer_clear(&report);
  return result;
}

const char* const dt__word_choices[] = {"cant_tell", "rushing",       "dragging",
                                        "scattered", "in_the_pocket", NULL};
const char* const dt__drum_choices[] = {
#define NAME(id, name, gm) name,
    DT_DRUM_LIST(NAME)
#undef NAME
        NULL};

int dt__which_filter(const char* command, const dt__which* which, dt_filter* filter) {
  *filter = dt_filter_all();
  filter->player = which->player;
  filter->chart = which->chart;
  filter->word = which->word;
  filter->drum = which->drum;
  filter->limit = (size_t)which->limit;
  if (which->since && !dt__read_moment(which->since, false, &filter->since_s))
    return dt__usage_error(command, "--since takes a day, as in 2026-03-01, not '%.40s'",
                           which->since);
  if (which->until && !dt__read_moment(which->until, true, &filter->until_s))
    return dt__usage_error(command, "--until takes a day, as in 2026-03-01, not '%.40s'",
                           which->until);
  return DT__DONE;
}
