#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "listen.h"
#include "terminal.h"

#define LOOK_NS 100000000L /* how often the main thread looks at the others: 0.1 s */

typedef struct run {
  const dt__listen_settings* settings;
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

/* The failures of finished jobs, up to the first that is not finished; with the lock held. */
static void say_failures(run* r) {
  for (; r->said < r->list->count && r->list->jobs[r->said].is_done; ++r->said) {
    const dt__listen_job* job = &r->list->jobs[r->said];
    if (job->status == DT_OK || r->stop)
      continue;
    dt__progress_end(&r->progress);
    dt__listen_complain(job);
  }
}

static bool tell(void* context, dt__listen_job* job, double part_done, double heard_s) {
  run* r = context;
  pthread_mutex_lock(&r->lock);
  job->part_done = part_done;
  job->heard_s = heard_s;
  if (r->is_alone) {
    r->stop = dt__stop_asked();
    dt__listen_show(r->list, r->done, &r->progress);
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
    dt__listen_show(r->list, r->done, &r->progress);
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

int dt__listen_run(const dt__listen_settings* settings, dt__listen_list* list, int thread_count,
                   const dt__globals* globals) {
  run r = {.settings = settings, .list = list};
  pthread_condattr_t monotonic;
  pthread_mutex_init(&r.lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&r.has_news, &monotonic);
  pthread_condattr_destroy(&monotonic);
  for (size_t i = 0; i < list->count; ++i)
    if (list->jobs[i].is_done) {
      list->jobs[i].weight = 0; /* nothing to wait for */
      ++r.done;
    }
  const size_t to_do = list->count - r.done;
  r.progress = dt__progress_begin(globals, "Listening");
  dt__mute_libraries();
  work_with(&r, (size_t)thread_count < to_do ? thread_count : (int)to_do);
  say_failures(&r);
  const double elapsed_s = dt__progress_seconds(&r.progress);
  dt__progress_end(&r.progress);
  dt__unmute_libraries();
  pthread_cond_destroy(&r.has_news);
  pthread_mutex_destroy(&r.lock);
  return dt__listen_end(list, settings->kind->counted, r.stop, elapsed_s, globals);
}
