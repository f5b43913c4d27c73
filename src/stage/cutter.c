#include "cutter.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "background.h"
#include "kept_sound.h"
#include "messages.h"

#define GAPS_MAX   4096
#define LINE_BYTES 200
#define BLOCK      4096
#define BEHIND     192000 /* frames behind a cut's end that must be heard: a second at any rate */

typedef struct waiting {
  dt__cut cut;
  struct waiting* next;
} waiting;

/* Frames that the device lost: they stand in the stream, and not in the recording. */
typedef struct gap {
  dt_frame at;
  dt_frame frames;
} gap;

struct dt__cutter {
  const char* db;
  dt__feed* feed;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t more;
  /* Under the lock. */
  waiting* first;
  waiting** last;
  char growing[DT_HOME_PATH]; /* "" none */
  dt_frame heard;
  bool is_over;
  /* The thread's own: a recording is read once, from one take to the next. */
  SNDFILE* sound;
  int rate_hz;
  char reading[DT_HOME_PATH];
  dt_frame file_at; /* frames of the recording that were read */
  gap gaps[GAPS_MAX];
  int gap_count;
};

/* ---- telling ---- */

static void tell(dt__cutter* cutter, dt_status written, const dt_buffer* fields) {
  if (written == DT_OK)
    dt__feed_put(cutter->feed, (const char*)fields->bytes, fields->size);
}

static void tell_kept(dt__cutter* cutter, int64_t number) {
  dt_buffer fields = {0};
  const dt__msg_sound message = {.take = number};
  tell(cutter, dt__msg_sound_write(&fields, &message), &fields);
  dt_buffer_clear(&fields);
}

static void tell_trouble(dt__cutter* cutter, int64_t number, const char* why) {
  char text[DT_ERROR_SENTENCE_MAX + 80];
  dt_buffer fields = {0};
  snprintf(text, sizeof text, "Take %" PRId64 " is kept, but not its sound: %s", number, why);
  const dt__msg_trouble message = {.text = text};
  tell(cutter, dt__msg_trouble_write(&fields, &message), &fields);
  dt_buffer_clear(&fields);
}

/* ---- the recording ---- */

static void close_recording(dt__cutter* cutter) {
  if (cutter->sound)
    sf_close(cutter->sound);
  cutter->sound = NULL;
  cutter->reading[0] = '\0';
}

/* False where the name is too long. */
static bool name_in(char path[DT_HOME_PATH], const char* folder, const char* name) {
  const int length = snprintf(path, DT_HOME_PATH, "%s/%s", folder, name);
  return length > 0 && length < DT_HOME_PATH;
}

/* "gap AT FRAMES" among the other lines. */
static void read_gaps(dt__cutter* cutter, const char* folder) {
  char path[DT_HOME_PATH];
  char line[LINE_BYTES];
  cutter->gap_count = 0;
  FILE* file = name_in(path, folder, "events.txt") ? fopen(path, "r") : NULL;
  while (file && fgets(line, sizeof line, file) && cutter->gap_count < GAPS_MAX) {
    char* end = NULL;
    if (strncmp(line, "gap ", 4) != 0 || !strchr(line, '\n'))
      continue;
    const long long at = strtoll(line + 4, &end, 10);
    const long long frames = strtoll(end, &end, 10);
    if (*end == '\n' && at >= 0 && frames > 0)
      cutter->gaps[cutter->gap_count++] = (gap){at, frames};
  }
  if (file)
    fclose(file);
}

static dt_status open_recording(dt__cutter* cutter, const char* folder, dt_error* err) {
  char path[DT_HOME_PATH];
  SF_INFO about = {0};
  close_recording(cutter);
  if (name_in(path, folder, "sound.flac"))
    cutter->sound = sf_open(path, SFM_READ, &about);
  if (!cutter->sound || about.channels != 1)
    return dt_fail(err, DT_IO, "The recording of the session cannot be read");
  snprintf(cutter->reading, sizeof cutter->reading, "%s", folder);
  cutter->rate_hz = about.samplerate;
  cutter->file_at = 0;
  return DT_OK;
}

/* Frames of the stream before `at` that were lost, and the end of a gap that `at` is in (0: it is
 * in none). */
static dt_frame lost_before(const dt__cutter* cutter, dt_frame at, dt_frame* gap_end) {
  dt_frame lost = 0;
  *gap_end = 0;
  for (int i = 0; i < cutter->gap_count && cutter->gaps[i].at <= at; i++) {
    const gap* one = &cutter->gaps[i];
    if (at < one->at + one->frames)
      *gap_end = one->at + one->frames;
    lost += at - one->at < one->frames ? at - one->at : one->frames;
  }
  return lost;
}

static dt_frame next_gap(const dt__cutter* cutter, dt_frame at) {
  for (int i = 0; i < cutter->gap_count; i++)
    if (cutter->gaps[i].at > at)
      return cutter->gaps[i].at;
  return INT64_MAX;
}

/* Whole numbers, as the session wrote them (engine/journal.c). */
static dt_frame read_frames(dt__cutter* cutter, float* samples, dt_frame count) {
  int whole[BLOCK];
  const dt_frame got = sf_readf_int(cutter->sound, whole, count);
  for (dt_frame i = 0; i < got; i++)
    samples[i] = (float)(whole[i] / 256) / 8388608.0F;
  if (got > 0)
    cutter->file_at += got;
  return got > 0 ? got : 0;
}

/* Up to where the recording is to be read next. False: it ends before. */
static bool skip_to(dt__cutter* cutter, dt_frame file_at) {
  float unused[BLOCK];
  while (cutter->file_at < file_at) {
    const dt_frame left = file_at - cutter->file_at;
    if (read_frames(cutter, unused, left < BLOCK ? left : BLOCK) == 0)
      return false;
  }
  return true;
}

typedef struct cutting {
  dt__cutter* cutter;
  const dt__cut* cut;
  dt_frame found; /* frames that were in the recording */
} cutting;

/* What the device lost, and what the disk did not take, is silence. */
static bool fill(void* context, float* samples, size_t frame_count, dt_frame position) {
  cutting* c = context;
  dt__cutter* cutter = c->cutter;
  const dt_frame all = (dt_frame)frame_count;
  memset(samples, 0, frame_count * sizeof *samples);
  for (dt_frame done = 0; done < all;) {
    const dt_frame at = c->cut->from + position + done;
    dt_frame gap_end = 0;
    const dt_frame file_at = at - lost_before(cutter, at, &gap_end);
    const dt_frame limit = gap_end > 0 ? gap_end : next_gap(cutter, at);
    dt_frame count = limit - at < all - done ? limit - at : all - done;
    count = count < BLOCK ? count : BLOCK;
    if (gap_end == 0 && at >= 0 && skip_to(cutter, file_at))
      c->found += read_frames(cutter, samples + done, count);
    done += count;
  }
  return true;
}

static dt_status cut_out(dt__cutter* cutter, const dt__cut* cut, const char* sound,
                         const char* wave, dt_error* err) {
  dt_frame gap_end = 0;
  bool is_flac = false;
  cutting c = {.cutter = cutter, .cut = cut};
  read_gaps(cutter, cut->folder);
  const dt_frame file_at = cut->from - lost_before(cutter, cut->from, &gap_end);
  dt_status status = DT_OK;
  if (strcmp(cutter->reading, cut->folder) != 0 || file_at < cutter->file_at)
    status = open_recording(cutter, cut->folder, err);
  if (status == DT_OK)
    status = dt_sound_write(sound, cutter->rate_hz, cut->to - cut->from, fill, &c, err);
  if (status == DT_OK && c.found == 0)
    status = dt_fail(err, DT_IO, "it was not recorded");
  if (c.found < cut->to - cut->from)
    close_recording(cutter); /* its end was read: what grows behind it would not be seen */
  if (status == DT_OK)
    status = dt__prepare_sound(sound, wave, "", &is_flac, NULL, NULL, err);
  return status;
}

static void work_on(dt__cutter* cutter, const dt__cut* cut) {
  char sound[DT_HOME_PATH];
  char wave[DT_HOME_PATH];
  dt_error err = {0};
  dt_status status = DT_OK;
  if (!dt_home_beside(sound, sizeof sound, cutter->db, "sounds/cut.flac") ||
      !dt_home_beside(wave, sizeof wave, cutter->db, "sounds/cut.wave"))
    status = dt_fail(&err, DT_NOT_FOUND, "there is no home folder for it (HOME is not set)");
  else if (!dt_home_make_folders(sound))
    status = dt_fail(&err, DT_IO, "the folder of sounds cannot be made: %s", strerror(errno));
  if (status == DT_OK)
    status = cut_out(cutter, cut, sound, wave, &err);
  if (status == DT_OK)
    status = dt__keep_sound(cutter->db, cut->number, sound, wave, &err);
  if (status == DT_OK) {
    tell_kept(cutter, cut->number);
    return;
  }
  unlink(sound);
  unlink(wave);
  tell_trouble(cutter, cut->number, err.sentence);
}

/* ---- the thread ---- */

static bool is_ready(const dt__cutter* cutter, const dt__cut* cut) {
  return strcmp(cutter->growing, cut->folder) != 0 || cutter->heard >= cut->to + BEHIND;
}

static void* run(void* context) {
  dt__cutter* cutter = context;
  dt__background();
  pthread_mutex_lock(&cutter->lock);
  for (;;) {
    waiting* next = cutter->first;
    if (cutter->is_over && !next)
      break;
    if (!next || (!cutter->is_over && !is_ready(cutter, &next->cut))) {
      pthread_cond_wait(&cutter->more, &cutter->lock);
      continue;
    }
    cutter->first = next->next;
    if (!cutter->first)
      cutter->last = &cutter->first;
    pthread_mutex_unlock(&cutter->lock);
    work_on(cutter, &next->cut);
    free(next);
    pthread_mutex_lock(&cutter->lock);
  }
  pthread_mutex_unlock(&cutter->lock);
  close_recording(cutter);
  return NULL;
}

dt__cutter* dt__cutter_new(const char* db, dt__feed* feed) {
  dt__cutter* cutter = calloc(1, sizeof *cutter);
  if (!cutter)
    return NULL;
  cutter->db = db;
  cutter->feed = feed;
  cutter->last = &cutter->first;
  pthread_mutex_init(&cutter->lock, NULL);
  pthread_cond_init(&cutter->more, NULL);
  if (pthread_create(&cutter->thread, NULL, run, cutter) == 0)
    return cutter;
  pthread_mutex_destroy(&cutter->lock);
  pthread_cond_destroy(&cutter->more);
  free(cutter);
  return NULL;
}

void dt__cutter_free(dt__cutter* cutter) {
  if (!cutter)
    return;
  pthread_mutex_lock(&cutter->lock);
  cutter->is_over = true;
  pthread_cond_signal(&cutter->more);
  pthread_mutex_unlock(&cutter->lock);
  pthread_join(cutter->thread, NULL);
  pthread_mutex_destroy(&cutter->lock);
  pthread_cond_destroy(&cutter->more);
  free(cutter);
}

bool dt__cutter_put(dt__cutter* cutter, const dt__cut* cut) {
  waiting* more = calloc(1, sizeof *more);
  if (!more)
    return false;
  more->cut = *cut;
  pthread_mutex_lock(&cutter->lock);
  *cutter->last = more;
  cutter->last = &more->next;
  pthread_cond_signal(&cutter->more);
  pthread_mutex_unlock(&cutter->lock);
  return true;
}

void dt__cutter_follow(dt__cutter* cutter, const char* folder, dt_frame heard) {
  pthread_mutex_lock(&cutter->lock);
  snprintf(cutter->growing, sizeof cutter->growing, "%s", folder ? folder : "");
  cutter->heard = heard;
  pthread_cond_signal(&cutter->more);
  pthread_mutex_unlock(&cutter->lock);
}
