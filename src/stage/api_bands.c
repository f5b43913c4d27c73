#include <string.h>

#include "api_internal.h"
#include "dt/backing.h"
#include "dt/home_bands.h"
#include "dt/session.h"

/* Bars of a file in 4/4 where it tells no metre itself; the chart is not known here. */
static dt_status look_into(const void* bytes, size_t size, int* bars, dt_error* err) {
  dt_backing* backing = NULL;
  const dt_meter meter = {.numerator = 4, .denominator = 4};
  const dt_status status = dt_backing_new(&backing, NULL, bytes, size, meter, err);
  *bars = status == DT_OK ? dt_backing_bars(backing) : 0;
  dt_backing_free(backing);
  return status;
}

static void put_line(dt_json* json, const char* key, const char* name, int bars) {
  dt_json_begin_object(json, key);
  dt_json_string(json, "name", name);
  dt_json_int(json, "bars", bars);
  dt_json_end_object(json);
}

/* What is no MIDI file any more is passed over. */
static dt_status put_all(const dt__api* api, dt_json* json, dt_error* err) {
  dt_home_name* names = NULL;
  size_t count = 0;
  const dt_status status = dt_home_band_names(&names, &count, api->home, err);
  for (size_t i = 0; i < count; i++) {
    dt_buffer bytes = {0};
    dt_error why = {0};
    int bars = 0;
    if (dt_home_band_read(&bytes, api->home, names[i], &why) == DT_OK &&
        look_into(bytes.bytes, bytes.size, &bars, &why) == DT_OK)
      put_line(json, NULL, names[i], bars);
    dt_buffer_clear(&bytes);
  }
  dt_release(NULL, names, count * sizeof *names);
  return status;
}

void dt__answer_bands(dt__api* api, const dt__request* request, const dt__parts* parts,
                      dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  dt_error err = {0};
  char path[DT_HOME_PATH];
  (void)request;
  (void)parts;
  const bool can_play = api->soundfont || dt_soundfont_find(path, sizeof path);
  dt_json_begin_object(&json, NULL);
  dt_json_begin_array(&json, "bands");
  const dt_status status = put_all(api, &json, &err);
  dt_json_end_array(&json);
  dt_json_string(&json, "given", api->band ? dt_home_file_name(api->band) : NULL);
  dt_json_bool(&json, "can_play", can_play);
  dt_json_string(&json, "text",
                 can_play ? NULL
                          : "There is no SoundFont for it to play with (Debian: "
                            "timgm6mb-soundfont).");
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
}

void dt__answer_band_put(dt__api* api, const dt__request* request, const dt__parts* parts,
                         dt__reply* reply) {
  dt_error err = {0};
  int bars = 0;
  if (!dt_home_band_name(parts->at[0])) {
    dt__refuse(reply, 422,
               "A band's name has 1 to 47 of a-z, 0-9, - and _, and begins with a letter or digit; "
               "it is not none");
    return;
  }
  dt_status status = look_into(request->body, request->body_size, &bars, &err);
  if (status == DT_OK)
    status = dt_home_band_keep(api->home, parts->at[0], request->body, request->body_size, &err);
  if (status != DT_OK) {
    dt__refuse_error(reply, status, &err);
    return;
  }
  dt_json json = dt__reply_json(reply);
  put_line(&json, NULL, parts->at[0], bars);
  dt__reply_end(reply, &json);
}

void dt__answer_band_delete(dt__api* api, const dt__request* request, const dt__parts* parts,
                            dt__reply* reply) {
  dt_error err = {0};
  (void)request;
  const dt_status status = dt_home_band_remove(api->home, parts->at[0], &err);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  else
    reply->status = 204;
}
