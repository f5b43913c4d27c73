#include "keep.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "dt/home.h"
#include "dt/home_keep.h"

int dt__store_error(const char* db, dt_status status, const dt_error* err) {
  char path[DT_HOME_PATH];
  if (!db && dt_home_database(path, sizeof path))
    db = path;
  return dt__world_error(db, status, err);
}

int dt__store_open(dt_store** store, const char* db, bool create) {
  char path[DT_HOME_PATH];
  dt_error err = {0};
  *store = NULL;
  if (!db && !dt_home_database(path, sizeof path)) {
    dt__complain("there is no home folder for the database (HOME is not set); name one with --db");
    return DT__FAILED;
  }
  if (!db && create && !dt_home_make_folders(path)) {
    dt__complain("%s: cannot make this folder (%s); name another database with --db", path,
                 strerror(errno));
    return DT__FAILED;
  }
  const dt_status status = dt_home_store(store, db, create, path, &err);
  return status == DT_OK ? DT__DONE : dt__world_error(path, status, &err);
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
  if (keep->at && !dt_home_read_moment(keep->at, false, &moment_s))
    return dt__usage_error(command,
                           "--at takes a day or a moment, as in 2026-03-01 or "
                           "'2026-03-01 18:30', not '%.40s'",
                           keep->at);
  return DT__DONE;
}

int dt__keep_take(const dt__keep* keep, const dt_take* take, const dt_judge_config* config,
                  const dt_verdict* verdict, const dt_study* study, const char* file,
                  const dt__globals* globals) {
  dt_store* store = NULL;
  dt_error err = {0};
  int64_t number = 0;
  bool known = false;
  dt_kept kept = {
      .taken_at_s = (int64_t)time(NULL),
      .player = keep->player,
      .chart = keep->chart,
      .file = file,
      .program = DT__VERSION,
      .take = take,
      .config = config,
      .verdict = verdict,
      .study = study,
  };
  if (keep->at)
    (void)dt_home_read_moment(keep->at, false, &kept.taken_at_s);
  int result = dt__store_open(&store, keep->db, true);
  if (result != DT__DONE)
    return result;
  const dt_status status = dt_home_keep(store, &kept, &number, &known, &err);
  if (status != DT_OK)
    result = dt__store_error(keep->db, status, &err);
  else if (known)
    dt__note(globals, "%s: is there already, as take %lld; not stored again", file,
             (long long)number);
  else /* said as soon as it is true: closing tidies up and takes as long again */
    dt__note(globals, "%s: saved as take %lld", file, (long long)number);
  dt_store_close(store);
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
  if (which->since && !dt_home_read_moment(which->since, false, &filter->since_s))
    return dt__usage_error(command, "--since takes a day, as in 2026-03-01, not '%.40s'",
                           which->since);
  if (which->until && !dt_home_read_moment(which->until, true, &filter->until_s))
    return dt__usage_error(command, "--until takes a day, as in 2026-03-01, not '%.40s'",
                           which->until);
  return DT__DONE;
}
