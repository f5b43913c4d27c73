#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "listen.h"
#include "terminal.h"

#define LOOK_NS 100000000L /* how often the main thread looks at the others: 0.1 s */

typedef struct run {
  const dt__listen_settings* settings;
  const dt__globals* globals;
  dt__listen_list* list;
  dt__progress progress; /* the main thread's own, as all that is said is */
  bool is_alone;         /* the main thread hears too: there is no other */
  size_t said;           /* jobs whose failure was said, or that had none */

  pthread_mutex_t lock;
  pthread_cond_t has_news;
  size_t next; /* job to be taken */
  size_t done; /* jobs that are finished */
  bool stop;
} run;

static double share_done(const run* r, double* heard_s) {
  double done = 0;
  double all = 0;
  *heard_s = 0;
  for (size_t i = 0; i < r->list->count; ++i) {
    const dt__listen_job* job = &r->list->jobs[i];
    all += job->weight;
    done += job->weight * (job->is_done ? 1 : job->part_done);
    *heard_s += job->heard_s;
  }
  return all > 0 ? done / all : 0;
}

static void length_text(char* text, size_t size, double length_s) {
  const long seconds = length_s < 1e9 ? (long)length_s : 999999999L;
  if (seconds < 60)
    snprintf(text, size, "%ld s", seconds);
  else if (seconds < 3600)
    snprintf(text, size, "%ld min %02ld s", seconds / 60, seconds % 60);
  else
    snprintf(text, size, "%ld h %02ld min", seconds / 3600, seconds / 60 % 60);
}

/* "Listening  12 of 64 files   38 %  214 x real time  1 min 12 s left"; with the lock held. */
static void show(run* r) {
  char files[48] = "";
  char left[40] = "";
  char line[160];
  double heard_s = 0;
  const double elapsed_s = dt__progress_seconds(&r->progress);
  const double share = share_done(r, &heard_s);
  if (!r->progress.enabled || elapsed_s <= 1)
    return;
  if (r->list->count > 1)
    snprintf(files, sizeof files, "  %zu of %zu files", r->done, r->list->count);
  if (share > 0.01) {
    length_text(left, sizeof left - 8, elapsed_s * (1 - share) / share + 1);
    strcat(left, " left");
  }
  snprintf(line, sizeof line, "Listening%s  %3.0f %%  %.0f x real time  %s", files, 100 * share,
           heard_s / elapsed_s, left);
  line[79] = '\0';
  dt__progress_say(&r->progress, line);
}

/* The failures of finished jobs, up to the first that is not finished; with the lock held. */
static void say_failures(run* r) {
  for (; r->said < r->list->count && r->list->jobs[r->said].is_done; ++r->said) {
    const dt__listen_job* job = &r->list->jobs[r->said];
    if (job->status == DT_OK || r->stop)
      continue;
    dt__progress_end(&r->progress);
    const char* culprit = job->is_output_at_fault && job->output ? job->output : job->input;
    dt__world_error(culprit, job->status, &job->err);
  }
}

static bool tell(void* context, dt__listen_job* job, double part_done, double heard_s) {
  run* r = context;
  pthread_mutex_lock(&r->lock);
  job->part_done = part_done;
  job->heard_s = heard_s;
  if (r->is_alone) {
    r->stop = dt__stop_asked();
    show(r);
  }
  const bool stop = r->stop;
  pthread_mutex_unlock(&r->lock);
  return !stop;
}

/* The next job that is not done already; NULL when there is none. */
static dt__listen_job* take_job(run* r) {
  dt__listen_job* job = NULL;
  pthread_mutex_lock(&r->lock);
  while (job == NULL && !r->stop && r->next < r->list->count)
    if (!r->list->jobs[r->next++].is_done)
      job = &r->list->jobs[r->next - 1];
  pthread_mutex_unlock(&r->lock);
  return job;
}

static void finish_job(run* r, dt__listen_job* job) {
  pthread_mutex_lock(&r->lock);
  job->is_done = true;
  ++r->done;
  if (r->is_alone)
    say_failures(r);
  pthread_cond_signal(&r->has_news);
  pthread_mutex_unlock(&r->lock);
}

static void* work(void* context) {
  run* r = context;
  for (dt__listen_job* job = take_job(r); job != NULL; job = take_job(r)) {
    dt__listen_hear(r->settings, job, (dt__listen_news){tell, r});
    finish_job(r, job);
  }
  return NULL;
}

/* Ctrl-C is the main thread's business. */
static int start_threads(run* r, pthread_t* threads, int wanted) {
  sigset_t stops;
  sigset_t before;
  int count = 0;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  while (count < wanted && pthread_create(&threads[count], NULL, work, r) == 0)
    ++count;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return count;
}

static void wait_a_moment(run* r) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += LOOK_NS;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  pthread_cond_timedwait(&r->has_news, &r->lock, &until);
}

static void watch(run* r) {
  pthread_mutex_lock(&r->lock);
  while (r->done < r->list->count && !r->stop) {
    wait_a_moment(r);
    r->stop = dt__stop_asked();
    say_failures(r);
    show(r);
  }
  pthread_mutex_unlock(&r->lock);
}

static void work_with(run* r, int thread_count) {
  pthread_t* threads = thread_count > 1 ? malloc((size_t)thread_count * sizeof *threads) : NULL;
  const int count = threads != NULL ? start_threads(r, threads, thread_count) : 0;
  if (count > 0) {
    watch(r);
  } else {
    r->is_alone = true;
    work(r);
  }
  for (int i = 0; i < count; ++i)
    pthread_join(threads[i], NULL);
  free(threads);
}

typedef struct summary {
  size_t written;
  size_t failed;
  size_t left;
  size_t strokes;
  double heard_s;
  const char* first_left;
} summary;

static summary sum_up(const dt__listen_list* list) {
  summary all = {0};
  for (size_t i = list->count; i-- > 0;) {
    const dt__listen_job* job = &list->jobs[i];
    if (job->is_left) {
      ++all.left;
      all.first_left = job->output;
    } else if (job->is_done && job->status == DT_OK) {
      ++all.written;
      all.strokes += job->stroke_count;
      all.heard_s += job->heard_s;
    } else {
      ++all.failed;
    }
  }
  return all;
}

static int say_stopped(const summary* all, size_t count) {
  if (count == 1)
    return dt__stopped_status();
  dt__complain("stopped; %zu of %zu files are written, nothing unfinished was kept", all->written,
               count);
  return dt__stop_number();
}

static int say_end(const run* r, const summary* all) {
  const size_t count = r->list->count;
  char length[40];
  length_text(length, sizeof length, all->heard_s);
  if (r->stop && all->written + all->left < count)
    return say_stopped(all, count);
  if (count > 1 && all->written > 0)
    dt__note(r->globals, "%zu strokes in %zu file%s, %s, %.0f x real time", all->strokes,
             all->written, all->written == 1 ? "" : "s", length,
             all->heard_s / dt__progress_seconds(&r->progress));
  if (count == 1 && all->left > 0)
    dt__complain("%s: It is there already; --force replaces it", all->first_left);
  else if (all->left > 0)
    dt__complain("%zu of %zu outputs were there already and stay as they are (%s%s); --force "
                 "replaces them",
                 all->left, count, all->first_left, all->left > 1 ? ", ..." : "");
  if (count > 1 && all->failed > 0)
    dt__complain("%zu of %zu files failed", all->failed, count);
  return all->failed + all->left > 0 ? DT__FAILED : DT__DONE;
}

int dt__listen_run(const dt__listen_settings* settings, dt__listen_list* list, int thread_count,
                   const dt__globals* globals) {
  run r = {.settings = settings, .globals = globals, .list = list};
  pthread_condattr_t monotonic;
  pthread_mutex_init(&r.lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&r.has_news, &monotonic);
  pthread_condattr_destroy(&monotonic);
  for (size_t i = 0; i < list->count; ++i)
    r.done += list->jobs[i].is_done;
  const size_t to_do = list->count - r.done;
  r.progress = dt__progress_begin(globals, "Listening");
  dt__mute_libraries();
  work_with(&r, (size_t)thread_count < to_do ? thread_count : (int)to_do);
  say_failures(&r);
  dt__progress_end(&r.progress);
  dt__unmute_libraries();
  pthread_cond_destroy(&r.has_news);
  pthread_mutex_destroy(&r.lock);
  const summary all = sum_up(list);
  return say_end(&r, &all);
}
