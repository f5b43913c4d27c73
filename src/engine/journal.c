#include "journal.h"

#include <errno.h>
#include <inttypes.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dt/chart_text.h"
#include "dt/file.h"
#include "dt/past_text.h"

#define PATH_MAX_BYTES 1024

struct dt__journal {
  const dt_allocator* allocator;
  FILE* events;
  FILE* decisions;
  SNDFILE* sound;
  char trouble[DT_ERROR_SENTENCE_MAX];
};

static FILE* open_in(const char* folder, const char* name, dt_error* err) {
  char path[PATH_MAX_BYTES];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* file = fopen(path, "wx");
  if (!file)
    (void)dt_fail(err, DT_IO,
                  errno == EEXIST ? "There is already a session in this folder (%s)"
                                  : "%s cannot be written",
                  name);
  return file;
}

static dt_status close_file(FILE* file, dt_status status, dt_error* err) {
  const bool bad = ferror(file) != 0;
  if ((fclose(file) != 0 || bad) && status == DT_OK)
    return dt_fail(err, DT_IO, "The session's folder takes no more: is the disk full?");
  return status;
}

static dt_status write_head(const char* folder, const dt__journal_head* head, dt_error* err) {
  FILE* file = open_in(folder, "session.txt", err);
  if (!file)
    return DT_IO;
  fprintf(file,
          "doubletime session 1\nrate %d\nsound %d\njitter_s %.17g\nlatency_frames %lld\nseed "
          "%" PRIu64 "\ntoday %lld\nno_rest %d\nkit %s\n%s%s%s%s%s",
          head->rate_hz, head->sound ? 1 : 0, head->jitter_s, (long long)head->latency_frames,
          head->seed, (long long)head->today, head->no_rest ? 1 : 0, head->kit[0] ? head->kit : "-",
          head->kit_map ? "kit_map kit.txt\n" : "", head->sync ? "sync " : "",
          head->sync ? dt_leader_sync_name(head->sync) : "", head->sync ? "\n" : "",
          head->has_band ? "band band.mid\n" : "");
  return close_file(file, DT_OK, err);
}

/* A file that the session was given, as it is; bytes NULL: none. */
static dt_status write_given(const char* folder, const char* name, const char* bytes, size_t size,
                             dt_error* err) {
  if (!bytes)
    return DT_OK;
  FILE* file = open_in(folder, name, err);
  if (!file)
    return DT_IO;
  const bool wrote = fwrite(bytes, 1, size, file) == size;
  return close_file(file, wrote ? DT_OK : dt_fail(err, DT_IO, "%s cannot be written", name), err);
}

static dt_status write_plan(const char* folder, const dt_leader_config* leader, dt_error* err) {
  FILE* file = open_in(folder, "plan.txt", err);
  if (!file)
    return DT_IO;
  dt_status status = close_file(file, dt_plan_write(leader->plan, dt_file_sink(file)), err);
  for (int i = 0; status == DT_OK && i < leader->plan->count; i++) {
    char name[32];
    snprintf(name, sizeof name, "chart-%d.txt", i + 1);
    file = open_in(folder, name, err);
    if (!file)
      return DT_IO;
    status = close_file(file, dt_chart_write(&leader->charts[i], dt_file_sink(file)), err);
  }
  return status;
}

static dt_status write_past(const char* folder, const dt_leader_config* leader, dt_error* err) {
  FILE* file = open_in(folder, "past.txt", err);
  if (!file)
    return DT_IO;
  for (size_t i = 0; i < leader->past_count; i++)
    dt_past_write(file, &leader->past[i]);
  return close_file(file, DT_OK, err);
}

static dt_status open_growing(dt__journal* journal, const char* folder,
                              const dt__journal_head* head, dt_error* err) {
  journal->events = open_in(folder, "events.txt", err);
  journal->decisions = journal->events ? open_in(folder, "decisions.txt", err) : NULL;
  if (!journal->decisions)
    return DT_IO;
  if (!head->sound)
    return DT_OK;
  char path[PATH_MAX_BYTES];
  snprintf(path, sizeof path, "%s/sound.flac", folder);
  SF_INFO about = {
      .samplerate = head->rate_hz, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_24};
  journal->sound = sf_open(path, SFM_WRITE, &about);
  return journal->sound ? DT_OK : dt_fail(err, DT_IO, "sound.flac cannot be written");
}

dt_status dt__journal_new(dt__journal** out, const dt_allocator* allocator, const char* folder,
                          const dt__journal_head* head, const dt_leader_config* leader,
                          dt_error* err) {
  *out = NULL;
  if (strlen(folder) > PATH_MAX_BYTES - 64)
    return dt_fail(err, DT_BAD_ARGUMENT, "The folder's name is too long");
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    return dt_fail(err, DT_IO, "The folder cannot be made: %s", strerror(errno));
  dt__journal* journal = dt_alloc_zero(allocator, sizeof *journal);
  if (!journal)
    return dt_fail(err, DT_NO_MEMORY, "No memory to record the session");
  journal->allocator = allocator;
  dt_status status = write_head(folder, head, err);
  if (status == DT_OK)
    status = write_given(folder, "kit.txt", head->kit_map, head->kit_map_size, err);
  if (status == DT_OK)
    status = write_given(folder, "band.mid", head->band_file, head->band_file_size, err);
  if (status == DT_OK)
    status = write_plan(folder, leader, err);
  if (status == DT_OK)
    status = write_past(folder, leader, err);
  if (status == DT_OK)
    status = open_growing(journal, folder, head, err);
  if (status != DT_OK) {
    dt__journal_free(journal, -1);
    return status;
  }
  *out = journal;
  return DT_OK;
}

static bool well(dt__journal* journal, bool wrote) {
  if (!wrote && !journal->trouble[0])
    snprintf(journal->trouble, sizeof journal->trouble, "The session is not recorded any more: %s",
             errno ? strerror(errno) : "the disk takes no more");
  return !journal->trouble[0];
}

/* Once the disk took no more nothing more is written: it would come after a hole.
 *
 * Whole numbers, as libsndfile scales floats by other factors when it writes and when it reads. */
bool dt__journal_sound(dt__journal* journal, const float* mono, int frames) {
  int samples[512];
  if (journal->trouble[0])
    return false;
  for (int done = 0; journal->sound && done < frames;) {
    const int count = frames - done < 512 ? frames - done : 512;
    for (int i = 0; i < count; i++)
      samples[i] = (int)(mono[done + i] * 8388608.0F) * 256;
    if (!well(journal, sf_writef_int(journal->sound, samples, count) == count))
      return false;
    done += count;
  }
  return true;
}

bool dt__journal_midi(dt__journal* journal, dt_frame at, const uint8_t* bytes, int size) {
  if (journal->trouble[0])
    return false;
  const int b = size > 1 ? bytes[1] : 0;
  const int c = size > 2 ? bytes[2] : 0;
  return well(journal, fprintf(journal->events, "midi %lld %d %d %d %d\n", (long long)at, size,
                               bytes[0], b, c) > 0);
}

bool dt__journal_key(dt__journal* journal, dt_frame at, dt_leader_key key) {
  if (journal->trouble[0])
    return false;
  return well(journal, fprintf(journal->events, "key %lld %d\n", (long long)at, (int)key) > 0);
}

bool dt__journal_gap(dt__journal* journal, dt_frame at, dt_frame frames) {
  if (journal->trouble[0])
    return false;
  return well(journal,
              fprintf(journal->events, "gap %lld %lld\n", (long long)at, (long long)frames) > 0);
}

/* The tempo in whole millionths, so that what is read is what was meant. */
bool dt__journal_transport(dt__journal* journal, dt_frame at, bool is_rolling, dt_frame frame,
                           double bpm) {
  if (journal->trouble[0])
    return false;
  return well(journal, fprintf(journal->events, "transport %lld %d %lld %.0f\n", (long long)at,
                               is_rolling, (long long)frame, bpm * 1e6) > 0);
}

bool dt__journal_decision(dt__journal* journal, const char* text) {
  if (journal->trouble[0])
    return false;
  return well(journal, fprintf(journal->decisions, "%s\n", text) > 0);
}

/* "heard" says how far the events above it are complete. */
bool dt__journal_flush(dt__journal* journal, dt_frame heard) {
  if (journal->trouble[0])
    return false;
  bool wrote = fprintf(journal->events, "heard %lld\n", (long long)heard) > 0;
  wrote = fflush(journal->events) == 0 && wrote;
  wrote = fflush(journal->decisions) == 0 && wrote;
  if (journal->sound)
    sf_write_sync(journal->sound);
  return well(journal, wrote);
}

const char* dt__journal_trouble(const dt__journal* journal) {
  return journal->trouble;
}

void dt__journal_free(dt__journal* journal, dt_frame heard) {
  if (!journal)
    return;
  if (journal->events && heard >= 0 && !journal->trouble[0])
    fprintf(journal->events, "end %lld\n", (long long)heard);
  if (journal->events)
    fclose(journal->events);
  if (journal->decisions)
    fclose(journal->decisions);
  if (journal->sound)
    sf_close(journal->sound);
  dt_release(journal->allocator, journal, sizeof *journal);
}
