#include "jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "background.h"

typedef struct job {
  struct job* next;
  void* owner; /* NULL: forgotten */
  dt__request request;
  dt__reply reply;
  char text[]; /* method, path and query */
} job;

typedef struct line {
  job* first;
  job** last;
} line;

struct dt__jobs {
  dt__api* api; /* the thread's, once it runs */
  void (*wake)(void* context);
  void* context;
  pthread_t thread;
  bool has_thread;
  pthread_mutex_t lock;
  pthread_cond_t more;
  /* Under the lock. */
  line waiting;
  job* working;
  line done;
  int count; /* of all of them */
  bool is_over;
};

/* ---- lines ---- */

static void begin_line(line* of) {
  of->first = NULL;
  of->last = &of->first;
}

static void append(line* to, job* one) {
  one->next = NULL;
  *to->last = one;
  to->last = &one->next;
}

static job* take_first(line* from) {
  job* one = from->first;
  if (!one)
    return NULL;
  from->first = one->next;
  if (!from->first)
    from->last = &from->first;
  return one;
}

static void free_job(job* one) {
  dt_buffer_clear(&one->reply.body);
  free(one->reply.file);
  free(one);
}

static void disown(line* in, const void* owner) {
  for (job* one = in->first; one; one = one->next)
    if (one->owner == owner)
      one->owner = NULL;
}

/* ---- the thread ---- */

static void* run(void* context) {
  dt__jobs* jobs = context;
  dt__background();
  pthread_mutex_lock(&jobs->lock);
  while (!jobs->is_over) {
    jobs->working = take_first(&jobs->waiting);
    if (!jobs->working) {
      pthread_cond_wait(&jobs->more, &jobs->lock);
      continue;
    }
    job* one = jobs->working;
    const bool is_wanted = one->owner != NULL;
    pthread_mutex_unlock(&jobs->lock);
    if (is_wanted)
      dt__api_answer(jobs->api, &one->request, &one->reply);
    pthread_mutex_lock(&jobs->lock);
    jobs->working = NULL;
    append(&jobs->done, one);
    pthread_mutex_unlock(&jobs->lock);
    jobs->wake(jobs->context);
    pthread_mutex_lock(&jobs->lock);
  }
  pthread_mutex_unlock(&jobs->lock);
  return NULL;
}

/* ---- the server's thread ---- */

dt_status dt__jobs_new(dt__jobs** made, const dt__api_config* config, void (*wake)(void* context),
                       void* context, dt_error* err) {
  *made = NULL;
  dt__jobs* jobs = calloc(1, sizeof *jobs);
  if (!jobs)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the server");
  const dt_status status = dt__api_new(&jobs->api, config, err);
  if (status != DT_OK) {
    free(jobs);
    return status;
  }
  jobs->wake = wake;
  jobs->context = context;
  begin_line(&jobs->waiting);
  begin_line(&jobs->done);
  pthread_mutex_init(&jobs->lock, NULL);
  pthread_cond_init(&jobs->more, NULL);
  jobs->has_thread = pthread_create(&jobs->thread, NULL, run, jobs) == 0;
  if (!jobs->has_thread) {
    dt__jobs_free(jobs);
    return dt_fail(err, DT_NO_MEMORY, "No thread can be made");
  }
  *made = jobs;
  return DT_OK;
}

void dt__jobs_end(dt__jobs* jobs) {
  if (!jobs || !jobs->has_thread)
    return;
  pthread_mutex_lock(&jobs->lock);
  jobs->is_over = true;
  pthread_cond_signal(&jobs->more);
  pthread_mutex_unlock(&jobs->lock);
  pthread_join(jobs->thread, NULL);
  jobs->has_thread = false;
}

void dt__jobs_free(dt__jobs* jobs) {
  job* one = NULL;
  if (!jobs)
    return;
  while ((one = take_first(&jobs->waiting)) || (one = take_first(&jobs->done)))
    free_job(one);
  dt__api_free(jobs->api);
  pthread_mutex_destroy(&jobs->lock);
  pthread_cond_destroy(&jobs->more);
  free(jobs);
}

static bool ends_with(const char* text, const char* end) {
  const size_t length = strlen(text);
  const size_t size = strlen(end);
  return length >= size && strcmp(text + length - size, end) == 0;
}

bool dt__jobs_is_long(const char* method, const char* path) {
  if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
    return false;
  return strcmp(path, "/compare") == 0 || strcmp(path, "/devices") == 0 ||
         (strncmp(path, "/takes/", 7) == 0 && ends_with(path, "/page"));
}

/* Copies a text behind *at, which moves on. */
static const char* keep_text(char** at, const char* text) {
  char* place = *at;
  const size_t size = strlen(text) + 1;
  memcpy(place, text, size);
  *at += size;
  return place;
}

bool dt__jobs_put(dt__jobs* jobs, const dt__request* request, void* owner) {
  const size_t size = strlen(request->method) + strlen(request->path) + strlen(request->query) + 3;
  job* one = jobs->count < DT__JOBS_MAX ? calloc(1, sizeof *one + size) : NULL;
  if (!one)
    return false;
  char* at = one->text;
  one->owner = owner;
  one->request.method = keep_text(&at, request->method);
  one->request.path = keep_text(&at, request->path);
  one->request.query = keep_text(&at, request->query);
  pthread_mutex_lock(&jobs->lock);
  append(&jobs->waiting, one);
  jobs->count++;
  pthread_cond_signal(&jobs->more);
  pthread_mutex_unlock(&jobs->lock);
  return true;
}

void* dt__jobs_take(dt__jobs* jobs, dt__reply* reply) {
  void* owner = NULL;
  while (!owner) {
    pthread_mutex_lock(&jobs->lock);
    job* one = take_first(&jobs->done);
    jobs->count -= one != NULL;
    pthread_mutex_unlock(&jobs->lock);
    if (!one)
      return NULL;
    owner = one->owner;
    if (owner) {
      *reply = one->reply;
      memset(&one->reply, 0, sizeof one->reply);
    }
    free_job(one);
  }
  return owner;
}

void dt__jobs_forget(dt__jobs* jobs, const void* owner) {
  pthread_mutex_lock(&jobs->lock);
  disown(&jobs->waiting, owner);
  disown(&jobs->done, owner);
  if (jobs->working && jobs->working->owner == owner)
    jobs->working->owner = NULL;
  pthread_mutex_unlock(&jobs->lock);
}
