#include "uploads.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "background.h"
#include "dt/home_charts.h"
#include "messages.h"
#include "uploads_internal.h"

#define KEPT_MAX 256                  /* that are over and still answered for */
#define SPARE    ((uint64_t)64 << 20) /* bytes that stay free on the disk */
#define TELL_US  150000

const char* dt__upload_state_name(dt__upload_state state) {
  static const char* const names[] = {"receiving", "hearing", "judging",
                                      "done",      "failed",  "cancelled"};
  return names[state];
}

static int64_t monotonic_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool is_over(const dt__upload* upload) {
  return upload->state >= DT__DONE;
}

/* ---- telling the pages ---- */

/* Under the lock, so that messages keep their order. */
static void tell(dt__upload* upload) {
  dt_buffer fields = {0};
  dt__msg_upload message = dt__msg_upload_empty();
  upload->told_us = monotonic_us();
  message.upload = upload->id;
  message.state = dt__upload_state_name(upload->state);
  message.share = upload->share;
  message.take = upload->take > 0 ? upload->take : DT__MSG_NULL;
  message.text = upload->text[0] ? upload->text : NULL;
  if (upload->uploads->api->feed && dt__msg_upload_write(&fields, &message) == DT_OK)
    dt__feed_put(upload->uploads->api->feed, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
}

void dt__upload_move(dt__upload* upload, dt__upload_state state, int64_t take, const char* text) {
  pthread_mutex_lock(&upload->uploads->lock);
  upload->state = state;
  upload->share = state == DT__DONE ? 1 : 0;
  upload->take = take > 0 ? take : upload->take;
  if (text)
    snprintf(upload->text, sizeof upload->text, "%s", text);
  tell(upload);
  pthread_mutex_unlock(&upload->uploads->lock);
}

void dt__upload_share(dt__upload* upload, double share) {
  pthread_mutex_lock(&upload->uploads->lock);
  if (isfinite(share))
    upload->share = fmin(fmax(share, 0), 1);
  if (monotonic_us() - upload->told_us >= TELL_US)
    tell(upload);
  pthread_mutex_unlock(&upload->uploads->lock);
}

/* ---- the files ---- */

void dt__upload_sweep(const dt__upload* upload) {
  unlink(upload->path);
  unlink(upload->wave);
  unlink(upload->flac);
}

/* "uploads/PID-ID.part": the process says whose it is. */
static bool name_file(const dt__upload* upload, const char* ending, char path[DT_HOME_PATH]) {
  char name[96];
  snprintf(name, sizeof name, "uploads/%ld-%s.%s", (long)getpid(), upload->id, ending);
  return dt_home_beside(path, DT_HOME_PATH, upload->uploads->api->db, name);
}

/* What a doubletime left that was killed. */
static void sweep_folder(const dt__api* api) {
  char folder[DT_HOME_PATH];
  char path[DT_HOME_PATH + 300];
  DIR* open = dt_home_beside(folder, sizeof folder, api->db, "uploads") ? opendir(folder) : NULL;
  if (!open)
    return;
  for (const struct dirent* one = readdir(open); one; one = readdir(open)) {
    char* end = NULL;
    const long process = strtol(one->d_name, &end, 10);
    const bool is_ours = process > 0 && end[0] == '-' && end[1] == 'u';
    if (!is_ours || (process != (long)getpid() && kill((pid_t)process, 0) == 0))
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
    unlink(path);
  }
  closedir(open);
}

/* ---- receiving ---- */

/* Over and old ones go; what is going on stays. Under the lock. */
static void forget_old(dt__uploads* uploads) {
  dt__upload** last = NULL;
  for (dt__upload** at = &uploads->list; *at; at = &(*at)->next)
    if (is_over(*at))
      last = at;
  if (uploads->count < KEPT_MAX || !last)
    return;
  dt__upload* gone = *last;
  *last = gone->next;
  uploads->count--;
  free(gone);
}

static int busy(const dt__uploads* uploads) {
  int count = 0;
  for (const dt__upload* one = uploads->list; one; one = one->next)
    count += !is_over(one);
  return count;
}

int dt__uploads_busy(dt__uploads* uploads) {
  pthread_mutex_lock(&uploads->lock);
  const int count = busy(uploads);
  pthread_mutex_unlock(&uploads->lock);
  return count;
}

static int index_of(const char* const* words, const char* word) {
  for (int i = 0; words[i]; i++)
    if (strcmp(words[i], word) == 0)
      return i;
  return -1;
}

static bool read_grid(const dt__request* request, dt__upload* upload, dt__reply* reply) {
  static const char* const grids[] = {"click", "tempo", "free", NULL};
  static const char* const levels[] = {"beginner", "player", "pro", NULL};
  char grid[16];
  char level[16];
  if (!dt__query_text(request, "grid", grid, sizeof grid, reply) ||
      !dt__query_text(request, "level", level, sizeof level, reply) ||
      !dt__query_number(request, "bpm", 20, 400, (double)NAN, &upload->bpm, reply))
    return false;
  upload->grid = index_of(grids, grid);
  upload->level = level[0] ? index_of(levels, level) : DT_LEVEL_PLAYER;
  if (grid[0] && upload->grid < 0)
    dt__refuse(reply, 422, "grid is click, tempo or free");
  else if (upload->level < 0)
    dt__refuse(reply, 422, "level is beginner, player or pro");
  else if (upload->grid == DT_GRID_TEMPO && isnan(upload->bpm))
    dt__refuse(reply, 422, "The grid of a tempo needs bpm beside it");
  else if (upload->grid >= 0 && upload->grid != DT_GRID_TEMPO && !isnan(upload->bpm))
    dt__refuse(reply, 422, "bpm gives the tempo and grid finds it; choose one");
  else
    return true;
  return false;
}

/* What the request says of it. */
static bool read_wishes(const dt__request* request, dt__upload* upload, dt__reply* reply) {
  char name[1024];
  dt_error err = {0};
  dt_chart chart = {.name = ""};
  if (!dt__query_text(request, "name", name, sizeof name, reply) ||
      !dt__query_text(request, "chart", upload->chart, sizeof upload->chart, reply) ||
      !read_grid(request, upload, reply))
    return false;
  const char* back = strrchr(name, '\\');
  const char* shown = dt_home_file_name(back ? back + 1 : name);
  dt_chart_copy_text(upload->name, DT_STORE_NAME_MAX, shown, strlen(shown));
  if (!upload->chart[0])
    return true;
  const dt_status status =
      dt_home_chart_load(&chart, upload->uploads->api->home, upload->chart, NULL, &err);
  dt_chart_clear(&chart, NULL);
  if (status != DT_OK)
    dt__refuse(reply, 422, "%s", err.sentence);
  return status == DT_OK;
}

/* Is there room on the disk for a file of so many bytes? */
static bool has_room(const char* path, uint64_t size, uint64_t* free_bytes) {
  char folder[DT_HOME_PATH];
  struct statvfs disk;
  snprintf(folder, sizeof folder, "%s", path);
  char* slash = strrchr(folder, '/');
  if (slash)
    *slash = '\0';
  if (statvfs(slash ? folder : ".", &disk) != 0)
    return true; /* writing will tell */
  *free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
  return size + SPARE <= *free_bytes;
}

static bool open_file(dt__upload* upload, dt__reply* reply) {
  uint64_t free_bytes = 0;
  if (!name_file(upload, "part", upload->path) || !name_file(upload, "wave", upload->wave) ||
      !name_file(upload, "flac", upload->flac)) {
    dt__refuse(reply, 503, "There is no home folder for recordings (HOME is not set)");
    return false;
  }
  if (!dt_home_make_folders(upload->path)) {
    dt__refuse(reply, 503, "The folder for recordings cannot be made: %s", strerror(errno));
    return false;
  }
  if (!has_room(upload->path, upload->size, &free_bytes)) {
    dt__refuse(reply, 507,
               "The disk has no room: the recording has %.1f MB, and %.1f MB are free; free some",
               (double)upload->size / 1e6, (double)free_bytes / 1e6);
    return false;
  }
  upload->file = fopen(upload->path, "wb");
  if (!upload->file)
    dt__refuse(reply, 503, "The recording cannot be received: %s", strerror(errno));
  return upload->file != NULL;
}

static bool is_welcome(dt__uploads* uploads, uint64_t size, dt__reply* reply) {
  if (size == 0)
    dt__refuse(reply, 422, "The file is empty; choose another");
  else if (size > DT__UPLOAD_MAX)
    dt__refuse(reply, 413, "The file has more than 8 GiB; cut it in parts");
  else if (dt__uploads_busy(uploads) >= DT__UPLOADS_MAX)
    dt__refuse(reply, 429, "%d recordings are being worked on; wait until one is done",
               DT__UPLOADS_MAX);
  else
    return true;
  return false;
}

dt__upload* dt__upload_begin(dt__api* api, const dt__request* request, uint64_t size,
                             dt__reply* reply) {
  dt__uploads* uploads = api->uploads;
  if (!is_welcome(uploads, size, reply))
    return NULL;
  dt__upload* upload = calloc(1, sizeof *upload);
  if (!upload) {
    dt__reply_full(reply);
    return NULL;
  }
  upload->uploads = uploads;
  upload->size = size;
  snprintf(upload->id, sizeof upload->id, "u%d", uploads->number + 1);
  if (!read_wishes(request, upload, reply) || !open_file(upload, reply)) {
    free(upload);
    return NULL;
  }
  pthread_mutex_lock(&uploads->lock);
  uploads->number++;
  forget_old(uploads);
  upload->next = uploads->list;
  uploads->list = upload;
  uploads->count++;
  tell(upload);
  pthread_mutex_unlock(&uploads->lock);
  return upload;
}

static bool refuse(dt__upload* upload, int status, const char* sentence) {
  if (upload->refused == 0) {
    upload->refused = status;
    pthread_mutex_lock(&upload->uploads->lock);
    snprintf(upload->text, sizeof upload->text, "%s", sentence);
    pthread_mutex_unlock(&upload->uploads->lock);
  }
  return false;
}

static const char* disk_sentence(int why) {
  return why == ENOSPC || why == EDQUOT || why == EFBIG
             ? "The disk is full: free some room, and drop the recording again"
             : "The recording cannot be written to the disk";
}

bool dt__upload_data(dt__upload* upload, const void* bytes, size_t size) {
  if (upload->refused != 0)
    return false;
  if (atomic_load(&upload->is_cancelled))
    return refuse(upload, 409, "Cancelled");
  upload->got += size;
  if (upload->got > upload->size)
    return refuse(upload, 422, "More came than was announced; send the file again");
  errno = 0;
  if (fwrite(bytes, 1, size, upload->file) != size)
    return refuse(upload, 507, disk_sentence(errno));
  dt__upload_share(upload, (double)upload->got / (double)upload->size);
  return true;
}

static void answer_begun(const dt__upload* upload, dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "upload", upload->id);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
  reply->status = reply->status == 200 ? 202 : reply->status;
}

void dt__upload_end(dt__upload* upload, dt__reply* reply) {
  dt__uploads* uploads = upload->uploads;
  errno = 0;
  if (upload->refused == 0 && upload->got < upload->size)
    (void)refuse(upload, 400, "The recording broke off on its way; drop it again");
  if (fclose(upload->file) != 0 && upload->refused == 0)
    (void)refuse(upload, 507, disk_sentence(errno));
  upload->file = NULL;
  if (upload->refused != 0) {
    char text[sizeof upload->text];
    const int status = upload->refused;
    snprintf(text, sizeof text, "%s", upload->text);
    dt__upload_sweep(upload);
    dt__upload_move(upload, status == 409 ? DT__CANCELLED : DT__FAILED, 0, NULL);
    dt__refuse(reply, status, "%s", text);
    return;
  }
  answer_begun(upload, reply);
  dt__upload_move(upload, DT__HEARING, 0, NULL);
  pthread_mutex_lock(&uploads->lock);
  pthread_cond_signal(&uploads->more);
  pthread_mutex_unlock(&uploads->lock);
}

/* ---- the worker's thread ---- */

/* The oldest that waits. Under the lock. */
static dt__upload* next_of(const dt__uploads* uploads) {
  dt__upload* found = NULL;
  for (dt__upload* one = uploads->list; one; one = one->next)
    if (one->state == DT__HEARING)
      found = one;
  return found;
}

static void* work(void* context) {
  dt__uploads* uploads = context;
  dt__background();
  for (;;) {
    pthread_mutex_lock(&uploads->lock);
    dt__upload* upload = next_of(uploads);
    while (!upload && !uploads->is_over) {
      pthread_cond_wait(&uploads->more, &uploads->lock);
      upload = next_of(uploads);
    }
    const bool ends = uploads->is_over && !upload;
    if (upload && uploads->is_over)
      atomic_store(&upload->is_cancelled, true);
    pthread_mutex_unlock(&uploads->lock);
    if (ends)
      return NULL;
    dt__upload_work(upload);
  }
}

dt__uploads* dt__uploads_new(dt__api* api) {
  dt__uploads* uploads = calloc(1, sizeof *uploads);
  if (!uploads)
    return NULL;
  uploads->api = api;
  sweep_folder(api);
  pthread_mutex_init(&uploads->lock, NULL);
  pthread_cond_init(&uploads->more, NULL);
  if (pthread_create(&uploads->thread, NULL, work, uploads) == 0)
    return uploads;
  pthread_mutex_destroy(&uploads->lock);
  pthread_cond_destroy(&uploads->more);
  free(uploads);
  return NULL;
}

void dt__uploads_free(dt__uploads* uploads) {
  if (!uploads)
    return;
  pthread_mutex_lock(&uploads->lock);
  uploads->is_over = true;
  for (dt__upload* one = uploads->list; one; one = one->next)
    atomic_store(&one->is_cancelled, true);
  pthread_cond_signal(&uploads->more);
  pthread_mutex_unlock(&uploads->lock);
  pthread_join(uploads->thread, NULL);
  while (uploads->list) {
    dt__upload* gone = uploads->list;
    uploads->list = gone->next;
    if (gone->file) { /* its end was never told */
      fclose(gone->file);
      dt__upload_sweep(gone);
    }
    free(gone);
  }
  pthread_mutex_destroy(&uploads->lock);
  pthread_cond_destroy(&uploads->more);
  free(uploads);
}

/* ---- the paths ---- */

static void put_upload(dt_json* json, const dt__upload* upload) {
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "upload", upload->id);
  dt_json_string(json, "name", upload->name[0] ? upload->name : NULL);
  dt_json_string(json, "state", dt__upload_state_name(upload->state));
  dt_json_number(json, "share", upload->share, 4);
  if (upload->take > 0)
    dt_json_int(json, "take", upload->take);
  else
    dt_json_null(json, "take");
  dt_json_string(json, "text", upload->text[0] ? upload->text : NULL);
  dt_json_end_object(json);
}

void dt__answer_uploads(dt__api* api, const dt__request* request, const dt__parts* parts,
                        dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  (void)request;
  (void)parts;
  dt_json_begin_object(&json, NULL);
  dt_json_begin_array(&json, "uploads");
  pthread_mutex_lock(&api->uploads->lock);
  for (const dt__upload* one = api->uploads->list; one; one = one->next)
    put_upload(&json, one);
  pthread_mutex_unlock(&api->uploads->lock);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
}

static dt__upload* find(const dt__uploads* uploads, const char* id) {
  dt__upload* one = uploads->list;
  while (one && strcmp(one->id, id) != 0)
    one = one->next;
  return one;
}

static void refuse_unknown(const char* id, dt__reply* reply) {
  dt__refuse(reply, 404, "There is no upload '%s'; an old one is found in the history",
             dt__show(id).text);
}

void dt__answer_upload(dt__api* api, const dt__request* request, const dt__parts* parts,
                       dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  (void)request;
  pthread_mutex_lock(&api->uploads->lock);
  const dt__upload* upload = find(api->uploads, parts->at[0]);
  if (upload)
    put_upload(&json, upload);
  pthread_mutex_unlock(&api->uploads->lock);
  if (upload)
    dt__reply_end(reply, &json);
  else
    refuse_unknown(parts->at[0], reply);
}

void dt__answer_upload_delete(dt__api* api, const dt__request* request, const dt__parts* parts,
                              dt__reply* reply) {
  (void)request;
  pthread_mutex_lock(&api->uploads->lock);
  dt__upload* upload = find(api->uploads, parts->at[0]);
  const bool was_over = upload && is_over(upload);
  if (upload && !was_over)
    atomic_store(&upload->is_cancelled, true);
  pthread_mutex_unlock(&api->uploads->lock);
  if (!upload)
    refuse_unknown(parts->at[0], reply);
  else if (was_over)
    dt__refuse(reply, 409, "It is over already; a take stays in the history");
  else
    reply->status = 204;
}
