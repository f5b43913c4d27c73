#include <math.h>
#include <string.h>

#include "api_internal.h"
#include "dt/home.h"
#include "kept_sound.h"

/* The number of a take, whether it is in the history or not; 0: refused. */
static int64_t number_of(const dt__parts* parts, dt__reply* reply) {
  const int64_t number = dt__path_number(parts->at[0]);
  if (number <= 0)
    dt__refuse(reply, 404, "A take has a number, not '%s'", dt__show(parts->at[0]).text);
  return number;
}

void dt__answer_sound(dt__api* api, const dt__request* request, const dt__parts* parts,
                      dt__reply* reply) {
  char path[DT_HOME_PATH];
  const int64_t number = number_of(parts, reply);
  (void)request;
  if (number <= 0)
    return;
  if (!dt__kept_sound(api->db, number, path, sizeof path, &reply->type)) {
    dt__refuse(reply, 404, "No sound of take %lld is kept", (long long)number);
    return;
  }
  reply->file = strdup(path);
  reply->status = 200;
  if (!reply->file)
    dt__reply_full(reply);
}

void dt__answer_wave(dt__api* api, const dt__request* request, const dt__parts* parts,
                     dt__reply* reply) {
  dt__wave_range range = {.to_s = (double)NAN};
  dt_error err = {0};
  int64_t points = 2000;
  const int64_t number = number_of(parts, reply);
  if (number <= 0 || !dt__query_number(request, "from_s", 0, 1e6, 0, &range.from_s, reply) ||
      !dt__query_number(request, "to_s", 0, 1e6, (double)NAN, &range.to_s, reply) ||
      !dt__query_int(request, "points", 1, 20000, 2000, &points, reply))
    return;
  if (range.to_s <= range.from_s) {
    dt__refuse(reply, 422, "to_s must come after from_s");
    return;
  }
  range.points = (int)points;
  const dt_status status = dt__kept_wave(api->db, number, range, &reply->body, &err);
  reply->status = 200;
  if (status == DT_BAD_DATA)
    dt__refuse(reply, 503, "%s", err.sentence);
  else if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
}
