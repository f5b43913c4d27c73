#ifndef DT_STAGE_JOBS_H
#define DT_STAGE_JOBS_H

#include "api.h"

/*
 * Answers that take long: judging again, asking the sound devices. They are made one after the
 * other in a thread of their own, with a view of the database of its own, and the server goes on
 * meanwhile. All functions are the server's thread's.
 */
typedef struct dt__jobs dt__jobs;

#define DT__JOBS_MAX 64 /* waiting at once */

/* wake(context) is called from the jobs' thread after each one. Errors as dt__api_new. */
dt_status dt__jobs_new(dt__jobs** jobs, const dt__api_config* config, void (*wake)(void* context),
                       void* context, dt_error* err) DT_NODISCARD;

/* Ends the thread; what waits is not made. */
void dt__jobs_end(dt__jobs* jobs);
/* After dt__jobs_end. NULL is allowed. */
void dt__jobs_free(dt__jobs* jobs);

/* Does this request belong here? path: below /api/v1. */
bool dt__jobs_is_long(const char* method, const char* path);

/* Copies the request; the answer will be owner's. False: too many wait, or no memory. */
bool dt__jobs_put(dt__jobs* jobs, const dt__request* request, void* owner);

/* Whose answer is ready: it is moved into *reply (which is empty). NULL: none is. */
void* dt__jobs_take(dt__jobs* jobs, dt__reply* reply);

/* Owner wants it no more. */
void dt__jobs_forget(dt__jobs* jobs, const void* owner);

#endif
