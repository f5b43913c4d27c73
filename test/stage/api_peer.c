/*
 * The API without its server, for test_api.py: a request a line on standard input, "METHOD TARGET
 * SIZE" and SIZE bytes of body; the answer is "STATUS TYPE DOWNLOAD SIZE" and as many bytes. POST
 * /uploads goes the way of recordings.
 *
 *   api_peer DATABASE HOME
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "uploads.h"

static void send_file(const char* path, dt_buffer* body) {
  char block[4096];
  FILE* file = fopen(path, "rb");
  if (!file)
    return;
  for (size_t got = fread(block, 1, sizeof block, file); got > 0;
       got = fread(block, 1, sizeof block, file))
    if (dt_sink_write(dt_buffer_sink(body), block, got) != DT_OK)
      break;
  fclose(file);
}

static void answer(dt__api* api, const dt__request* request, dt__reply* reply) {
  if (strcmp(request->method, "POST") != 0 || strcmp(request->path, "/uploads") != 0) {
    dt__api_answer(api, request, reply);
    return;
  }
  dt__upload* upload = dt__upload_begin(api, request, request->body_size, reply);
  if (!upload)
    return;
  (void)dt__upload_data(upload, request->body, request->body_size);
  dt__upload_end(upload, reply);
}

int main(int argc, char** argv) {
  char line[4096];
  dt__api* api = NULL;
  dt_error err = {0};
  if (argc != 3)
    return 2;
  const dt__api_config config = {.db = argv[1], .home = argv[2], .player = "Ana"};
  if (dt__api_new(&api, &config, &err) != DT_OK)
    return 1;
  while (fgets(line, sizeof line, stdin)) {
    char* method = strtok(line, " \n");
    char* target = strtok(NULL, " \n");
    char* size = strtok(NULL, " \n");
    if (!method || !target || !size)
      break;
    char* mark = strchr(target, '?');
    const size_t body_size = (size_t)strtoull(size, NULL, 10);
    unsigned char* body = malloc(body_size + 1);
    if (!body || fread(body, 1, body_size, stdin) != body_size) {
      free(body);
      break;
    }
    if (mark)
      *mark = '\0';
    const dt__request request = {.method = method,
                                 .path = target,
                                 .query = mark ? mark + 1 : "",
                                 .body = body,
                                 .body_size = body_size};
    dt__reply reply = {0};
    answer(api, &request, &reply);
    if (reply.file)
      send_file(reply.file, &reply.body);
    printf("%d\t%s\t%s\t%zu\n", reply.status, reply.type ? reply.type : "application/json",
           reply.download, reply.body.size);
    fwrite(reply.body.bytes, 1, reply.body.size, stdout);
    fflush(stdout);
    dt_buffer_clear(&reply.body);
    free(reply.file);
    free(body);
  }
  dt__api_free(api);
  return 0;
}
